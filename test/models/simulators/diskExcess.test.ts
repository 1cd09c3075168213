import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { bandWavelengthUm, type DiskComponent, diskExcess } from '../../../models/simulators/diskExcess.ts'
import { drawDisk } from '../../../models/simulators/prior.ts'
import { packageFile } from '../../../schemas/index.ts'

interface GoldenDisk {
  readonly teffK: number
  readonly components: readonly DiskComponent[]
  readonly excessMag: readonly number[]
}
const { disks } = JSON.parse(readFileSync(packageFile('test', 'golden', 'simulators', 'diskGolden.json'), 'utf8')) as {
  readonly disks: readonly GoldenDisk[]
}

test('the excess from H on equals that of astropy black bodies', () => {
  for (const { teffK, components, excessMag } of disks) {
    const got = diskExcess(teffK, components)
    for (let b = 4; b < 10; b++) expect(got[b]).toBeCloseTo(excessMag[b], 5)
  }
})

test('nothing is added shortward of H', () => {
  expect([...diskExcess(4000, [{ temperatureK: 1500, luminosityRatio: 1 }])].slice(0, 4)).toEqual([0, 0, 0, 0])
})

test('the luminosity of a component, integrated over wavelength, is the stated share of the star', () => {
  // Recover L_disk / L* from the flux ratios times the star's black body on a fine wavelength grid of the same formula's inputs.
  const [teff, dust, share] = [4000, 1000, 0.1]
  const planck = (um: number, k: number) => um ** -5 / Math.expm1(14387.7688 / (um * k))
  let star = 0
  let disk = 0
  for (let x = -1; x < 3; x += 0.001) {
    const um = 10 ** x
    star += planck(um, teff) * um
    disk += share * (teff / dust) ** 4 * planck(um, dust) * um
  }
  expect(disk / star).toBeCloseTo(share, 3)
  const at = bandWavelengthUm[5]
  const ratio = (share * (teff / dust) ** 4 * planck(at, dust)) / planck(at, teff)
  const excess = diskExcess(teff, [{ temperatureK: dust, luminosityRatio: share }])
  expect(excess[5]).toBeCloseTo(-2.5 * Math.log10(1 + ratio), 9)
})

test('every disk the prior draws brightens longer wavelengths more', () => {
  const rng = createRng(4)
  const k = new Float64Array(3)
  const ratio = new Float64Array(3)
  for (let i = 0; i < 2000; i++) {
    const teffK = 2500 + 15000 * rng.uniform()
    drawDisk(teffK, rng, k, ratio)
    const excess = diskExcess(
      teffK,
      [...k].map((temperatureK, j) => ({ temperatureK, luminosityRatio: ratio[j] })),
    )
    for (let b = 4; b < 10; b++) expect(excess[b]).toBeLessThan(excess[b - 1])
  }
})

test('dust as hot as the star is refused', () => {
  expect(() => diskExcess(3000, [{ temperatureK: 3000, luminosityRatio: 0.1 }])).toThrow(RangeError)
})
