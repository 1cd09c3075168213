import { expect, test } from 'vitest'
import { extinctionLaw } from '../../../../models/simulators/photosphere/extinctionLaws.ts'
import { airToVacuum } from '../../../../models/simulators/spectra/airWavelengths.ts'
import { fineGrids } from '../../../../models/simulators/spectra/fineGrid.ts'
import { builtInTemplates, type SpectralTemplates } from '../../../../models/simulators/spectra/spectralTemplates.ts'
import {
  createStarSpectra,
  plainStar,
  type SpectralStar,
} from '../../../../models/simulators/spectra/stellarSpectrum.ts'

const grid = fineGrids.optical

const templates = builtInTemplates()
const boss = createStarSpectra('boss', templates)
const sun: SpectralStar = {
  ...plainStar,
  family: 'kurucz',
  teffK: 5777,
  loggDex: 4.44,
  fehDex: 0,
  radiusRsun: 1,
  distancePc: 10,
  avMag: 0,
  rv: 3.1,
}

function fluxOf(change: Partial<SpectralStar>, spectra = boss): Float64Array {
  const out = new Float64Array(spectra.angstrom.length)
  expect(spectra.fluxInto({ ...sun, ...change }, out)).toBe(true)
  return out
}

test('the Sun at 10 pc is as bright as it is', () => {
  const flux = fluxOf({})
  // Willmer 2018: absolute AB magnitudes of the Sun in SDSS g and r, 5.11 and 4.65, here at the mean wavelengths of the bands.
  for (const [angstrom, abMag] of [
    [4750, 5.11],
    [6200, 4.65],
  ]) {
    const near = flux.filter((_, p) => Math.abs(boss.angstrom[p] - angstrom) < 500)
    const mean = near.reduce((sum, one) => sum + one, 0) / near.length
    // F_nu = 3631 Jy is F_lambda = 0.1088 / lambda^2 erg/s/cm2/A.
    const expected = (0.10885 / angstrom ** 2 / 1e-17) * 10 ** (-0.4 * abMag)
    expect(Math.abs(mean / expected - 1)).toBeLessThan(0.06)
  }
})

test('light falls as the square of the distance and grows as the square of the radius', () => {
  const [near, far, large] = [fluxOf({}), fluxOf({ distancePc: 30 }), fluxOf({ radiusRsun: 3, distancePc: 30 })]
  near.forEach((value, p) => {
    expect(Math.abs((9 * far[p]) / value - 1)).toBeLessThan(1e-12)
    expect(Math.abs(large[p] / value - 1)).toBeLessThan(1e-12)
  })
})

test('dust dims each pixel by the law at its wavelength', () => {
  const bare = fluxOf({})
  for (const [name, avMag, rv] of [
    ['g23', 1, 3.1],
    ['f19', 6, 4.5],
    ['ccm89', 3, 3.1],
  ] as const) {
    const spectra = createStarSpectra('boss', templates, name)
    const dim = fluxOf({ avMag, rv }, spectra)
    const { ratio } = extinctionLaw(name)
    for (let p = 0; p < dim.length; p += 37) {
      const expected = 10 ** (-0.4 * avMag * ratio(boss.angstrom[p] / 1e4, rv))
      expect(Math.abs(dim[p] / bare[p] / expected - 1)).toBeLessThan(1e-4)
    }
  }
})

/** Equivalent width of what one spectrum lacks against another, and its middle, Angstrom. */
function lackOf(flux: Float64Array, reference: Float64Array, fromAngstrom: number, toAngstrom: number) {
  let [ew, first] = [0, 0]
  for (let p = 0; p < flux.length; p++) {
    const angstrom = boss.angstrom[p]
    if (angstrom < fromAngstrom || angstrom > toAngstrom) continue
    const lack = (1 - flux[p] / reference[p]) * boss.widthAngstrom[p]
    ew += lack
    first += lack * angstrom
  }
  return { ew, middle: first / ew }
}

