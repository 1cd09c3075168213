// What becomes of spectra with pixels on their way through the fusion: wherever they lie, whatever comes first.
import { expect, test } from 'vitest'
import { readFuseRecord } from '../../actors/fuseMessage.ts'
import { revisionOf } from '../../actors/revision.ts'
import { createRng, createSkySource, createSpectrumSource, packPixels, signalOfPixels } from '../../models/index.ts'
import { cellOf } from '../../models/matching/skyCells.ts'
import { SourceField } from '../../models/matching/sourceField.ts'
import { Grouping } from '../../models/matching/sourceGroups.ts'
import { toStar } from '../../models/matching/starDraft.ts'
import { decode, encode, type Observation, type Spectrum, type Star } from '../../schemas/index.ts'
import { gaiaMeasurements, levels, observe, offset, shuffle, simulateSky } from '../models/matching/simulatedSky.ts'
import { pixelSegment, pixelSpectrum } from './pixelSpectra.ts'
import { rawRecord, SkyWalk } from './skyWalk.ts'

const pixelsOf = ({ segments }: Spectrum) => new Uint8Array(encode('pixels', packPixels(segments)))
const bytesOf = (star: Star): Star => ({ ...star, pixels: (star.pixels ?? []).map(bytes => new Uint8Array(bytes)) })

/** Groups all sources and spectra at once: no regions, no patches, no order. */
function groupAll(observations: readonly Observation[], spectra: readonly Spectrum[]): Star[] {
  const known = spectra.map(({ segments, ...one }) => ({
    ...one,
    segments: [],
    extra: {},
    ...signalOfPixels(segments),
  }))
  const sources = [
    ...observations.map(one => createSkySource({ ...one, extra: {} }, levels)),
    ...known.map(createSpectrumSource),
  ]
  const grouping = new Grouping(new SourceField(sources, sources[0].reference))
  const anchors = new Set(sources.filter(({ spectrum }) => spectrum === null).map(source => grouping.anchorOf(source)))
  const byId = new Map(spectra.map(one => [one.spectrumId, pixelsOf(one)]))
  return [...anchors]
    .map(anchor => toStar(grouping.groupOf(anchor), levels))
    .map(star => ({ ...star, pixels: (star.pixelSpectra ?? []).flatMap(one => byId.get(one.spectrumId) ?? []) }))
    .sort((a, b) => (a.starId < b.starId ? -1 : 1))
}

/** One for each source of 2MASS, half an arcsec from it at most, and some at places where nothing is. */
function fibresAt(observations: readonly Observation[], more: Partial<Spectrum> = {}): Spectrum[] {
  const seen = observations.filter(one => one.survey === 'twoMass')
  const there = seen.map((one, i) => pixelSpectrum(i, offset(one.raDeg, one.decDeg, (i % 5) / 8, -(i % 3) / 8), more))
  const empty = seen.slice(0, 4).map((one, i) => pixelSpectrum(1000 + i, offset(one.raDeg, one.decDeg, 200 + 9 * i, 0)))
  return [...there, ...empty]
}

const sortedStars = (walk: SkyWalk) => walk.sortedStars().map(bytesOf)
const spectraIn = (stars: readonly Star[]) =>
  stars.flatMap(({ pixelSpectra = [] }) => pixelSpectra.map(({ spectrumId }) => spectrumId)).sort()

const corners = [
  [0, 0],
  [0, 90],
  [0, 41.8103148957786],
  [45, 12.3],
] as const

for (const [i, [raDeg, decDeg]] of corners.entries()) {
  test(`spectra find the stars at their places across borders of regions, in any order (${raDeg}, ${decDeg})`, () => {
    const rng = createRng(700 + i)
    const observations = simulateSky({ raDeg, decDeg, sizeArcsec: 60, starCount: 25, motionMasPerYr: 60 }, rng)
    const spectra = fibresAt(observations)
    const expected = groupAll(observations, spectra)
    expect(spectraIn(expected).length).toBeGreaterThan(spectra.length / 2)
    for (let round = 0; round < 2; round++) {
      const walk = new SkyWalk()
      for (const one of shuffle([...observations, ...spectra], rng)) {
        if ('cell' in one) walk.receive(one)
        else walk.receiveSpectrum(one)
        if (rng.uniform() < 0.5) walk.advance(rng)
      }
      walk.settle(rng)
      expect(sortedStars(walk)).toEqual(expected)
      expect(walk.letters).toEqual([])
      // What belongs to no star waits, and nothing else does.
      const joined = new Set(walk.joinedSpectra)
      const waiting = [...walk.latestWaiting.values()].map(({ spectrumId }) => spectrumId)
      expect(waiting.sort()).toEqual(
        spectra
          .map(one => one.spectrumId)
          .filter(id => !joined.has(id))
          .sort(),
      )
    }
  })
}

