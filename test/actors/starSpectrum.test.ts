import { expect, test } from 'vitest'
import { readFuseRecord } from '../../actors/fuseMessage.ts'
import { revisionOf } from '../../actors/revision.ts'
import { ownerOf, postOf, postSpectrum, spectrumInForce, supersedes } from '../../actors/starSpectrum.ts'
import { createRng, createSkySource, placeOfGaiaId, type Rng } from '../../models/index.ts'
import { cellOf } from '../../models/matching/skyCells.ts'
import { SourceField } from '../../models/matching/sourceField.ts'
import { Grouping } from '../../models/matching/sourceGroups.ts'
import { toStar } from '../../models/matching/starDraft.ts'
import { decode, encode, type Observation, type Spectrum, type Star } from '../../schemas/index.ts'
import { gaiaMeasurements, levels, observe, offset, shuffle, simulateSky } from '../models/matching/simulatedSky.ts'
import { rawRecord, SkyWalk } from './skyWalk.ts'
import { gaiaIdAt, xpSpectrum } from './xpSpectra.ts'

/** A sky whose sources of Gaia have ids of the places where they were found first, 12 arcsec from where they are now. */
function gaiaSky(raDeg: number, decDeg: number, rng: Rng): Observation[] {
  const observations = simulateSky({ raDeg, decDeg, sizeArcsec: 60, starCount: 30, motionMasPerYr: 60 }, rng)
  const names = new Map(
    observations
      .filter(one => one.survey === 'gaiaDr3')
      .map((one, i) => {
        const first = offset(one.raDeg, one.decDeg, i % 2 === 0 ? 0 : 12, 0)
        return [one.source, gaiaIdAt(first.raDeg, first.decDeg, i)]
      }),
  )
  const nameOf = (survey: string, source: string) => (survey === 'gaiaDr3' ? (names.get(source) ?? source) : source)
  return observations.map(one => ({
    ...one,
    source: nameOf(one.survey, one.source),
    links: one.links.map(link => ({ ...link, source: nameOf(link.survey, link.source) })),
  }))
}

const spectraOf = (observations: readonly Observation[], revision = 1n) =>
  observations
    .filter(one => one.survey === 'gaiaDr3')
    .map((one, i) => xpSpectrum(one.source, 100 + i + Number(revision), { revision }))

/** What a region keeps of it. */
const kept = (spectrum: Spectrum): Spectrum => ({
  ...spectrum,
  extra: {},
  bands: spectrum.bands.map(band => ({ ...band, correlations: [] })),
})

/** Groups all sources at once, each with its spectrum. */
function groupAll(observations: readonly Observation[], spectra: readonly Spectrum[]): Star[] {
  const bySource = new Map(spectra.map(one => [one.source, kept(one)]))
  const sources = observations.map(one =>
    createSkySource({ ...one, extra: {} }, levels, one.survey === 'gaiaDr3' ? bySource.get(one.source) : null),
  )
  const grouping = new Grouping(new SourceField(sources, sources[0].reference))
  const anchors = new Set(sources.map(source => grouping.anchorOf(source)))
  return [...anchors]
    .map(anchor => toStar(grouping.groupOf(anchor), levels))
    .sort((a, b) => (a.starId < b.starId ? -1 : 1))
}

const corners = [
  [0, 0],
  [0, 90],
  [0, 41.8103148957786],
  [45, 12.3],
] as const

for (const [i, [raDeg, decDeg]] of corners.entries()) {
  test(`spectra find their stars at borders of regions, in any order (${raDeg}, ${decDeg})`, () => {
    const rng = createRng(500 + i)
    const observations = gaiaSky(raDeg, decDeg, rng)
    const spectra = spectraOf(observations)
    const isElsewhere = observations.some(one => {
      const place = one.survey === 'gaiaDr3' ? placeOfGaiaId(one.source) : null
      return place !== null && BigInt(place.region) !== one.cell >> 6n
    })
    expect(isElsewhere).toBe(i < 3)
    const expected = groupAll(observations, spectra)
    expect(expected.filter(star => (star.spectra ?? []).length > 0)).toHaveLength(spectra.length)
    for (let round = 0; round < 2; round++) {
      const walk = new SkyWalk()
      for (const one of shuffle([...observations, ...spectra], rng)) {
        if ('cell' in one) walk.receive(one)
        else walk.receiveSpectrum(one)
        if (rng.uniform() < 0.5) walk.advance(rng)
      }
      walk.settle(rng)
      expect(walk.sortedStars()).toEqual(expected)
      expect(walk.waitingSpectra).toEqual([])
      expect(walk.letters).toEqual([])
    }
  })
}

