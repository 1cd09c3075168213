import { expect, test } from 'vitest'
import { binCount, placeOf } from '../../../models/encoders/pixelGrid.ts'
import { binPixels, createRng, pixelGrids } from '../../../models/index.ts'
import type { SpectrumSegment } from '../../../schemas/index.ts'

const grid = pixelGrids.optical
const PIXELS = 4000
const STEP = 1.1e-4
const START = Math.log10(3700)

/** Pixels of uneven errors around a wavy spectrum, a few of them without a number. */
function segmentOf(change: Partial<SpectrumSegment> = {}): SpectrumSegment {
  const rng = createRng(3)
  const fluxes = Array.from({ length: PIXELS }, (_, i) =>
    i % 97 === 0 ? null : 20 + 5 * Math.sin(i / 40) + 0.5 * rng.normal(),
  )
  return {
    ...{ name: 'coadd', medium: 'vacuum', wavelengthUnit: 'Angstrom', wavelengthScale: 'log10', wavelengths: [] },
    ...{ wavelengthLaw: { start: START, step: STEP }, fluxUnit: '1e-17 erg/s/cm2/Angstrom', fluxScale: 'absolute' },
    ...{ fluxes, ivars: fluxes.map((flux, i) => (flux === null || i % 31 === 0 ? 0 : 4 + (i % 5))) },
    ...{ masks: [], signalToNoise: null, badPixelCount: 0, missingPixelCount: 0 },
    ...change,
  }
}
const plain = binPixels([segmentOf()], grid)
const shareAt = (binned: typeof plain, bin: number) => {
  const patch = Math.floor(bin / grid.binsPerPatch)
  return binned.features[patch * 2 * grid.binsPerPatch + grid.binsPerPatch + (bin % grid.binsPerPatch)]
}
const fluxAt = (binned: typeof plain, bin: number) => {
  const patch = Math.floor(bin / grid.binsPerPatch)
  return binned.features[patch * 2 * grid.binsPerPatch + (bin % grid.binsPerPatch)]
}
const near = (a: Float32Array, b: Float32Array, within: number) => {
  a.forEach((value, i) => {
    expect(Math.abs(value - b[i])).toBeLessThan(within)
  })
}

test('a spectrum in other units, scaled, turned around or in air is told the same', () => {
  const segment = segmentOf()
  const angstroms = segment.fluxes.map((_, i) => 10 ** (START + STEP * i))
  const table = { wavelengthLaw: null, wavelengthScale: 'linear' as const }
  const inNm = binPixels([segmentOf({ ...table, wavelengths: angstroms.map(a => a / 10), wavelengthUnit: 'nm' })], grid)
  near(inNm.features, plain.features, 1e-5)
  const turned = {
    ...{ ...table, wavelengths: angstroms.toReversed() },
    ...{ fluxes: segment.fluxes.toReversed(), ivars: segment.ivars.toReversed() },
  }
  near(binPixels([segmentOf(turned)], grid).features, plain.features, 1e-5)
  const scaled = binPixels(
    [
      segmentOf({
        fluxes: segment.fluxes.map(flux => (flux === null ? null : 1000 * flux)),
        ivars: segment.ivars.map(ivar => ivar / 1e6),
      }),
    ],
    grid,
  )
  near(scaled.features, plain.features, 1e-5)
  expect((scaled.logLevel ?? 0) - (plain.logLevel ?? 0)).toBeCloseTo(3, 9)
  expect(scaled.logSignalToNoise).toBeCloseTo(plain.logSignalToNoise, 9)
  // Published pairs, air and vacuum: Na D2 5889.950 and 5891.583, Ca II 8542.09 and 8544.44 (NIST, NIST via SDSS).
  for (const [air, vacuum] of [
    [5889.95, 5891.583],
    [8542.09, 8544.438],
  ]) {
    const line = { fluxes: [1], ivars: [1], ...table }
    const ofAir = binPixels([segmentOf({ ...line, wavelengths: [air], medium: 'air' })], grid)
    const ofVacuum = binPixels([segmentOf({ ...line, wavelengths: [vacuum] })], grid)
    // 0.01 Angstrom is 0.005 to 0.007 of a bin.
    near(ofAir.features, ofVacuum.features, 0.01)
  }
})

