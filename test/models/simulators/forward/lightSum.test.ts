import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createLightSum } from '../../../../models/simulators/forward/lightSum.ts'
import type { AtmosphereFamily } from '../../../../models/simulators/photosphere/atmosphere.ts'
import { lnBlackBody } from '../../../../models/simulators/photosphere/atmosphereTables.ts'
import type { ExtinctionLawName } from '../../../../models/simulators/photosphere/extinctionLaws.ts'
import { FIRST_NARROW_BAND } from '../../../../models/simulators/photosphere/narrowBands.ts'
import {
  allPassbands,
  createSyntheticPhotometry,
} from '../../../../models/simulators/photosphere/syntheticPhotometry.ts'
import { binCentresUm, binEdgesUm } from '../../../../models/simulators/photosphere/wavelengths.ts'
import { CM_PER_PC, CM_PER_RSUN, packageFile, STEFAN_BOLTZMANN } from '../../../../schemas/index.ts'

interface GoldenDisk {
  readonly teffK: number
  readonly components: readonly { readonly temperatureK: number; readonly luminosityRatio: number }[]
  readonly excessMag: readonly number[]
}
const golden = JSON.parse(readFileSync(packageFile('test', 'golden', 'simulators', 'diskGolden.json'), 'utf8')) as {
  readonly disks: readonly GoldenDisk[]
}
interface GoldenSum {
  readonly family: AtmosphereFamily
  readonly stars: readonly Readonly<Record<'teffK' | 'loggDex' | 'fehDex' | 'radiusRsun', number>>[]
  readonly law: ExtinctionLawName
  readonly avMag: number
  readonly rv: number
  readonly magnitudes: readonly number[]
}
const { sums } = JSON.parse(
  readFileSync(packageFile('test', 'golden', 'photosphere', 'betweenNodesGolden.json'), 'utf8'),
) as { readonly sums: readonly GoldenSum[] }
/** Wavelengths of the golden numbers, from H on. */
const wavelengthsUm = [1.6458, 2.1603, 3.3682, 4.6179, 12.0718, 22.1944]
const dilution = (CM_PER_RSUN / (10 * CM_PER_PC)) ** 2

/** What is linear in ln wavelength between two bins. */
function at(um: number, of: (bin: number) => number): number {
  const high = binCentresUm.findIndex(centre => centre > um)
  const t = Math.log(um / binCentresUm[high - 1]) / Math.log(binCentresUm[high] / binCentresUm[high - 1])
  return (1 - t) * of(high - 1) + t * of(high)
}

test('black bodies of dust beside a black body star brighten it as astropy has it, to 0.003 mag', () => {
  const light = createLightSum()
  for (const { teffK, components, excessMag } of golden.disks) {
    light.clear()
    for (const { temperatureK, luminosityRatio } of components)
      light.addDust(Math.log10(teffK), 0.3, temperatureK, luminosityRatio)
    const star = (i: number) => dilution * 10 ** 0.6 * Math.exp(lnBlackBody(teffK, binCentresUm[i]))
    wavelengthsUm.forEach((um, b) => {
      const ratio = Math.exp(at(um, i => Math.log(light.flux[i] / star(i))))
      expect(Math.abs(-2.5 * Math.log10(1 + ratio) - excessMag[b + 4]), `${um} um`).toBeLessThan(0.003)
    })
  }
})

test('dust sends its share of the luminosity of the star', () => {
  const light = createLightSum()
  light.clear()
  light.addDust(Math.log10(5000), 0, 800, 0.2)
  const sent = light.flux.reduce((sum, flux, i) => sum + flux * (binEdgesUm[i + 1] - binEdgesUm[i]) * 1e4, 0)
  const whole = 0.2 * STEFAN_BOLTZMANN * 5000 ** 4 * dilution
  // Of a black body of 800 K 2.2% lies beyond 31 um and 0.03% shortward of 1 um.
  expect(sent / whole).toBeGreaterThan(0.96)
  expect(sent / whole).toBeLessThan(1)
})

test('a star that no atmosphere reaches adds nothing', () => {
  const light = createLightSum()
  expect(light.addStar('kurucz', Math.log10(1500), 0, 4, 0)).toBe(false)
  expect(light.flux.every(flux => flux === 0)).toBe(true)
  expect(light.addStar('kurucz', Math.log10(5772), 0, 4.4, 0)).toBe(true)
  expect(light.flux.every(flux => flux >= 0)).toBe(true)
})

test('pairs of stars behind dust agree with sedpy on their native spectra added up, to 0.002 mag', () => {
  const light = createLightSum()
  const photometry = createSyntheticPhotometry()
  const got = new Float64Array(allPassbands.length)
  const largestOff = (flux: Float64Array) =>
    sums.map(({ family, stars, law, avMag, rv, magnitudes }) => {
      light.clear()
      for (const { teffK, loggDex, fehDex, radiusRsun } of stars)
        expect(light.addStar(family, Math.log10(teffK), Math.log10(radiusRsun), loggDex, fehDex)).toBe(true)
      expect(photometry.magnitudesBehindDust(flux, avMag, rv, law, allPassbands, got)).toBe(true)
      return Math.max(...magnitudes.slice(FIRST_NARROW_BAND).map((m, b) => Math.abs(got[FIRST_NARROW_BAND + b] - m)))
    })
  expect(sums.length).toBeGreaterThan(20)
  expect(largestOff(light.spectrum).filter(off => !(off < 0.002))).toEqual([])
  // The bins alone would not do.
  expect(Math.max(...largestOff(light.flux))).toBeGreaterThan(0.008)
})