test('a spectrum makes one new version of its star, the same again none, and a newer one another', () => {
  const rng = createRng(7)
  const observations = gaiaSky(45, 12.3, rng)
  const spectra = spectraOf(observations)
  const walk = new SkyWalk()
  for (const one of observations) walk.receive(one)
  walk.settle(rng)
  const counts = () => new Map([...walk.history].map(([id, versions]) => [id, versions.length]))
  const plus = (before: ReadonlyMap<string, number>, more: number) =>
    new Map([...before].map(([id, n]) => [id, id.startsWith('gaiaDr3') ? n + more : n]))
  const bare = counts()
  for (const one of spectra) walk.receiveSpectrum(one)
  walk.settle(rng)
  const once = counts()
  expect(once).toEqual(plus(bare, 1))
  // From another file: the same numbers.
  for (const one of spectra) walk.receiveSpectrum({ ...one, spectrumId: 'other', file: 'xp.fits', revision: 2n })
  walk.settle(rng)
  expect(counts()).toEqual(once)
  const newer = spectraOf(observations, 3n)
  for (const one of newer) walk.receiveSpectrum(one)
  walk.settle(rng)
  expect(counts()).toEqual(plus(bare, 2))
  // An older delivery that comes late.
  for (const one of spectra) walk.receiveSpectrum(one)
  walk.settle(rng)
  expect(counts()).toEqual(plus(bare, 2))
  expect(walk.sortedStars()).toEqual(groupAll(observations, newer))
})

test('a spectrum waits for its star, the newest of those that came, and a survey delivered again keeps it', () => {
  const rng = createRng(8)
  const observations = gaiaSky(0, 0, rng)
  const walk = new SkyWalk()
  for (const revision of [2n, 3n, 1n]) for (const one of spectraOf(observations, revision)) walk.receiveSpectrum(one)
  walk.settle(rng)
  const owners = spectraOf(observations).map(one => `${postOf(one)}/${ownerOf(one)}`)
  expect([...walk.waitingSpectra].sort()).toEqual(owners.sort())
  expect(walk.history.size).toBe(0)
  for (const one of observations) walk.receive(one)
  walk.settle(rng)
  expect(walk.waitingSpectra).toEqual([])
  const expected = groupAll(observations, spectraOf(observations, 3n))
  expect(walk.sortedStars()).toEqual(expected)
  const brighter = observations.map(one => ({ ...one, revision: 2n << 32n, flags: ['again'] }))
  for (const one of brighter) walk.receive(one)
  walk.settle(rng)
  expect(walk.sortedStars()).toEqual(groupAll(brighter, spectraOf(observations, 3n)))
})

test('a star that moves to another region takes its spectrum along, whichever region is slow', () => {
  for (let seed = 0; seed < 6; seed++) {
    const rng = createRng(600 + seed)
    let current = gaiaSky(0, 0, rng)
    let spectra = spectraOf(current)
    const walk = new SkyWalk()
    for (const one of current) walk.receive(one)
    for (const one of spectra) walk.receiveSpectrum(one)
    for (const [revision, eastArcsec, northArcsec] of [
      [2n, 60, 0],
      [3n, -80, 40],
      [4n, 0, 8000],
      [5n, 20, -8040],
    ] as const) {
      current = current.map((one, i) => {
        if (i % 3 !== 0) return one
        const place = offset(one.raDeg, one.decDeg, eastArcsec, northArcsec)
        return { ...one, ...place, revision: revision << 32n, cell: BigInt(cellOf(place.raDeg, place.decDeg)) }
      })
      for (const one of current.filter(({ revision: of }) => of === revision << 32n)) {
        walk.receive(one)
        if (rng.uniform() < 0.7) walk.advance(rng)
      }
    }
    walk.settle(rng)
    spectra = spectraOf(current, 9n)
    for (const one of spectra) walk.receiveSpectrum(one)
    walk.settle(rng)
    expect(walk.sortedStars()).toEqual(groupAll(current, spectra))
  }
})

test('a source that is taken back leaves its spectrum waiting, and finds it again', () => {
  const rng = createRng(9)
  const observations = gaiaSky(0, 0, rng)
  const spectra = spectraOf(observations)
  const isGaia = (one: Observation) => one.survey === 'gaiaDr3'
  const first = observations.map(one => ({ ...one, revision: revisionOf(isGaia(one) ? 2n : 1n, 1) }))
  const walk = new SkyWalk()
  for (const one of first) walk.receive(one)
  for (const one of spectra) walk.receiveSpectrum(one)
  walk.settle(rng)
  walk.takeBack(2n)
  walk.settle(rng)
  expect(walk.waitingSpectra).toHaveLength(spectra.length)
  expect(walk.sortedStars()).toEqual(
    groupAll(
      first.filter(one => !isGaia(one)),
      [],
    ),
  )
  const again = first.map(one => (isGaia(one) ? { ...one, revision: revisionOf(3n, 1) } : one))
  for (const one of again.filter(isGaia)) walk.receive(one)
  walk.settle(rng)
  expect(walk.waitingSpectra).toEqual([])
  expect(walk.sortedStars()).toEqual(groupAll(again, spectra))
})