test('bins hold weighed means: one of two pixels, of which the surer counts for more', () => {
  const bin = 1500
  const angstrom = grid.firstAngstrom * 10 ** (bin * grid.log10Step)
  expect(placeOf(grid, Math.log10(angstrom))).toBeCloseTo(bin, 6)
  const table = { wavelengthLaw: null, wavelengthScale: 'linear' as const }
  const level = Array.from({ length: 9 }, (_, k) => grid.firstAngstrom * 10 ** ((100 + k) * grid.log10Step))
  const binned = binPixels(
    [
      segmentOf({
        ...{ ...table, wavelengths: [...level, angstrom, angstrom] },
        ...{ fluxes: [...level.map(() => 1), 1, 4], ivars: [...level.map(() => 1e8), 3e8, 1e8] },
      }),
    ],
    grid,
  )
  // (3 x 1 + 1 x 4) / 4 = 1.75 levels.
  expect(fluxAt(binned, bin)).toBeCloseTo(Math.asinh(0.75), 4)
  expect(shareAt(binned, bin)).toBeCloseTo(1, 6)
  expect(shareAt(binned, bin + 2)).toBe(0)
})

test('what is missing is not known, and not zero flux; noise shrinks what is said', () => {
  const gap = segmentOf({ ivars: segmentOf().ivars.map((ivar, i) => (i >= 1000 && i < 2000 ? 0 : ivar)) })
  const binned = binPixels([gap], grid)
  const first = Math.ceil(placeOf(grid, START + STEP * 1000) / grid.binsPerPatch)
  const last = Math.floor(placeOf(grid, START + STEP * 2000) / grid.binsPerPatch)
  expect(last - first).toBeGreaterThan(10)
  for (let patch = first; patch < last; patch++) expect(binned.mask[patch]).toBe(0)
  expect(binned.mask[first - 2]).toBe(1)
  const faint = binPixels([segmentOf({ ivars: segmentOf().ivars.map(ivar => ivar / 1e4) })], grid)
  const sum = (values: Float32Array) => values.reduce((all, value) => all + Math.abs(value), 0)
  expect(sum(faint.features)).toBeLessThan(0.8 * sum(plain.features))
  expect(faint.logSignalToNoise).toBeLessThan(plain.logSignalToNoise - 1)
})

test('one wild pixel stays where it is, and numbers are finite whatever comes', () => {
  const wild = segmentOf({ fluxes: segmentOf().fluxes.map((flux, i) => (i === 1234 ? 1e30 : flux)) })
  const binned = binPixels([wild], grid)
  const at = Math.round(placeOf(grid, START + STEP * 1234))
  expect(binned.features.every(Number.isFinite)).toBe(true)
  for (let bin = 0; bin < binCount(grid); bin++) {
    if (Math.abs(bin - at) > 1) expect(Math.abs(fluxAt(binned, bin) - fluxAt(plain, bin))).toBeLessThan(0.01)
  }
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, -1e30, 0]
  const broken = segmentOf({
    fluxes: segmentOf().fluxes.map((flux, i) => (i % 50 < 4 ? odd[i % 50] : flux)),
    ivars: segmentOf().ivars.map((ivar, i) => (i % 41 < 4 ? odd[i % 41] : ivar)),
  })
  expect(binPixels([broken], grid).features.every(Number.isFinite)).toBe(true)
  const dark = binPixels([segmentOf({ fluxes: segmentOf().fluxes.map(() => 0) })], grid)
  expect(dark.features.every(Number.isFinite)).toBe(true)
  expect(Number.isFinite(dark.logLevel)).toBe(true)
})

test('a level is told only where it means something; a spectrum that says nothing is refused', () => {
  expect(binPixels([segmentOf({ fluxScale: 'relative' })], grid).logLevel).toBeNull()
  const nothing = segmentOf({ ivars: segmentOf().ivars.map(() => 0) })
  expect(() => binPixels([nothing], grid)).toThrow(/no pixel with a flux and an error/)
  expect(() => binPixels([segmentOf()], pixelGrids.hBand)).toThrow(/is it of this instrument/)
})
