import { expect, test } from 'vitest'
import { segmentWavelengths } from '../../../streams/index.ts'
import { scratchFile } from '../files/scratchFiles.ts'
import { readSpectra, spectrumBytes, spectrumFixture } from './spectraContents.ts'

const patched = (name: string, from: RegExp, to: string) => {
  const text = spectrumBytes(name).toString('latin1')
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  expect(changed).toHaveLength(text.length)
  return scratchFile(`patched-${name.replace('.gz', '')}`, Buffer.from(changed, 'latin1'))
}

test('old and new layout of one spectrum say the same', async () => {
  const [rows, table] = await Promise.all(
    ['lamostRows.fits.gz', 'lamostTable.fits.gz'].map(name => readSpectra(spectrumFixture(name))),
  )
  expect(rows.spectra[0].segments).toEqual(table.spectra[0].segments)
  for (const { spectra } of [rows, table]) {
    expect(spectra[0]).toMatchObject({
      ...{ source: 'LAMOST J192814.09+435530.8', release: 'LAMOST DR6', field: 'KP193637N444141V03', fibre: 161 },
      ...{ velocityFrame: 'heliocentric', frameCorrectionKmPerS: 9.85119, exposureS: 1800, nightMjd: 57287 },
      ...{ segments: [{ medium: 'vacuum', fluxUnit: '', fluxScale: 'relative', badPixelCount: 2 }] },
    })
    // 19:39 in Beijing, and 11:57 UTC.
    expect(spectra[0].startMjd).toBeCloseTo(57286 + (11 + 39 / 60) / 24, 6)
    expect(spectra[0].midMjd).toBeCloseTo(57286 + (11 + 57 / 60) / 24, 6)
  }
})

test('the sum of all exposures and each of them, arms side by side, one of them alone', async () => {
  const { spectra } = await readSpectra(spectrumFixture('mrs.fits.gz'))
  expect(
    spectra.map(({ extension, exposureS, frameCorrectionKmPerS }) => [extension, exposureS, frameCorrectionKmPerS]),
  ).toEqual([
    ['COADD_B, COADD_R', null, 9.85119],
    ['B-84420148, R-84420148', 1200, null],
    ['B-84420171', 1200, null],
  ])
  expect(spectra[1].segments.map(({ name, signalToNoise }) => [name, signalToNoise])).toEqual([
    ['B', 12.88],
    ['R', 20],
  ])
  const [blue, red] = spectra[1].segments.map(segmentWavelengths)
  expect(blue[0]).toBeLessThan(blue[1])
  expect(red[0]).toBeGreaterThan(red[1])
  expect(spectra[1].segments[0].masks.map(({ name }) => name)).toEqual(['pixel'])
  expect(spectra[1].extra).toMatchObject({ 'B-84420148.LMJM': '84420148', 'R-84420148.SNR': '20.0' })
})

test('cards that say otherwise are believed: no correction, wavelengths in air', async () => {
  const path = patched('lamostRows.fits.gz', /(HELIO {3}= +)T/, '$1F')
  expect((await readSpectra(path)).spectra[0].velocityFrame).toBe('topocentric')
  const air = patched('mrs.fits.gz', /(VACUUM {2}= +)T/, '$1F')
  expect((await readSpectra(air)).spectra[0].segments.map(({ medium }) => medium)).toEqual(['air', 'air'])
})

test('an image of other rows is refused', async () => {
  const path = patched(
    'lamostRows.fits.gz',
    /NAXIS1 {2}= {19}18(.*?)NAXIS2 {2}= {20}5/s,
    `NAXIS1  =${' '.repeat(19)}30$1NAXIS2  =${' '.repeat(20)}3`,
  )
  await expect(readSpectra(path)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/has 30 x 3 numbers, not five rows; fetch the file again\.$/),
  })
})

test('a damaged arm refuses its exposure, and no other', async () => {
  // The last one is that of R-84420148.
  const path = patched('mrs.fits.gz', /TTYPE3 {2}= 'LOGLAM(?![\s\S]*TTYPE3 {2}= 'LOGLAM)/, "TTYPE3  = 'LOGLIM")
  const { spectra, errors } = await readSpectra(path)
  expect([spectra.length, errors.length]).toEqual([2, 1])
  expect(errors[0].message).toMatch(/has no column wavelength in R-84420148, only flux, ivar, loglim, pixmask; fetch/)
})

test('a file with fewer extensions than it counts is cut short, at whatever byte it ends', async () => {
  const counting = (count: number) =>
    patched('mrs.fits.gz', /OBSID {3}= {12}359910161/, `N_EXTEN =${String(count).padStart(21)}`)
  expect((await readSpectra(counting(6))).spectra).toHaveLength(3)
  await expect(readSpectra(counting(7))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/is cut short: it has 6 of 7 extensions; fetch the file again\.$/),
  })
})
