import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { extinctionLaw } from '../../../../models/simulators/photosphere/extinctionLaws.ts'
import {
  createXpStarlight,
  type OpticalFamily,
  type OpticalStar,
  opticalFamilies,
} from '../../../../models/simulators/xp/xpStarlight.ts'
import { packageFile } from '../../../../schemas/index.ts'

const golden = JSON.parse(readFileSync(packageFile('test', 'golden', 'xp', 'starlightGolden.json'), 'utf8')) as {
  readonly wavelengthsNm: readonly number[]
  readonly stars: readonly {
    readonly family: OpticalFamily
    readonly teffK: number
    readonly loggDex: number
    readonly flux: readonly number[]
  }[]
}
const starlight = createXpStarlight('g23')
const { wavelengthsNm } = starlight
/** A distance of one radius: the flux at the surface. */
const surface = { fehDex: 0, radiusRsun: 1, distancePc: 6.957e8 / 3.085677581491367e16, avMag: 0, rv: 3.1 }

function fluxOf(star: OpticalStar): Float64Array {
  const out = new Float64Array(wavelengthsNm.length)
  expect(starlight.fluxInto(star, out)).toBe(true)
  return out
}

test('spectra between the nodes are those of the package within 3% rms (Kurucz) and 6% (BT-Settl)', () => {
  for (const star of golden.stars) {
    const flux = fluxOf({ ...surface, family: star.family, teffK: star.teffK, loggDex: star.loggDex })
    const ratios = golden.wavelengthsNm.map((nm, k) => {
      const next = wavelengthsNm.findIndex(w => w >= nm)
      const share = (nm - wavelengthsNm[next - 1]) / (wavelengthsNm[next] - wavelengthsNm[next - 1])
      return (100 * (flux[next - 1] + share * (flux[next] - flux[next - 1]))) / star.flux[k]
    })
    const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length
    const rms = Math.sqrt(ratios.reduce((a, b) => a + (b - 1) ** 2, 0) / ratios.length)
    const where = `${star.family} ${star.teffK} K log g ${star.loggDex}: mean ${mean}, rms ${rms}`
    expect(rms, where).toBeLessThan(star.family === 'kurucz' ? 0.03 : 0.06)
    expect(Math.abs(mean - 1), where).toBeLessThan(star.family === 'kurucz' ? 0.015 : 0.04)
  }
})

test('dust dims each wavelength by the law, and light by the square of the distance', () => {
  const law = extinctionLaw('g23')
  const star: OpticalStar = { ...surface, family: 'kurucz', teffK: 6000, loggDex: 4 }
  const bare = fluxOf(star)
  for (const rv of [2.5, 3.1, 5.3]) {
    const dusty = fluxOf({ ...star, avMag: 1.7, rv, distancePc: star.distancePc * 10 })
    wavelengthsNm.forEach((nm, k) => {
      const expected = (bare[k] / 100) * 10 ** (-0.4 * 1.7 * law.ratio(nm / 1000, rv))
      expect(dusty[k] / expected).toBeCloseTo(1, 9)
    })
  }
})

test('families go over into each other without a step', () => {
  for (const [family, teffK] of [
    ['kurucz', 3500] as const,
    ['kurucz', 4000] as const,
    ['btSettl', 6500] as const,
    ['btSettl', 7000] as const,
  ]) {
    const below = fluxOf({ ...surface, family, teffK: teffK - 0.01, loggDex: 4.5 })
    const above = fluxOf({ ...surface, family, teffK: teffK + 0.01, loggDex: 4.5 })
    below.forEach((flux, k) => {
      expect(Math.abs(above[k] / flux - 1)).toBeLessThan(1e-3)
    })
  }
  expect(fluxOf({ ...surface, family: 'kurucz', teffK: 3000, loggDex: 4.5 })).toEqual(
    fluxOf({ ...surface, family: 'btSettl', teffK: 3000, loggDex: 4.5 }),
  )
})

test('every family has a star like the Sun', () => {
  for (const family of opticalFamilies)
    expect(fluxOf({ ...surface, family, teffK: 5772, loggDex: 4.44 }).every(flux => flux > 0)).toBe(true)
})

test('an unknown law is refused', () => {
  expect(() => createXpStarlight('none')).toThrow(/no extinction law none/)
})
