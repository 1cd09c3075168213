import { expect, test } from 'vitest'
import { sppixmaskBits } from '../../../streams/spectra/maskBits.ts'
import { scratchFile } from '../files/scratchFiles.ts'
import { readSpectra, spectrumBytes, spectrumFixture } from './spectraContents.ts'

test('the position is that of the star, not of the telescope; the id has 64 bits', async () => {
  const { spectra } = await readSpectra(spectrumFixture('sdss.fits.gz'))
  expect(spectra[0]).toMatchObject({
    ...{ source: '695908431386667008', raDeg: 236.97794, decDeg: 52.815963, release: '26' },
    ...{ velocityFrame: 'heliocentric', frameCorrectionKmPerS: 6.0315, startMjd: null, nightMjd: 52049 },
    ...{ plate: '618', fibre: 372, exposureS: 5404, extension: 'COADD', row: null },
  })
  expect(spectra[0].segments[0]).toMatchObject({ signalToNoise: 50.5, wavelengthScale: 'log10', medium: 'vacuum' })
  expect(spectra[0].extra).toMatchObject({ RA: '237.28', 'SPECOBJ.SN_MEDIAN_ALL': '50.5' })
})

test('without a row of its star a spectrum is named by plate, day and fibre; TAI seconds begin its exposure', async () => {
  const { spectra } = await readSpectra(spectrumFixture('boss.fits.gz'))
  expect(spectra[0]).toMatchObject({ source: '4068-55445-924', startMjd: 55445 })
})

test('both masks carry the names of their bits', async () => {
  const { spectra } = await readSpectra(spectrumFixture('sdss.fits.gz'))
  expect(spectra[0].segments[0].masks.map(({ name, bitNames }) => [name, bitNames])).toEqual([
    ['and', sppixmaskBits],
    ['or', sppixmaskBits],
  ])
  // As sdssMaskbits.par numbers them.
  const numbers = new Map(sppixmaskBits.map(({ bit, name }) => [name, bit]))
  const some = ['NOPLUG', 'SMEARMEDSN', 'NEARBADPIXEL', 'BRIGHTSKY', 'COMBINEREJ', 'REDMONSTER']
  expect(some.map(name => numbers.get(name))).toEqual([0, 12, 16, 23, 25, 28])
  expect(numbers.size).toBe(26)
})

test('wavelengths that the header says are in air stay so', async () => {
  const text = spectrumBytes('sdss.fits.gz').toString('latin1')
  const air = text.replace(/(VACUUM {2}= +)T/, '$1F')
  const { spectra } = await readSpectra(scratchFile('air.fits', Buffer.from(air, 'latin1')))
  expect(spectra[0].segments[0].medium).toBe('air')
})

test('a table without its errors is refused with the columns it has', async () => {
  const text = spectrumBytes('sdss.fits.gz').toString('latin1').replace("'and_mask'", "'add_mask'")
  const { spectra, errors } = await readSpectra(scratchFile('odd.fits', Buffer.from(text, 'latin1')))
  expect(spectra).toEqual([])
  expect(errors[0].message).toMatch(/has no column and_mask in COADD, only flux, loglam, ivar, add_mask, or_mask/)
})
