import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { passbandIndices } from '../../../../models/simulators/photosphere/passbands.ts'
import { createSyntheticPhotometry } from '../../../../models/simulators/photosphere/syntheticPhotometry.ts'
import { createXpSimulation, LEAST_TRANSITS, XP_LIMIT_MAG } from '../../../../models/simulators/xp/xpSimulation.ts'
import type { OpticalStar } from '../../../../models/simulators/xp/xpStarlight.ts'

const simulation = createXpSimulation()
const sun: OpticalStar = {
  family: 'kurucz',
  teffK: 5772,
  loggDex: 4.44,
  fehDex: 0,
  radiusRsun: 1,
  distancePc: 10,
  avMag: 0,
  rv: 3.1,
}

function magnitudesOf(star: OpticalStar) {
  const found = simulation.observe(star, createRng(1))
  if (found === undefined) throw new Error('no spectrum')
  return found.magnitudes
}

// G and BP - RP of the Sun: Casagrande & VandenBerg 2018, 4.67 and 0.82. Vega is the zero of the system, to the 0.03 mag it is off in Gaia.
test('the Sun and Vega are as bright as they should be', () => {
  const { gMag, bpMag, rpMag } = magnitudesOf(sun)
  expect(Math.abs(gMag - 4.67)).toBeLessThan(0.03)
  expect(Math.abs(bpMag - rpMag - 0.82)).toBeLessThan(0.03)
  const vega = magnitudesOf({ ...sun, teffK: 9550, loggDex: 3.95, fehDex: -0.5, radiusRsun: 2.73, distancePc: 7.68 })
  for (const mag of Object.values(vega)) expect(Math.abs(mag)).toBeLessThan(0.08)
})

test('magnitudes of the coefficients agree with those of whole spectra through the passbands to 0.03 mag, reddened or not', () => {
  const photometry = createSyntheticPhotometry()
  const gaia = ['gMag', 'bpMag', 'rpMag'] as const
  const bands = passbandIndices(gaia)
  const its = new Float64Array(gaia.length)
  for (const [family, teffK, loggDex, avMag] of [
    ['kurucz', 5772, 4.44, 0] as const,
    ['kurucz', 5772, 4.44, 2] as const,
    ['kurucz', 4750, 2.5, 0] as const,
    ['kurucz', 9600, 4, 0.5] as const,
    ['kurucz', 20_000, 4, 0] as const,
    ['btSettl', 3300, 4.9, 0] as const,
    ['btSettl', 3300, 4.9, 3] as const,
    ['btSettl', 2600, 5.2, 0] as const,
  ]) {
    const mine = magnitudesOf({ ...sun, family, teffK, loggDex, avMag })
    expect(photometry.magnitudesInto({ ...sun, family, teffK, loggDex, avMag, law: 'g23' }, bands, its)).toBe(true)
    for (const [b, band] of gaia.entries())
      expect(Math.abs(mine[band] - its[b]), `${family} ${teffK} A_V ${avMag} ${band}`).toBeLessThan(0.035)
  }
})

test('a source is published when it is bright enough and has been seen often enough', () => {
  const rng = createRng(3, 1)
  let published = 0
  let refused = 0
  for (let i = 0; i < 400; i++) {
    rng.seek(i)
    const found = simulation.observe({ ...sun, distancePc: 1000 + 10 * i }, rng)
    if (found === undefined) throw new Error('no spectrum')
    const { transits, magnitudes, isPublished, errors } = found
    const isSeen = Math.min(transits.bp, transits.rp) >= LEAST_TRANSITS
    expect(isPublished).toBe(isSeen && magnitudes.gMag < XP_LIMIT_MAG)
    expect(transits.bp).toBeLessThanOrEqual(transits.rp)
    expect(errors.every(error => error > 0)).toBe(true)
    if (isPublished) published++
    else refused++
  }
  expect(published).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(5)
})

test('a star is the same whatever was simulated before it', () => {
  const rng = createRng(9, 4)
  const star = { ...sun, distancePc: 700 }
  rng.seek(17)
  const once = simulation.observe(star, rng)?.coefficients.slice()
  rng.seek(3)
  simulation.observe({ ...sun, teffK: 4000 }, rng)
  rng.seek(17)
  expect(simulation.observe(star, rng)?.coefficients).toEqual(once)
})

test('a star no model reaches has no spectrum', () => {
  for (const odd of [
    { teffK: 1900 },
    { teffK: 36_000 },
    { teffK: Number.NaN },
    { loggDex: 7 },
    { fehDex: 1 },
    { rv: 1 },
    { avMag: -1 },
    { avMag: Number.POSITIVE_INFINITY },
    { radiusRsun: 0 },
    { distancePc: Number.NaN },
    { teffK: 30_000, loggDex: 1 },
  ])
    expect(simulation.observe({ ...sun, ...odd }, createRng(1)) === undefined, JSON.stringify(odd)).toBe(true)
})
