import { expect, test } from 'vitest'
import type { AblationCell } from '../../../models/adaptation/ablationRun.ts'
import { seedMean, summarizeAblation } from '../../../models/adaptation/ablationSummary.ts'

const cellOf = (
  seed: number,
  condition: string,
  bias: number,
  covered68: number,
  simulatedScatter = 2,
): AblationCell => ({
  ...{ seed, condition, counts: { simulated: 1, real: 1, paired: 1 }, c2st: 0.5 + seed / 10 },
  sky: [{ name: 'x', bias, scatter: 0.5, covered68, covered90: 0.9 }],
  simulated: [{ name: 'x', bias: 0, scatter: simulatedScatter, covered68: 0.68, covered90: 0.8 }],
})

test('a mean over seeds and the spread of a seed', () => {
  expect(seedMean([1, 2, 6])).toEqual({ mean: 3, spread: Math.sqrt(7) })
  expect(seedMean([4])).toEqual({ mean: 4, spread: 0 })
  expect(() => seedMean([])).toThrow(RangeError)
})

test('shares are counted seed by seed', () => {
  const [none, adapted, oracle] = summarizeAblation([
    ...[cellOf(1, 'none', 1, 0.4), cellOf(1, 'pairs', -0.25, 0.6, 2.2), cellOf(1, 'oracle', 0, 0.68)],
    ...[cellOf(2, 'none', -2, 0.48), cellOf(2, 'pairs', 1.5, 0.38, 1.8), cellOf(2, 'oracle', 0, 0.68)],
  ])
  expect(none.biasWonBack?.mean).toBe(0)
  expect(oracle.coverageWonBack?.mean).toBe(1)
  // Of 1 / 0.5 scatters 0.75 are won back, of 2 / 0.5 a quarter; of coverage 0.2 of 0.28 and, for the worse, 0.1 of 0.2.
  expect(adapted.bias.mean).toBeCloseTo((0.5 + 3) / 2, 12)
  expect(adapted.biasWonBack?.mean).toBeCloseTo(0.5, 12)
  expect(adapted.biasWonBack?.spread).toBeCloseTo(Math.sqrt(0.125), 12)
  expect(adapted.eachWonBack[0].coverage).toBeCloseTo(0.2 / 0.28, 12)
  expect(adapted.eachWonBack[1].coverage).toBeCloseTo(-0.5, 12)
  expect(adapted.simulatedScatter.mean).toBeCloseTo(1, 12)
  expect(adapted.simulatedCoverage.mean).toBeCloseTo(0.05, 12)
  expect(adapted.c2st.mean).toBeCloseTo(0.65, 12)
  expect(adapted.sky[0].covered68.mean).toBeCloseTo(0.49, 12)
})

test('a seed without a gap has no share, one without a condition is refused', () => {
  const [none] = summarizeAblation([cellOf(1, 'none', 0, 0.68), cellOf(1, 'oracle', 0, 0.68)])
  expect(none.biasWonBack).toBeNull()
  expect(() =>
    summarizeAblation([cellOf(1, 'none', 0, 0.6), cellOf(1, 'oracle', 0, 0.6), cellOf(2, 'none', 0, 0.6)]),
  ).toThrow("seed 2 lacks 'oracle'")
})
