import { expect, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { hBandCompared, spectrumLikeness } from '../../../ops/spectra/likeness.ts'

const angstrom = Float64Array.from({ length: 4000 }, (_, p) => 3700 * 10 ** (1e-4 * p))
const ivars = new Float64Array(angstrom.length).fill(1)
const noiseOf = (seed: number, size: number) => {
  const rng = createRng(seed)
  return angstrom.map(() => 1 + size * rng.normal())
}

test('a spectrum is like itself, whatever dust and calibration do to its shape', () => {
  const fluxes = noiseOf(1, 0.1)
  const bent = fluxes.map((flux, p) => 300 * flux * (angstrom[p] / 5000) ** 1.5)
  const likeness = spectrumLikeness({ angstrom, fluxes, ivars }, { angstrom, fluxes: bent })
  expect(likeness?.correlation).toBeGreaterThan(0.999)
  expect(likeness?.rms).toBeLessThan(0.003)
  expect(Math.abs((likeness?.realContrast ?? 0) - 0.1)).toBeLessThan(0.005)
})

test('spectra that have nothing to do with each other differ by both scatters, and do not correlate', () => {
  const likeness = spectrumLikeness(
    { angstrom, fluxes: noiseOf(1, 0.1), ivars },
    { angstrom, fluxes: noiseOf(2, 0.05) },
  )
  expect(Math.abs(likeness?.correlation ?? 1)).toBeLessThan(0.1)
  expect(Math.abs((likeness?.rms ?? 0) - Math.hypot(0.1, 0.05))).toBeLessThan(0.006)
})

test('dead pixels, the bands of the air and what lies beyond the simulation are left out', () => {
  const fluxes = noiseOf(1, 0.1)
  const spoiled = Float64Array.from(fluxes)
  const someDead = Float64Array.from(ivars)
  for (let p = 100; p < 4000; p += 50) {
    spoiled[p] = 1e6
    someDead[p] = 0
  }
  const short = { angstrom: angstrom.subarray(500), fluxes: fluxes.subarray(500) }
  const likeness = spectrumLikeness({ angstrom, fluxes: spoiled, ivars: someDead }, short)
  expect(likeness?.rms).toBeLessThan(1e-6)
  const compared = angstrom.filter((_, p) => Number.isFinite(likeness?.realLines[p]))
  expect(compared).toHaveLength(likeness?.pixels ?? 0)
  expect(Math.min(...compared)).toBeGreaterThan(angstrom[499])
  expect(compared.filter(one => one > 7580 && one < 7700)).toHaveLength(0)
  expect(spectrumLikeness({ angstrom, fluxes, ivars: ivars.map(() => 0) }, short)).toBeUndefined()
})

test('the H band is compared where APOGEE measures', () => {
  const red = angstrom.map(one => 4 * one)
  const fluxes = noiseOf(1, 0.1)
  const likeness = spectrumLikeness({ angstrom: red, fluxes, ivars }, { angstrom: red, fluxes }, hBandCompared)
  const compared = red.filter((_, p) => Number.isFinite(likeness?.realLines[p]))
  expect(Math.min(...compared)).toBeGreaterThan(15_150)
  expect(Math.max(...compared)).toBeLessThan(16_950)
  expect(likeness?.pixels).toBe(red.filter(one => one >= 15_150 && one <= 16_950).length)
  expect(spectrumLikeness({ angstrom: red, fluxes, ivars }, { angstrom: red, fluxes })).toBeUndefined()
})
