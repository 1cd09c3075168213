import { expect, test } from 'vitest'
import { packPixels } from '../../../models/index.ts'
import { meansOf, shownSpectra } from '../../../ops/spectra/shownSpectra.ts'
import { encode, type PixelSpectrum, type SpectrumSegment, type StarSpectrum } from '../../../schemas/index.ts'
import { goldenXp } from '../../models/simulators/xp/goldenSources.ts'
import { goldenSpectra, readSpectra, spectrumFixture } from '../../streams/spectra/spectraContents.ts'

const segment = (fluxes: readonly (number | null)[], ivars: readonly number[]): SpectrumSegment => ({
  ...{ name: 'sum', medium: 'vacuum', wavelengthUnit: 'Angstrom', wavelengthScale: 'linear', wavelengths: [] },
  ...{ wavelengthLaw: { start: 5000, step: 10 }, fluxUnit: 'a', fluxScale: 'absolute', fluxes, ivars, masks: [] },
  ...{ signalToNoise: null, badPixelCount: 0, missingPixelCount: 0 },
})

test('neighbours are averaged by their inverse variances, and a gap stays a gap', () => {
  const { wavelengthNm, flux, sigma } = meansOf(segment([1, 4, null, 7, 8, 9, 5], [1, 2, 0, 0, 4, 4, 0.25]), 2)
  // Of errors 1 and 1/sqrt 2: (1 + 8) / 3, and 1 / sqrt 3.
  expect(wavelengthNm).toEqual([500.5, 502.5, 504.5, 506])
  expect(flux).toEqual([3, null, 8.5, 5])
  expect(sigma).toEqual([3 ** -0.5, null, 8 ** -0.5, 2])
})

test('however many pixels an instrument has, so many are shown', () => {
  const pixels = encode('pixels', packPixels([segment(Array(900).fill(2), Array(900).fill(1))]))
  const pixelSpectra = [{ survey: 'boss', product: 'sdssSpec' } as PixelSpectrum]
  const counts = [100, 450, 2000].map(most => {
    const [{ segments }] = shownSpectra({ pixelSpectra, pixels: [pixels] }, most)
    expect(segments[0].flux.every(flux => flux === 2)).toBe(true)
    return segments[0].flux.length
  })
  expect(counts).toEqual([100, 450, 900])
})

test('pixels are shown as astropy reads them in the file of the survey', async () => {
  const { spectra } = await readSpectra(spectrumFixture('sdss.fits.gz'))
  const [golden] = goldenSpectra['sdss.fits.gz']
  const pixels = encode('pixels', packPixels(spectra[0].segments))
  const [{ segments }] = shownSpectra({ pixelSpectra: [{ survey: 'sdss' } as PixelSpectrum], pixels: [pixels] }, 2000)
  const [told] = golden.segments ?? []
  const [shown] = segments
  told.fluxes.forEach((flux, i) => {
    const ivar = told.noise[i] ?? 0
    expect(shown.wavelengthNm[i]).toBeCloseTo(told.wavelengths[i] / 10, 8)
    if (flux === null || !(ivar > 0)) expect([shown.flux[i], shown.sigma[i]]).toEqual([null, null])
    else {
      expect((shown.flux[i] ?? Number.NaN) / flux).toBeCloseTo(1, 6)
      expect((shown.sigma[i] ?? Number.NaN) * ivar ** 0.5).toBeCloseTo(1, 6)
    }
  })
})

test('coefficients of real stars are shown as the flux that GaiaXPy makes of them', () => {
  for (const { bp, rp, archive } of goldenXp.sources) {
    const bands = [
      ['BP', bp],
      ['RP', rp],
    ] as const
    const spectrum = {
      survey: 'gaiaXp',
      bands: bands.flatMap(([name, band]) =>
        band === null
          ? []
          : [{ name, basis: 1, coefficients: Array.from(band.coefficients), errors: Array.from(band.errors) }],
      ),
    } as unknown as StarSpectrum
    const [shown] = shownSpectra({ spectra: [spectrum] }, 2000)
    const expected = archive.flux.flatMap(flux => flux ?? [])
    const scale = Math.max(...expected.map(Math.abs))
    const { flux, sigma } = shown.segments[0]
    expect(flux).toHaveLength(expected.length)
    const offsets = expected.map((value, k) => Math.abs((flux[k] ?? Number.NaN) - value))
    expect(Math.max(...offsets)).toBeLessThan(1e-3 * scale)
    expect(sigma.every(one => one === null)).toBe(true)
  }
  expect(goldenXp.sources.length).toBeGreaterThan(2)
})

test('coefficients that are cut short are no spectrum', () => {
  const cut = { bands: [{ name: 'BP', basis: 1, coefficients: [1, 2], errors: [1, 1] }] } as unknown as StarSpectrum
  expect(shownSpectra({ spectra: [cut] }, 2000)).toEqual([])
})
