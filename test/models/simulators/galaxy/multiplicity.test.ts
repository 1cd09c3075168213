import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import {
  drawCompanionCount,
  drawMassRatio,
  drawSeparationAu,
  MAX_COMPANIONS,
  meanMassRatio,
  multiplicityAt,
  multiplicityTable,
  orbitPeriodDays,
} from '../../../../models/simulators/galaxy/multiplicity.ts'

const DRAWS = 40_000

test('drawn stars have the multiple share and the companions per star of the table', () => {
  const rng = createRng(62)
  multiplicityTable.massMsun.forEach((mass, row) => {
    const counts = Array.from({ length: DRAWS }, () => drawCompanionCount(mass, rng))
    const share = counts.filter(c => c > 0).length / DRAWS
    const mean = counts.reduce((a, b) => a + b, 0) / DRAWS
    // Five sigma: a false alarm in fewer than 1e-5 of seeds.
    expect(Math.abs(share - multiplicityTable.multiple[row])).toBeLessThan((5 * 0.5) / Math.sqrt(DRAWS))
    expect(Math.abs(mean - multiplicityTable.companions[row])).toBeLessThan((5 * 1.1) / Math.sqrt(DRAWS))
    expect(Math.max(...counts)).toBeLessThanOrEqual(MAX_COMPANIONS)
  })
})

test('solar stars are single, double, triple and more as Tokovinin 2014 counts them', () => {
  const rng = createRng(63)
  const shares = [0, 0, 0, 0]
  for (let i = 0; i < DRAWS; i++) shares[drawCompanionCount(1, rng)] += 1 / DRAWS
  const published = [0.54, 0.33, 0.08, 0.05]
  for (let k = 0; k < 4; k++) expect(Math.abs(shares[k] - published[k])).toBeLessThan(0.05)
})

test('mass ratios follow the power law: mean of the closed form, never below 0.075 Msun', () => {
  const rng = createRng(64)
  for (const mass of [0.2, 0.5, 1, 5]) {
    const { ratioSlope: g } = multiplicityAt(mass)
    const least = Math.max(0.1, 0.075 / mass)
    const mean = ((1 - least ** (g + 2)) / (g + 2) / (1 - least ** (g + 1))) * (g + 1)
    const drawn = Array.from({ length: DRAWS }, () => drawMassRatio(mass, rng))
    expect(meanMassRatio(mass)).toBeCloseTo(mean, 10)
    expect(Math.min(...drawn) * mass).toBeGreaterThanOrEqual(0.0749999)
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1)
    expect(Math.abs(drawn.reduce((a, b) => a + b, 0) / DRAWS - mean)).toBeLessThan((5 * 0.29) / Math.sqrt(DRAWS))
  }
})

test('periods of solar binaries have the median and spread of Raghavan+ 2010', () => {
  const rng = createRng(65)
  const logs = Array.from({ length: DRAWS }, () => Math.log10(orbitPeriodDays(drawSeparationAu(0.97, rng), 1.5))).sort(
    (a, b) => a - b,
  )
  // Log P = 5.03 and 2.28 dex; ours is cut at both ends and shared with the table's other rows.
  expect(Math.abs(logs[DRAWS / 2] - 5.03)).toBeLessThan(0.2)
  expect(Math.abs((logs[Math.floor(0.841 * DRAWS)] - logs[Math.floor(0.159 * DRAWS)]) / 2 - 2.28)).toBeLessThan(0.25)
})

test('the Earth goes round in a year', () => {
  expect(orbitPeriodDays(1, 1)).toBeCloseTo(365.25, 9)
})

test('beyond the ends of the table the last row holds', () => {
  expect(multiplicityAt(0.01).multipleShare).toBe(0.19)
  expect(multiplicityAt(200).companionsPerStar).toBe(2.1)
})