test('a spectrum of the third release waits while only the second is known, and for it again when the third is taken back', () => {
  const rng = createRng(10)
  const place = { raDeg: 10, decDeg: 10, positionErrArcsec: 0.001 }
  const source = gaiaIdAt(10, 10, 5)
  const walk = new SkyWalk()
  walk.receive(observe({ survey: 'gaiaDr2', source, ...place, revision: revisionOf(1n, 1) }))
  walk.receiveSpectrum(xpSpectrum(source, 10))
  walk.settle(rng)
  expect(walk.waitingSpectra).toHaveLength(1)
  walk.receive(observe({ survey: 'gaiaDr3', source, ...place, revision: revisionOf(2n, 1) }))
  walk.settle(rng)
  expect(walk.waitingSpectra).toEqual([])
  expect(walk.sortedStars().map(({ starId, spectra = [] }) => [starId, spectra.length])).toEqual([
    [`gaiaDr3:${source}`, 1],
  ])
  walk.takeBack(2n)
  walk.settle(rng)
  expect(walk.waitingSpectra).toHaveLength(1)
  expect(walk.sortedStars().map(({ starId, spectra = [] }) => [starId, spectra.length])).toEqual([
    [`gaiaDr2:${source}`, 0],
  ])
})

test('a spectrum of a fast star makes a new version of it, and does not retire it in between', () => {
  const rng = createRng(11)
  // Proxima Centauri as Gaia DR3 has it: 3.9 arcsec a year.
  const place = { raDeg: 217.39232147200883, decDeg: -62.67607511676666, positionErrArcsec: 0.001 }
  const source = '5853498713190525696'
  const measurements = gaiaMeasurements(-3781.741, 769.465)
  const walk = new SkyWalk()
  walk.receive(observe({ survey: 'gaiaDr3', source, ...place, epochJyr: 2016, measurements }))
  walk.receiveSpectrum(xpSpectrum(source, 10))
  walk.settle(rng)
  const versions = walk.history.get(`gaiaDr3:${source}`) ?? []
  expect(versions.map(({ isRetired, spectra = [] }) => [isRetired, spectra.length])).toEqual([
    [false, 0],
    [false, 1],
  ])
})

const asRecord = (spectrum: Spectrum) => ({
  ...rawRecord,
  topic: 'spectra',
  key: `${spectrum.survey}:${spectrum.source}`,
  value: encode('spectrum', spectrum),
})

test('what no model reads stays in its topic, and nothing of it is sent on', () => {
  const source = gaiaIdAt(10, 10, 5)
  const sampled = asRecord(xpSpectrum(source, 1, { product: 'xpSampled', bands: [] }))
  expect(readFuseRecord(sampled, levels)).toEqual({ kind: 'posted', emit: [] })
  // Of an instrument that no encoder is made for it is not even read.
  const other = asRecord(xpSpectrum('1', 1, { survey: 'muse', product: 'cube' }))
  expect(postSpectrum({ ...other, value: new Uint8Array([1]) })).toEqual([])
  const whole = xpSpectrum(source, 1)
  const correlations = Array.from({ length: (55 * 54) / 2 }, () => 0.1)
  const bands = whole.bands.map(band => ({ ...band, correlations }))
  const [sent, ...more] = postSpectrum(asRecord({ ...whole, bands }))
  expect([sent.topic, sent.key, more]).toEqual(['observations', `${placeOfGaiaId(source)?.region}`, []])
  const { observation, spectrum } = decode('sighting', sent.value as Uint8Array)
  expect(observation).toHaveLength(0)
  expect(spectrum?.length).toBeLessThan(2400)
})

test('a spectrum under an id that is none of Gaia, and bytes that are none, are refused whole', () => {
  const strange = asRecord(xpSpectrum('9223372036854775807', 1))
  for (const [record, code, reason] of [
    [
      strange,
      'VALUE_OUT_OF_RANGE',
      /^xp\.csv row 1: 9223372036854775807 is no id of Gaia, which holds a place on the sky; /,
    ],
    [{ ...strange, value: new Uint8Array([1, 2]) }, 'SCHEMA_MISMATCH', /no spectrum record/],
  ] as const) {
    const message = readFuseRecord(record, levels)
    if (message.kind !== 'refused') throw new Error('was not refused')
    const letter = decode('deadLetter', message.letter.value as Uint8Array)
    expect(letter).toMatchObject({ step: 'fuse', code, topic: 'spectra', key: record.key })
    expect(letter.reason).toMatch(reason)
    expect(new Uint8Array(letter.bytes)).toEqual(record.value)
  }
})

test('of two spectra the later delivery holds, unless it says the same', () => {
  const [older, newer] = [xpSpectrum('1', 1, { revision: 1n }), xpSpectrum('1', 2, { revision: 2n })]
  expect([supersedes(newer, older), supersedes(older, newer), supersedes(older, null)]).toEqual([true, false, true])
  expect(supersedes({ ...older, file: 'other.csv', revision: 5n }, older)).toBe(false)
  // From before deliveries of spectra were counted: the one that comes later.
  const { revision: _, ...uncounted } = older
  expect(supersedes(newer, uncounted)).toBe(true)
  expect(supersedes({ ...newer, revision: 0n }, uncounted)).toBe(true)
  expect(spectrumInForce(older, null, newer)).toBe(newer)
  expect(spectrumInForce(newer, null, older)).toBe(newer)
  expect(spectrumInForce(null)).toBeNull()
})