test('lithium keeps its equivalent width through rotation and the spectrograph, moves with the star, and is veiled', () => {
  for (const vsiniKmPerS of [0, 80]) {
    const [bare, rich] = [fluxOf({ vsiniKmPerS }), fluxOf({ vsiniKmPerS, lithiumEwAngstrom: 0.5 })]
    const { ew, middle } = lackOf(rich, bare, 6690, 6730)
    // Within 2%: the reference has its own weak lines, which the spectrograph blurs with this one.
    expect(Math.abs(ew / 0.5 - 1)).toBeLessThan(0.02)
    expect(Math.abs(middle - airToVacuum(6707.81))).toBeLessThan(0.1)
  }
  const moving = { velocityKmPerS: 250 }
  const { middle } = lackOf(fluxOf({ ...moving, lithiumEwAngstrom: 0.5 }), fluxOf(moving), 6690, 6735)
  expect(Math.abs(middle - airToVacuum(6707.81) * (1 + 250 / 299_792.458))).toBeLessThan(0.1)
  const veil = { ratio: 1, temperatureK: 8000 }
  const veiled = lackOf(fluxOf({ veil, lithiumEwAngstrom: 0.5 }), fluxOf({ veil }), 6690, 6730).ew
  // At 6708 instead of 6500 Angstrom star and veil differ by some percent.
  expect(Math.abs(veiled / 0.25 - 1)).toBeLessThan(0.05)
})

test('emission is against the light around it, veil included, and does not care for dust', () => {
  const veil = { ratio: 2, temperatureK: 8000 }
  const emission = [{ line: 'hAlpha', ewAngstrom: 40, fwhmKmPerS: 250 }] as const
  for (const avMag of [0, 4]) {
    const [quiet, active] = [fluxOf({ veil, avMag }), fluxOf({ veil, avMag, emission })]
    const level = quiet.filter((_, p) => Math.abs(Math.abs(boss.angstrom[p] - 6564.6) - 25) < 10)
    const mean = level.reduce((sum, one) => sum + one, 0) / level.length
    let ew = 0
    for (let p = 0; p < quiet.length; p++) ew += ((active[p] - quiet[p]) / mean) * boss.widthAngstrom[p]
    expect(Math.abs(ew / 40 - 1)).toBeLessThan(0.01)
  }
})

test('rotation makes lines shallower and leaves the light', () => {
  const [sharp, turned] = [fluxOf({}), fluxOf({ vsiniKmPerS: 300 })]
  const lightOf = (flux: Float64Array, from: number, to: number) =>
    flux.reduce((sum, one, p) => {
      return boss.angstrom[p] > from && boss.angstrom[p] < to ? sum + one * boss.widthAngstrom[p] : sum
    }, 0)
  expect(Math.abs(lightOf(turned, 5000, 7000) / lightOf(sharp, 5000, 7000) - 1)).toBeLessThan(1e-3)
  const depth = (flux: Float64Array) => Math.min(...flux.filter((_, p) => Math.abs(boss.angstrom[p] - 5891.5) < 3))
  expect(depth(turned)).toBeGreaterThan(1.1 * depth(sharp))
})

test('LAMOST sees the same star', () => {
  const lamost = createStarSpectra('lamostLrs', templates)
  const [a, b] = [fluxOf({}), fluxOf({}, lamost)]
  const meanOf = (flux: Float64Array, angstrom: Float64Array, from: number) => {
    const near = flux.filter((_, p) => angstrom[p] > from && angstrom[p] < from + 100)
    return near.reduce((sum, one) => sum + one, 0) / near.length
  }
  for (let from = 3800; from < 9000; from += 300) {
    expect(Math.abs(meanOf(a, boss.angstrom, from) / meanOf(b, lamost.angstrom, from) - 1)).toBeLessThan(0.01)
  }
})

test('what no star has gives no spectrum', () => {
  const out = new Float64Array(boss.angstrom.length).fill(-1)
  const changes: readonly Partial<SpectralStar>[] = [
    { teffK: 20_000 },
    { radiusRsun: 0 },
    { distancePc: -1 },
    { distancePc: Number.NaN },
    { avMag: -0.1 },
    { rv: 1 },
    { vsiniKmPerS: 501 },
    { vsiniKmPerS: Number.NaN },
    { velocityKmPerS: 1501 },
    { lithiumEwAngstrom: -1 },
    { veil: { ratio: -1, temperatureK: 8000 } },
    { veil: { ratio: 1, temperatureK: 0 } },
    { emission: [{ line: 'hAlpha', ewAngstrom: Number.NaN, fwhmKmPerS: 100 }] },
  ]
  for (const change of changes) expect(boss.fluxInto({ ...sun, ...change }, out)).toBe(false)
  expect(out.every(value => value === -1)).toBe(true)
})

