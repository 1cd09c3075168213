import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { diagnoseRuns } from '../../../models/tasks/chainDiagnostics.ts'

const rng = createRng(1)
const runs = (count: number, of: (run: number, i: number) => number) =>
  Array.from({ length: count }, (_, r) => Float64Array.from({ length: 4000 }, (_, i) => of(r, i)))

test('independent draws agree, and count as about as many as they are', () => {
  const { worstRHat, leastEffectiveSize } = diagnoseRuns(
    runs(12, () => rng.normal()),
    2,
  )
  expect(worstRHat).toBeLessThan(1.003)
  // 24,000 rows; the smallest of four ratios of chi-squares of 11 degrees.
  expect(leastEffectiveSize).toBeGreaterThan(7000)
  expect(leastEffectiveSize).toBeLessThan(50_000)
})

test('a run that is shifted, one that is wider and one that drifts are seen, each in its column', () => {
  const shifted = diagnoseRuns(
    runs(8, (r, i) => rng.normal() + (r === 3 && i % 2 === 1 ? 1 : 0)),
    2,
  )
  expect(shifted.worstRHat).toBeGreaterThan(1.03)
  expect(shifted.worstColumn).toBe(1)
  expect(shifted.leastEffectiveSize).toBeLessThan(100)
  const wider = diagnoseRuns(
    runs(8, (r, i) => rng.normal() * (r === 3 && i % 2 === 0 ? 3 : 1)),
    2,
  )
  expect(wider.worstRHat).toBeGreaterThan(1.03)
  expect(wider.worstColumn).toBe(0)
  const drifting = diagnoseRuns(
    runs(8, (_, i) => rng.normal() + i / 2000),
    1,
  )
  expect(drifting.worstRHat).toBeGreaterThan(1.1)
})

test('R-hat is that of Vehtari+ 2021 by hand: two halves of equal size, means apart', () => {
  // Of each run the first half is below the second: ranks 1 to 8 and 9 to 16, whatever the values.
  const four = [0, 1, 2, 3].map(r => Float64Array.of(r, r + 10, r + 100, r + 110))
  const ranks = four.map(run => run.map(value => 1 + four.flatMap(other => [...other]).filter(x => x < value).length))
  const probits = new Map(
    [-1.769, -1.282, -0.989, -0.762, -0.567, -0.395, -0.234, -0.078].flatMap((z, i) => [
      [i + 1, z],
      [16 - i, -z],
    ]),
  )
  const scores = ranks.map(run => [...run].map(rank => probits.get(rank) ?? Number.NaN))
  const halves = scores.flatMap(run => [run.slice(0, 2), run.slice(2)])
  const means = halves.map(([a, b]) => (a + b) / 2)
  const within = halves.reduce((sum, [a, b]) => sum + (a - b) ** 2 / 2 / 8, 0)
  const between = means.reduce((sum, mean) => sum + mean ** 2 / 7, 0)
  expect(diagnoseRuns(four, 1).worstRHat).toBeCloseTo(Math.sqrt(0.5 + between / within), 2)
})

test('runs that are too few or of other lengths are refused', () => {
  expect(() =>
    diagnoseRuns(
      runs(3, () => 0),
      1,
    ),
  ).toThrow(RangeError)
  expect(() => diagnoseRuns([...runs(3, () => 0), new Float64Array(7)], 1)).toThrow(RangeError)
  expect(() => diagnoseRuns([], 1)).toThrow(RangeError)
})