test('a spectrum makes one new version of its star, the same again none, a later delivery another, an older one none', () => {
  const rng = createRng(21)
  const place = { raDeg: 45, decDeg: 12.3 }
  const walk = new SkyWalk()
  walk.receive(observe({ survey: 'gaiaDr3', source: '7', ...place, positionErrArcsec: 0.001 }))
  walk.settle(rng)
  const versions = () => walk.history.get('gaiaDr3:7') ?? []
  const take = (spectrum: Spectrum) => {
    walk.receiveSpectrum(spectrum)
    walk.settle(rng)
    return versions().length
  }
  const first = pixelSpectrum(1, place)
  expect(take(first)).toBe(2)
  expect(take({ ...first, spectrumId: 'other', file: 'copy.fits', revision: 2n })).toBe(2)
  const mended = { ...first, spectrumId: 'mended', segments: [pixelSegment(3, 5)], revision: 3n }
  expect(take(mended)).toBe(3)
  expect(take({ ...first, revision: 2n })).toBe(3)
  const { pixelSpectra, pixels = [] } = versions()[2]
  expect(pixelSpectra).toMatchObject([{ spectrumId: 'mended', file: 'spec-1.fits', matchedBy: 'position' }])
  expect(pixelSpectra?.[0].signalToNoise).toBeCloseTo(5, 12)
  const [{ fluxes }] = decode('pixels', pixels[0]).segments
  expect(fluxes).toEqual(mended.segments[0].fluxes.map(flux => Math.fround(flux as number)))
  // Pixels of what was superseded are not kept.
  expect(walk.pixelKeys).toEqual([`${cellOf(45, 12.3, 6)}/#mended`])
})

test('of one instrument the spectrum with the most signal is the star’s, other instruments stand beside it', () => {
  const rng = createRng(22)
  const place = { raDeg: 45, decDeg: 12.3 }
  const nights = [30, 80, 50].map((signal, i) =>
    pixelSpectrum(i, place, { nightMjd: 55000 + i, segments: [pixelSegment(10, signal)] }),
  )
  const apogee = pixelSpectrum(9, place, { survey: 'apogee', product: 'apVisit', midMjd: 57729.2 })
  for (const order of [nights, [...nights].reverse()]) {
    const walk = new SkyWalk()
    for (const one of [...order, apogee]) walk.receiveSpectrum(one)
    walk.receive(observe({ survey: 'gaiaDr3', source: '7', ...place, positionErrArcsec: 0.001 }))
    walk.settle(rng)
    const [{ pixelSpectra = [], pixels = [] }] = walk.sortedStars()
    expect(pixelSpectra.map(({ survey, spectrumId, epochMjd }) => [survey, spectrumId, epochMjd])).toEqual([
      ['apogee', '9of1', 57729.2],
      ['boss', '1of1', 55001],
    ])
    expect(pixels.map(bytes => new Uint8Array(bytes))).toEqual([apogee, nights[1]].map(pixelsOf))
  }
})

test('of more pixels than a record can hold the spectra with the most signal are kept', () => {
  const rng = createRng(25)
  const place = { raDeg: 45, decDeg: 12.3 }
  const count = 24_576
  const large = (signal: number) =>
    pixelSegment(10, signal, {
      wavelengths: Array.from({ length: count }, (_, i) => 3.6 + i * 1e-5),
      wavelengthLaw: null,
      fluxes: Array<number>(count).fill(10),
      ivars: Array<number>(count).fill((signal / 10) ** 2),
      masks: [],
    })
  const walk = new SkyWalk()
  walk.receive(observe({ survey: 'gaiaDr3', source: '7', ...place, positionErrArcsec: 0.001 }))
  for (const [survey, signal] of [
    ['lamostLrs', 30],
    ['boss', 10],
    ['apogee', 20],
  ] as const) {
    walk.receiveSpectrum(pixelSpectrum(signal, place, { survey, segments: [large(signal)] }))
  }
  walk.settle(rng)
  const [star] = walk.sortedStars()
  expect(star.pixelSpectra?.map(({ survey }) => survey)).toEqual(['apogee', 'lamostLrs'])
  expect(encode('star', star).length).toBeLessThan(2 ** 20)
})

