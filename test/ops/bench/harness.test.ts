import { expect, test } from 'vitest'
import {
  type Contender,
  describeMachine,
  readMemory,
  renderComparison,
  runInterleaved,
} from '../../../ops/bench/harness.ts'

test('contenders take turns, each round begins with another, and preparing is paired with finishing', async () => {
  const calls: string[] = []
  const contender = (name: string): Contender => ({
    name,
    prepare: () => void calls.push(`${name} prepare`),
    run: () => calls.push(`${name} run`),
    finish: () => void calls.push(`${name} finish`),
  })
  await runInterleaved([contender('a'), contender('b')], { unit: 'calls', rounds: 1, warmUps: 1 })
  const round = (name: string) => [`${name} prepare`, `${name} run`, `${name} finish`]
  expect(calls).toEqual([...round('a'), ...round('b'), ...round('b'), ...round('a')])
})

test('speeds are units by time, and the ratio is taken round by round', async () => {
  let nowNs = 0n
  const takes = (name: string, units: number, seconds: readonly number[]): Contender => {
    let round = 0
    return {
      name,
      run: () => {
        nowNs += BigInt(Math.round(seconds[round++ % seconds.length] * 1e9))
        return units
      },
    }
  }
  // In every second round the machine is three times slower, for both.
  const contenders = [takes('fast', 1000, [1, 3]), takes('slow', 100, [0.5, 1.5])]
  const comparison = await runInterleaved(contenders, { unit: 'things', rounds: 7, warmUps: 0, nowNs: () => nowNs })
  const third = 1000 / 3
  expect(comparison.results[0].unitsPerSecond).toEqual([1000, third, 1000, third, 1000, third, 1000])
  expect(comparison.results.map(result => result.median)).toEqual([1000, 200])
  expect(comparison.results[1]).toMatchObject({ low: 100 / 1.5, high: 200 })
  const [ratio] = comparison.ratios
  expect(ratio.to).toBe('slow')
  for (const value of [ratio.median, ratio.low, ratio.high]) expect(value).toBeCloseTo(5, 12)
  expect(renderComparison(comparison)).toMatch(/fast .*things\/s.*\nslow.*\nratio to slow: 5.00/)
})

test('a contender that times itself is believed', async () => {
  const contender = { name: 'own', run: () => ({ units: 30, seconds: 2 }) }
  const { results } = await runInterleaved([contender], { unit: 'things', rounds: 2, warmUps: 0 })
  expect(results[0].unitsPerSecond).toEqual([15, 15])
})

test('a contender that fails is finished, and its failure is not hidden', async () => {
  let isFinished = false
  const failing: Contender = {
    name: 'failing',
    run: () => {
      throw new RangeError('broken')
    },
    finish: () => {
      isFinished = true
    },
  }
  await expect(runInterleaved([failing], { unit: 'things', rounds: 1 })).rejects.toThrow('broken')
  expect(isFinished).toBe(true)
})

test('the machine and the memory are described by positive numbers', () => {
  const machine = describeMachine()
  expect(machine.cores).toBeGreaterThan(0)
  expect(machine.node).toBe(process.version)
  const { ownMiB, peakResidentMiB } = readMemory()
  expect(ownMiB).toBeGreaterThan(1)
  expect(peakResidentMiB).toBeGreaterThan(1)
})