test("a user's templates take the place of the built-in ones", () => {
  const flat: SpectralTemplates = {
    fluxInto: ({ teffK }, _, out) => {
      if (teffK > 6000) return false
      out.fill(1e6)
      return true
    },
  }
  const spectra = createStarSpectra('boss', flat)
  const flux = fluxOf({}, spectra)
  // Surface flux times (R / d)^2, in units of 1e-17.
  const expected = (1e6 * (6.957e10 / (10 * 3.085677581491367e18)) ** 2) / 1e-17
  for (const value of flux) expect(Math.abs(value / expected - 1)).toBeLessThan(0.005)
  expect(flat.fluxInto({ ...sun, teffK: 7000 }, grid, new Float32Array(grid.count))).toBe(false)
  expect(spectra.fluxInto({ ...sun, teffK: 7000 }, flux)).toBe(false)
})

const apogee = createStarSpectra('apogee', templates)
const meanNear = (flux: Float64Array, spectra: typeof boss, middle: number, half: number) => {
  const near = flux.filter((_, p) => Math.abs(spectra.angstrom[p] - middle) < half)
  return near.reduce((sum, one) => sum + one, 0) / near.length
}

test('in the H band the Sun at 10 pc is as bright as it is, and dust dims it by the law', () => {
  const bare = fluxOf({}, apogee)
  // Willmer 2018: the Sun's 2MASS H is 3.32 (Vega), 1.133e-10 erg/s/cm2/A at magnitude 0 (Cohen+ 2003).
  const expected = (1.133e-10 / 1e-17) * 10 ** (-0.4 * 3.32)
  expect(Math.abs(meanNear(bare, apogee, 16_200, 700) / expected - 1)).toBeLessThan(0.08)
  const dim = fluxOf({ avMag: 8 }, apogee)
  const { ratio } = extinctionLaw('g23')
  for (let p = 0; p < dim.length; p += 97) {
    expect(Math.abs(dim[p] / bare[p] / 10 ** (-0.4 * 8 * ratio(apogee.angstrom[p] / 1e4, 3.1)) - 1)).toBeLessThan(1e-4)
  }
})

test('one veil is seen from the blue to the H band, and warm dust in the H band most', () => {
  const veil = { ratio: 0.5, temperatureK: 8000 }
  const added = (spectra: typeof boss, change: Partial<SpectralStar>, angstrom: number) => {
    return (
      meanNear(fluxOf(change, spectra), spectra, angstrom, 50) - meanNear(fluxOf({}, spectra), spectra, angstrom, 50)
    )
  }
  const planck = (angstrom: number, kelvin: number) => angstrom ** -5 / Math.expm1(1.438777e8 / (angstrom * kelvin))
  const ratio = added(apogee, { veil }, 16_200) / added(boss, { veil }, 6500)
  expect(Math.abs(ratio / (planck(16_200, 8000) / planck(6500, 8000)) - 1)).toBeLessThan(0.02)
  const warmDust = { ratio: 1.5, temperatureK: 1500 }
  const star = meanNear(fluxOf({}, apogee), apogee, 16_000, 50)
  expect(Math.abs(added(apogee, { warmDust }, 16_000) / star - 1.5)).toBeLessThan(0.02)
  const atBoss = (1.5 * star * planck(9000, 1500)) / planck(16_000, 1500)
  expect(Math.abs(added(boss, { warmDust }, 9000) / atBoss - 1)).toBeLessThan(0.02)
})

test('cooler than 3000 K there is no spectrum in the H band', () => {
  const out = new Float64Array(apogee.angstrom.length)
  expect(apogee.fluxInto({ ...sun, teffK: 2990, loggDex: 5, family: 'btSettl' }, out)).toBe(false)
  expect(apogee.fluxInto({ ...sun, teffK: 3010, loggDex: 5, family: 'btSettl' }, out)).toBe(true)
  expect(out.every(value => value > 0)).toBe(true)
})
