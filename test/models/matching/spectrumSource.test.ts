import { expect, test } from 'vitest'
import { createSpectrumSource, isSpectrumSource, namesInExtra, placeOfGaiaId } from '../../../models/index.ts'
import { spectrumEpochMjd } from '../../../models/matching/spectrumSource.ts'
import { pixelSpectrum } from '../../actors/pixelSpectra.ts'
import { gaiaIdAt } from '../../actors/xpSpectra.ts'

const place = { raDeg: 345.797708, decDeg: 32.226539 }

test('a spectrum is a source that measures nothing, behind all surveys, of its epoch or that of its catalogue', () => {
  const source = createSpectrumSource(pixelSpectrum(1, place, { nightMjd: 58408, midMjd: 58407.52847 }))
  expect(isSpectrumSource(source)).toBe(true)
  expect(source.observation).toMatchObject({ ...place, survey: 'boss', measurements: [], links: [], revision: 1n })
  // 2018 October 16, 12:41, counted in Julian years from noon of 2000 January 1.
  const years = (Date.UTC(2018, 9, 16, 12, 41) - Date.UTC(2000, 0, 1, 12)) / (365.25 * 86_400_000)
  expect(source.epochsJyr).toEqual([expect.closeTo(2000 + years, 6), 2000])
  expect(createSpectrumSource(pixelSpectrum(1, place, { nightMjd: null })).epochsJyr).toEqual([2000])
})

test('the middle of the exposures is the epoch, or their begin, or the night', () => {
  const given = pixelSpectrum(1, place, { midMjd: 3, startMjd: 2, nightMjd: 1 })
  expect(spectrumEpochMjd(given)).toBe(3)
  expect(spectrumEpochMjd({ ...given, midMjd: null })).toBe(2)
  expect(spectrumEpochMjd({ ...given, midMjd: null, startMjd: null })).toBe(1)
  expect(spectrumEpochMjd({ ...given, midMjd: null, startMjd: null, nightMjd: null })).toBeNull()
})

test('another file of one spectrum is the same source, another night, fibre, row or product is not', () => {
  const one = pixelSpectrum(1, place)
  const keyOf = (more: Partial<typeof one>) => createSpectrumSource({ ...one, ...more }).key
  const { key } = createSpectrumSource(one)
  expect(keyOf({ file: 'copy.fits', spectrumId: 'other', revision: 9n, raDeg: 345.7978 })).toBe(key)
  for (const more of [
    { nightMjd: 1 },
    { fibre: 7 },
    { row: 3n },
    { product: 'other' },
    { survey: 'sdss' },
    { plate: '1' },
  ]) {
    expect(keyOf(more)).not.toBe(key)
  }
})

test('an id of 2MASS is a link, and the place where the file states none', () => {
  // As 2MASS has it: 00 00 00.02 +74 17 07.4.
  const named = (name: string) => pixelSpectrum(1, { raDeg: null, decDeg: null }, { survey: 'apogee', source: name })
  const { observation, links } = createSpectrumSource(named('2M00000002+7417074'))
  expect(links).toEqual(['twoMass:00000002+7417074'])
  expect(observation.raDeg).toBeCloseTo((15 * 0.02) / 3600, 10)
  expect(observation.decDeg).toBeCloseTo(74 + 17 / 60 + 7.4 / 3600, 10)
  const southern = createSpectrumSource(named('2M23595999-0000005')).observation
  expect(southern.raDeg).toBeCloseTo(15 * (23 + 59 / 60 + 59.99 / 3600), 10)
  expect(southern.decDeg).toBeCloseTo(-0.5 / 3600, 10)
  for (const none of [
    '2M99000002+7417074',
    '2M00000002+9917074',
    '2MASS',
    'AP00000002+7417074',
    '1237680073933258778',
  ]) {
    expect(() => createSpectrumSource(named(none))).toThrow(/states no place, and no name of 2MASS/)
  }
})

test('a number is an id of Gaia where the id says that its source lies here, whichever column it stands in', () => {
  // As a file of LAMOST names its star.
  const id = '1886955093649969280'
  expect(placeOfGaiaId(id)).not.toBeNull()
  const links = [`gaiaDr3:${id}`, `gaiaDr2:${id}`]
  const linksOf = (extra: Record<string, string>, at = place) =>
    createSpectrumSource(pixelSpectrum(1, at, { extra })).links
  expect(linksOf({ OBJNAME: id })).toEqual(links)
  expect(linksOf({ 'SPECOBJ.GAIA_ID': id })).toEqual(links)
  expect(linksOf({ PLATEID: id })).toEqual([])
  expect(linksOf({ OBJNAME: id }, { raDeg: 345.8, decDeg: 32.3 })).toEqual([])
  expect(linksOf({ OBJNAME: gaiaIdAt(place.raDeg, place.decDeg, 5) })).toHaveLength(2)
  expect(namesInExtra({ extra: { OBJNAME: id, OBJID: 'kplr008098300', SEEING: id } })).toEqual({ OBJNAME: id })
})
