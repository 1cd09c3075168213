import { expect, test } from 'vitest'
import { createRng } from '../../../../models/index.ts'
import { drawActivity } from '../../../../models/simulators/spectra/stellarActivity.ts'

const COUNT = 400
const star = { teffK: 4000, loggDex: 4.2, logAgeYr: 6.5, hasDisk: false }
const draws = (change: Partial<typeof star> = {}) => {
  const rng = createRng(5)
  return Array.from({ length: COUNT }, () => drawActivity({ ...star, ...change }, rng))
}
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]
const lithium = (change: Partial<typeof star>) => median(draws(change).map(one => one.lithiumEwAngstrom))
const hAlpha = (change: Partial<typeof star>) =>
  median(draws(change).map(({ emission }) => emission.find(({ line }) => line === 'hAlpha')?.ewAngstrom ?? 0))

test('lithium goes with age, first in the coolest stars; giants and hot stars have none', () => {
  expect(lithium({})).toBeGreaterThan(0.3)
  expect(lithium({ logAgeYr: 9.5 })).toBeLessThan(0.01)
  // At 100 Myr an M dwarf has burned it, a G star has not.
  expect(lithium({ teffK: 3500, logAgeYr: 8 })).toBeLessThan(0.1 * lithium({ teffK: 3500 }))
  expect(lithium({ teffK: 5700, logAgeYr: 8 })).toBeGreaterThan(0.7 * lithium({ teffK: 5700 }))
  expect(lithium({ loggDex: 2 })).toBeLessThan(0.05)
  expect(lithium({ teffK: 9000 })).toBe(0)
})

test('disks accrete, with wide lines and veils; old suns emit nothing', () => {
  const disks = draws({ hasDisk: true })
  const accreting = disks.filter(({ veil }) => veil.ratio > 0)
  // 3 of 4: binomial, standard error 0.022.
  expect(Math.abs(accreting.length / COUNT - 0.75)).toBeLessThan(0.12)
  for (const { emission } of accreting) expect(emission[0].fwhmKmPerS).toBeGreaterThan(200)
  expect(hAlpha({ hasDisk: true })).toBeGreaterThan(5 * hAlpha({}))
  expect(hAlpha({ teffK: 5800, logAgeYr: 9.6 })).toBe(0)
  expect(hAlpha({ teffK: 3300, logAgeYr: 9 })).toBeGreaterThan(1)
})

test('numbers stay within what spectra can be made of', () => {
  for (const teffK of [2500, 3300, 5000, 8000, 15_000]) {
    for (const logAgeYr of [5.5, 7, 10]) {
      for (const one of draws({ teffK, logAgeYr, hasDisk: logAgeYr < 7 })) {
        expect(one.vsiniKmPerS).toBeLessThanOrEqual(400)
        expect(one.lithiumEwAngstrom).toBeGreaterThanOrEqual(0)
        expect(one.lithiumEwAngstrom).toBeLessThanOrEqual(1)
        expect(one.veil.ratio).toBeLessThanOrEqual(8)
        expect(Number.isFinite(one.velocityKmPerS)).toBe(true)
        for (const { ewAngstrom, fwhmKmPerS } of one.emission) {
          expect(ewAngstrom).toBeGreaterThan(0)
          expect(ewAngstrom).toBeLessThanOrEqual(300)
          expect(fwhmKmPerS).toBeGreaterThan(0)
        }
      }
    }
  }
})
