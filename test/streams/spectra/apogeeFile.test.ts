import { expect, test } from 'vitest'
import { segmentWavelengths } from '../../../streams/index.ts'
import { scratchFile } from '../files/scratchFiles.ts'
import { readSpectra, spectrumBytes, spectrumFixture } from './spectraContents.ts'

test('a visit keeps its frame, epoch and bits; its wavelengths fall', async () => {
  const { spectra } = await readSpectra(spectrumFixture('apVisit.fits.gz'))
  expect(spectra[0]).toMatchObject({
    ...{ velocityFrame: 'topocentric', frameCorrectionKmPerS: null, exposureS: 2502.54, nightMjd: 57729 },
    ...{ plate: '9518', field: '120+12', fibre: 104, raDeg: 0.000103, release: '0.12.7' },
  })
  expect(spectra[0].startMjd).toBeCloseTo(57729 + (4 + 17 / 60 + 7.901 / 3600) / 24, 8)
  expect(spectra[0].midMjd).toBeCloseTo(57729.20782, 5)
  expect(spectra[0].extra).toMatchObject({ BC: '-14.58', 'HDU5.GAIA_ID': '9223372036854775807' })
  for (const segment of spectra[0].segments) {
    const wavelengths = segmentWavelengths(segment)
    expect(wavelengths[0]).toBeGreaterThan(wavelengths[1])
    expect(segment.masks[0].bitNames).toContainEqual({ bit: 12, name: 'SIG_SKYLINE' })
    expect(segment).toMatchObject({ medium: 'vacuum', fluxUnit: '1e-17 erg/s/cm2/Angstrom', fluxScale: 'absolute' })
  }
})

test('sums and visits of a star are spectra of their own, in rows', async () => {
  const { spectra, errors } = await readSpectra(spectrumFixture('apStar.fits.gz'))
  expect(spectra.map(({ row, segments }) => [row, segments[0].name, segments[0].signalToNoise])).toEqual([
    [1n, 'sum', 150],
    [2n, 'sum, weighted by visits', 150],
    [3n, 'visit 1', 71.5],
  ])
  expect(spectra.map(({ velocityFrame, midMjd, fibre }) => [velocityFrame, midMjd, fibre])).toEqual([
    ['rest', null, null],
    ['rest', null, null],
    ['rest', expect.closeTo(56257.1, 6), 285],
  ])
  expect(spectra[0].segments[0].wavelengthLaw).toEqual({ start: 4.179, step: 6e-6 })
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/extensions 1 to 3 row 4, has no pixel with a flux and an error/),
  ])
})

test('what parameters were fitted to is normalised and has no unit', async () => {
  const { spectra } = await readSpectra(spectrumFixture('aspcapStar.fits.gz'))
  expect(spectra[0]).toMatchObject({ velocityFrame: 'rest', extra: { 'HDU4.TEFF': '4750.5' } })
  expect(spectra[0].segments[0]).toMatchObject({ fluxUnit: '', fluxScale: 'normalised', masks: [], badPixelCount: 1 })
})

test('a visit whose images are not those of three chips is refused', async () => {
  const text = spectrumBytes('apVisit.fits.gz').toString('latin1')
  const changed = text.replace(
    /NAXIS1 {2}= {19}12(.*?)NAXIS2 {2}= {20}3/s,
    `NAXIS1  =${' '.repeat(20)}9$1NAXIS2  =${' '.repeat(20)}4`,
  )
  expect(changed).not.toBe(text)
  await expect(readSpectra(scratchFile('visit.fits', Buffer.from(changed, 'latin1')))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/has 9 x 4 fluxes, not those of three chips; fetch the file again\.$/),
  })
})