test('a spectrum between two stars is given to the nearer one, which is ambiguous then', () => {
  const rng = createRng(23)
  const center = { raDeg: 45, decDeg: 12.3 }
  const gaia = (source: string, east: number) =>
    observe({ survey: 'gaiaDr3', source, ...offset(45, 12.3, east, 0), positionErrArcsec: 0.001 })
  const walk = new SkyWalk()
  for (const one of [gaia('1', -0.45), gaia('2', 0.4)]) walk.receive(one)
  walk.receiveSpectrum(pixelSpectrum(1, center))
  walk.settle(rng)
  const found = walk.sortedStars().map(({ isAmbiguous, pixelSpectra = [] }) => [isAmbiguous, pixelSpectra.length])
  expect(found).toEqual([
    [false, 0],
    [true, 1],
  ])
  // One that names its star is sure.
  walk.receive({ ...gaia('1', -0.45), links: [{ survey: 'twoMass', source: '03000000+1218000' }], revision: 2n << 32n })
  walk.receiveSpectrum(pixelSpectrum(2, center, { survey: 'apogee', source: '2M03000000+1218000' }))
  walk.settle(rng)
  expect(walk.stars.get('gaiaDr3:1')?.pixelSpectra).toMatchObject([{ survey: 'apogee', matchedBy: 'id' }])
  expect(walk.stars.get('gaiaDr3:1')?.isAmbiguous).toBe(false)
})

test('a lone star of Gaia is joined to 1.7 arcsec, one of 20 within 20 arcsec to 1.1', () => {
  const measurements = gaiaMeasurements(0, 0)
  const gaia = (source: string, east: number, north: number) =>
    observe({
      ...{ survey: 'gaiaDr3', source, ...offset(45, 12.3, east, north), positionErrArcsec: 0.001, measurements },
    })
  const crowd = Array.from({ length: 20 }, (_, i) => gaia(`crowd${i}`, 6 + i / 2, i % 2 === 0 ? 5 : -5))
  for (const [others, joins, leaves] of [
    [[], 1.7, 1.8],
    [crowd, 1.1, 1.3],
  ] as const) {
    const joined = [joins, leaves].map(separation => {
      const walk = new SkyWalk()
      for (const one of [gaia('7', 0, 0), ...others]) walk.receive(one)
      walk.receiveSpectrum(pixelSpectrum(1, offset(45, 12.3, -separation, 0)))
      walk.settle(createRng(26))
      return walk.stars.get('gaiaDr3:7')?.pixelSpectra?.length
    })
    expect(joined).toEqual([1, 0])
  }
})

test('a star is looked for where it was when the spectrum was taken, or when the catalogue of its fibre was made', () => {
  const rng = createRng(24)
  // 1.5 arcsec a year: from 2000 to 2010.7 it moves 16 arcsec.
  const measurements = gaiaMeasurements(1500, 0)
  const walk = new SkyWalk()
  walk.receive(
    observe({ survey: 'gaiaDr3', source: '7', raDeg: 45, decDeg: 12.3, positionErrArcsec: 0.001, measurements }),
  )
  const years = (epochJyr: number) => offset(45, 12.3, 1.5 * (epochJyr - 2016), 0)
  const nightOf = (epochJyr: number) => Math.round(51544.5 + 365.25 * (epochJyr - 2000))
  const there = [
    pixelSpectrum(1, years(2010.7), { nightMjd: nightOf(2010.7) }),
    pixelSpectrum(2, years(2000), { survey: 'lamostLrs', nightMjd: nightOf(2010.7) }),
    pixelSpectrum(3, years(2000), { survey: 'apogee', nightMjd: null }),
  ]
  const elsewhere = pixelSpectrum(4, years(2016), { survey: 'sdss', nightMjd: nightOf(2010.7) })
  for (const one of [...there, elsewhere]) walk.receiveSpectrum(one)
  walk.settle(rng)
  const [{ pixelSpectra = [] }] = walk.sortedStars()
  expect(pixelSpectra.map(({ survey }) => survey)).toEqual(['apogee', 'boss', 'lamostLrs'])
  for (const { separationArcsec } of pixelSpectra) expect(separationArcsec).toBeLessThan(0.01)
  expect([...walk.latestWaiting.values()].map(({ survey }) => survey)).toEqual(['sdss'])
})

