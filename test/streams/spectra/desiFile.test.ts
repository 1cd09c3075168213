import { expect, test } from 'vitest'
import { readSpectra, spectrumFixture } from './spectraContents.ts'

test('a target of DESI has its place, its exposure, its bits and its cells, and sky is left out', async () => {
  const { spectra } = await readSpectra(spectrumFixture('desi.fits.gz'))
  expect(spectra.map(({ source, row }) => [source, row])).toEqual([
    ['9223372036854775807', 1n],
    ['39628473198710603', 3n],
  ])
  expect(spectra[0]).toMatchObject({ raDeg: 56.7, decDeg: 24.1, exposureS: 900, release: 'iron', velocityFrame: null })
  expect(spectra[0].extra).toMatchObject({ SURVEY: 'main', 'FIBERMAP.REF_ID': '66714384142368256' })
  const [blue, , red] = spectra[0].segments
  expect(blue.masks[0].bits[5]).toBe(257)
  expect(blue.masks[0].bitNames.filter(({ bit }) => (257 >> bit) & 1).map(({ name }) => name)).toEqual([
    'SOMEBADPIX',
    'NODATA',
  ])
  // Packed as a table.
  expect(red.masks).toEqual([])
})
