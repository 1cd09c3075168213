import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { arrivalTimesMs, makeKnownStars } from '../../../ops/bench/arrivals.ts'
import { decode, readSurvey, toObservation } from '../../../schemas/index.ts'

test('arrivals come in order, at the rate asked for, and wait for one another as independent ones do', () => {
  const count = 20_000
  const times = arrivalTimesMs(count, 50, 3)
  const gaps = Array.from(times, (time, i) => time - (i === 0 ? 0 : times[i - 1]))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / count
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / count)
  // Exponential: the deviation is the mean, 20 ms; five standard errors of each, one false alarm in a million.
  expect(Math.abs(mean - 20)).toBeLessThan((5 * 20) / Math.sqrt(count))
  expect(Math.abs(deviation - 20)).toBeLessThan((5 * 20 * Math.SQRT2) / Math.sqrt(count))
  expect([...arrivalTimesMs(5, 50, 3)]).toEqual([...times.slice(0, 5)])
})

test('each new record is a sound row of another star that the first table holds', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const { table, news } = await makeKnownStars(folder, 200, 5)
  expect(table.survey).toBe('twoMass')
  expect(new Set(news.map(({ starId }) => starId)).size).toBe(200)
  for (const { output, starId } of news) {
    const row = decode('rawRow', output.value ?? new Uint8Array())
    expect(`gaiaDr3:${row.cells.source_id}`).toBe(starId)
    expect(toObservation(readSurvey('gaiaDr3'), row, () => 0n)).toHaveProperty('observation')
  }
})
