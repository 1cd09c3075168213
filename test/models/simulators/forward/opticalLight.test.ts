import { expect, test } from 'vitest'
import { createLightSum } from '../../../../models/simulators/forward/lightSum.ts'
import { createOpticalLight, type Light } from '../../../../models/simulators/forward/opticalLight.ts'
import { atmosphereFamilies } from '../../../../models/simulators/photosphere/atmosphere.ts'
import { lnBlackBody } from '../../../../models/simulators/photosphere/atmosphereTables.ts'
import { extinctionLaw } from '../../../../models/simulators/photosphere/extinctionLaws.ts'
import { passbandIndices } from '../../../../models/simulators/photosphere/passbands.ts'
import { createSyntheticPhotometry } from '../../../../models/simulators/photosphere/syntheticPhotometry.ts'
import { binCentresUm, binEdgesUm } from '../../../../models/simulators/photosphere/wavelengths.ts'
import { magnitudesOf } from '../../../../models/simulators/xp/xpCalibration.ts'
import { createXpProjection, XP_COUNT } from '../../../../models/simulators/xp/xpProjection.ts'
import { createXpStarlight } from '../../../../models/simulators/xp/xpStarlight.ts'

const optical = createOpticalLight()
const { wavelengthsNm } = optical
const sum = createLightSum()
const clear = { law: 'g23', avMag: 0, rv: 3.1, distancePc: 10, bpDefectMag: 0 } as const
const sunLog = Math.log10(5772)

function sunLight(more: Partial<Light> = {}): Light {
  sum.clear()
  sum.addStar('kurucz', sunLog, 0, 4.44, 0)
  return { ...clear, flux: sum.flux, photospheres: sum.photospheres, ...more }
}

function fluxOf(light: Light): Float64Array {
  const out = new Float64Array(wavelengthsNm.length)
  expect(optical.fluxInto(light, out)).toBe(true)
  return out
}

const largest = (values: Iterable<number>) => [...values].reduce((a, b) => Math.max(a, Math.abs(b)), 0)

test('a single star is its fine spectrum, which comes from other tables, within 3% at every wavelength', () => {
  const starlight = createXpStarlight('g23')
  const own = new Float64Array(wavelengthsNm.length)
  const star = { family: 'kurucz', teffK: 5772, loggDex: 4.44, fehDex: 0, radiusRsun: 1, ...clear } as const
  expect(starlight.fluxInto(star, own)).toBe(true)
  expect(largest(fluxOf(sunLight()).map((flux, k) => flux / own[k] - 1))).toBeLessThan(0.03)
})

test('every bin holds the light it has in the sum, whatever family it is of', () => {
  for (const family of atmosphereFamilies) {
    sum.clear()
    sum.addStar(family, Math.log10(4300), 0.1, 4.4, -0.3)
    sum.addStar(family, Math.log10(3300), -0.5, 4.9, -0.3)
    const flux = fluxOf({ ...clear, flux: sum.flux, photospheres: sum.photospheres })
    binCentresUm.forEach((um, i) => {
      if (um < 0.34 || um > 1.07) return
      // The mean of a flux linear between the wavelengths, in steps of a hundredth of the bin.
      let mean = 0
      for (let step = 0; step < 100; step++) {
        const nm = 1000 * (binEdgesUm[i] + ((step + 0.5) / 100) * (binEdgesUm[i + 1] - binEdgesUm[i]))
        const next = wavelengthsNm.findIndex(one => one >= nm)
        const share = (nm - wavelengthsNm[next - 1]) / (wavelengthsNm[next] - wavelengthsNm[next - 1])
        mean += (flux[next - 1] + share * (flux[next] - flux[next - 1])) / 100
      }
      // erg/s/cm2/A to W/m2/nm.
      expect(Math.abs(mean / (sum.flux[i] * 1e-2) - 1), `${family} ${um} um`).toBeLessThan(0.011)
    })
  }
})

