import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { binCountBand, ecdfAt, ecdfEnvelope } from '../../../models/calibration/ecdfEnvelope.ts'
import { createRng } from '../../../models/math/rng.ts'

interface BandCase {
  readonly rankCount: number
  readonly level: number
  readonly pointLevel: number
  readonly lower: readonly number[]
  readonly upper: readonly number[]
}

const cases: readonly BandCase[] = JSON.parse(
  readFileSync(new URL('../../golden/calibration/ecdfEnvelope.json', import.meta.url), 'utf8'),
)

for (const golden of cases) {
  test(`the ${golden.level} band of ${golden.rankCount} ranks agrees with the one ArviZ simulates`, () => {
    const band = ecdfEnvelope(golden.rankCount, golden.rankCount - 1, golden.level)
    // Counts are whole, so many point levels give one band; 100,000 simulations leave a noise of 0.0005 in theirs.
    expect(Math.abs(band.pointLevel - golden.pointLevel)).toBeLessThan(0.004)
    const apart = golden.lower.map((low, k) =>
      Math.max(Math.abs(low - band.lower[k]), Math.abs(golden.upper[k] - band.upper[k])),
    )
    expect(Math.max(...apart)).toBeLessThanOrEqual(1 / golden.rankCount + 1e-12)
  })
}

test('the stated chance to stay inside is the one found by simulation, for 500 ranks', () => {
  const band = ecdfEnvelope(500, 39, 0.95)
  expect(band.simultaneousLevel).toBeGreaterThanOrEqual(0.95)
  expect(band.simultaneousLevel).toBeLessThan(0.96)
  const rng = createRng(3)
  let inside = 0
  for (let repeat = 0; repeat < 4000; repeat++) {
    const curve = ecdfAt(
      Float64Array.from({ length: 500 }, () => rng.uniform()),
      band.points,
    )
    if (curve.every((value, k) => value >= band.lower[k] - 1e-12 && value <= band.upper[k] + 1e-12)) inside++
  }
  // Binomial noise is 0.0034; five of them: false alarm 1e-6.
  expect(Math.abs(inside / 4000 - band.simultaneousLevel)).toBeLessThan(0.017)
})

test('one point looked at is a plain binomial interval', () => {
  // 10 throws of a fair coin stay within 2 to 8 with chance 1002/1024.
  const band = ecdfEnvelope(10, 1, 0.95)
  expect(band.lower[0]).toBeCloseTo(0.2, 12)
  expect(band.upper[0]).toBeCloseTo(0.8, 12)
  expect(band.simultaneousLevel).toBeCloseTo(1002 / 1024, 12)
  expect(binCountBand(10, 2, 0.95)).toEqual([2, 8])
})

test('a distribution function counts ranks up to and with each point', () => {
  expect(Array.from(ecdfAt(Float64Array.of(0.9, 0.2, 0.5, 0.2), Float64Array.of(0.1, 0.2, 0.6, 1)))).toEqual([
    0, 0.5, 0.75, 1,
  ])
  expect(() => ecdfEnvelope(0, 10, 0.95)).toThrow(RangeError)
  expect(() => ecdfEnvelope(10, 10, 1)).toThrow(RangeError)
})