test('stars that move, merge and are taken back hand their spectra on, leave them waiting and find them again', () => {
  for (let seed = 0; seed < 4; seed++) {
    const rng = createRng(800 + seed)
    let current = simulateSky({ raDeg: 0, decDeg: 0, sizeArcsec: 60, starCount: 12, motionMasPerYr: 10 }, rng)
    current = current.map(one => ({ ...one, revision: revisionOf(1n, 1) }))
    const spectra = fibresAt(current)
    const walk = new SkyWalk()
    for (const one of [...current, ...spectra]) {
      if ('cell' in one) walk.receive(one)
      else walk.receiveSpectrum(one)
    }
    for (const [ordinal, east, north] of [
      [2n, 60, 0],
      [3n, -80, 40],
      [4n, 20, -40],
    ] as const) {
      const revision = revisionOf(ordinal, 1)
      current = current.map((one, i) => {
        if (i % 3 !== 0) return one
        const place = offset(one.raDeg, one.decDeg, east, north)
        return { ...one, ...place, revision, cell: BigInt(cellOf(place.raDeg, place.decDeg)) }
      })
      for (const one of current.filter(({ revision: of }) => of === revision)) {
        walk.receive(one)
        if (rng.uniform() < 0.7) walk.advance(rng)
      }
    }
    walk.settle(rng)
    expect(sortedStars(walk)).toEqual(groupAll(current, spectra))
    walk.takeBack(1n)
    walk.settle(rng)
    const moved = current.filter(one => one.revision !== revisionOf(1n, 1))
    expect(sortedStars(walk)).toEqual(groupAll(moved, spectra))
    const again = current.map(one => (moved.includes(one) ? one : { ...one, revision: revisionOf(5n, 1) }))
    for (const one of again.filter(one => !moved.includes(one))) walk.receive(one)
    walk.settle(rng)
    expect(sortedStars(walk)).toEqual(groupAll(again, spectra))
  }
})

const asRecord = (spectrum: Spectrum) => ({
  ...rawRecord,
  topic: 'spectra',
  key: `${spectrum.survey}:${spectrum.source}`,
  value: encode('spectrum', spectrum),
})

test('a spectrum whose file states no place and no name that is one is refused whole, with a sentence', () => {
  for (const [place, stated] of [
    [{ raDeg: null, decDeg: 5 }, 'no place'],
    [{ raDeg: -9999, decDeg: -9999 }, 'right ascension -9999 and declination -9999'],
  ] as const) {
    const record = asRecord(pixelSpectrum(1, place))
    const message = readFuseRecord(record, levels)
    if (message.kind !== 'refused') throw new Error('was not refused')
    const letter = decode('deadLetter', message.letter.value as Uint8Array)
    expect(letter).toMatchObject({ step: 'fuse', code: 'VALUE_OUT_OF_RANGE', topic: 'spectra', key: 'boss:1' })
    expect(letter.reason).toBe(
      `spec-1.fits: the spectrum of 1 states ${stated}, and no name of 2MASS, so its star cannot be found; correct it, and ingest the file again.`,
    )
    expect(new Uint8Array(letter.bytes)).toEqual(record.value)
  }
})

test('what is sent to the regions has no masks and no other columns than names', () => {
  const names = { APOGEE_ID: '2M03000000+1218000', 'HDU11.APOGEE_ID': '2M03000000+1218000', OBJID: 'AP1', SEEING: '1' }
  const message = readFuseRecord(asRecord(pixelSpectrum(1, { raDeg: 45, decDeg: 12.3 }, { extra: names })), levels)
  if (message.kind !== 'posted') throw new Error('was not posted')
  const [sent, ...others] = message.emit
  expect([sent.topic, sent.key, others]).toEqual(['observations', `${cellOf(45, 12.3, 6)}`, []])
  const {
    observation,
    spectrum = new Uint8Array(),
    pixels = new Uint8Array(),
  } = decode('sighting', sent.value as Uint8Array)
  expect(observation).toHaveLength(0)
  const { SEEING: _, OBJID: __, ...kept } = names
  expect(decode('spectrum', spectrum)).toMatchObject({ segments: [], extra: kept })
  expect(decode('pixels', pixels).segments[0]).not.toHaveProperty('masks')
})