test('a twin doubles the light, dust dims it by the law, distance by its square', () => {
  const single = fluxOf(sunLight())
  sum.addStar('kurucz', sunLog, 0, 4.44, 0)
  const twins = fluxOf({ ...clear, flux: sum.flux, photospheres: sum.photospheres })
  expect(largest(twins.map((flux, k) => flux / single[k] - 2))).toBeLessThan(1e-9)
  const law = extinctionLaw('f19')
  const far = fluxOf(sunLight({ law: 'f19', avMag: 1.5, rv: 2.7, distancePc: 400 }))
  const expected = single.map((flux, k) => (flux / 1600) * 10 ** (-0.4 * 1.5 * law.ratio(wavelengthsNm[k] / 1000, 2.7)))
  expect(largest(far.map((flux, k) => flux / expected[k] - 1))).toBeLessThan(1e-9)
})

test('what has no photosphere, or one beyond the fine tables, is joined from bin to bin', () => {
  const flux = binCentresUm.map(um => Math.exp(lnBlackBody(5000, um)))
  const body = fluxOf({ ...clear, flux, photospheres: [] })
  const curve = wavelengthsNm.map(nm => 1e-2 * Math.exp(lnBlackBody(5000, nm / 1000)))
  expect(largest(body.map((one, k) => one / curve[k] - 1))).toBeLessThan(0.003)
  const hot = { family: 'kurucz', logTeffK: 4.9, logRadiusRsun: -1, loggDex: 7.5, fehDex: 0 } as const
  expect(fluxOf({ ...clear, flux, photospheres: [hot] })).toEqual(body)
  // A dark source stays dark, and finite.
  expect(largest(fluxOf({ ...clear, flux: new Float64Array(300), photospheres: [] }))).toBeLessThan(1e-250)
})

test('outside the R_V of the law there is no answer', () => {
  const out = Float64Array.from(wavelengthsNm, () => 7)
  expect(optical.fluxInto(sunLight({ rv: 1 }), out)).toBe(false)
  expect(out.every(one => one === 7)).toBe(true)
})

test('G, BP and RP of the coefficients are those of the bins through the passbands, within 0.035 mag, and BP alone takes its defect', () => {
  const projection = createXpProjection(wavelengthsNm)
  const photometry = createSyntheticPhotometry()
  const bands = passbandIndices(['gMag', 'bpMag', 'rpMag'])
  const expected = new Float64Array(3)
  const coefficients = new Float64Array(XP_COUNT)
  const seen = (light: Light) => {
    projection.coefficientsInto(fluxOf(light), coefficients)
    const found = magnitudesOf(coefficients.subarray(0, 55), coefficients.subarray(55))
    return [found?.gMag ?? 99, found?.bpMag ?? 99, found?.rpMag ?? 99]
  }
  for (const family of atmosphereFamilies)
    for (const [teffK, loggDex, avMag] of [
      [3200, 4.9, 0],
      [3200, 4.9, 3],
      [4600, 2.3, 1],
      [5772, 4.44, 0],
      [9000, 4, 2],
      [20_000, 4, 0.5],
    ]) {
      sum.clear()
      expect(sum.addStar(family, Math.log10(teffK), 0, loggDex, 0)).toBe(true)
      expect(photometry.magnitudesBehindDust(sum.flux, avMag, 3.1, 'g23', bands, expected)).toBe(true)
      const light = { ...clear, avMag, flux: sum.flux, photospheres: sum.photospheres }
      const mine = seen(light)
      mine.forEach((mag, b) => {
        expect(Math.abs(mag - expected[b]), `${family} ${teffK} K, A_V ${avMag}, band ${b}`).toBeLessThan(0.035)
      })
      if (teffK > 4000) continue
      const defect = seen({ ...light, bpDefectMag: 0.4 }).map((mag, b) => mag - mine[b])
      expect(Math.abs(defect[1] - 0.4)).toBeLessThan(0.04)
      expect(Math.abs(defect[2])).toBeLessThan(0.03)
      expect(defect[0]).toBeGreaterThan(0.02)
    }
})
