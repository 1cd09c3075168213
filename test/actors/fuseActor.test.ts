import { expect, test } from 'vitest'
import { readSighting } from '../../actors/fuseMessage.ts'
import { createRng, createSkySource } from '../../models/index.ts'
import { cellOf } from '../../models/matching/skyCells.ts'
import { SourceField } from '../../models/matching/sourceField.ts'
import { Grouping } from '../../models/matching/sourceGroups.ts'
import { toStar } from '../../models/matching/starDraft.ts'
import { decode, encode, type Observation, type Star } from '../../schemas/index.ts'
import { levels, observe, offset, shuffle, simulateSky } from '../models/matching/simulatedSky.ts'
import { rawRecord, SkyWalk } from './skyWalk.ts'

/** Groups all sources at once: no regions, no patches, no order. */
function groupAll(observations: readonly Observation[]): Star[] {
  const sources = observations.map(one => createSkySource({ ...one, extra: {} }, levels))
  const grouping = new Grouping(new SourceField(sources, sources[0].reference))
  const anchors = new Set(sources.map(source => grouping.anchorOf(source)))
  return [...anchors]
    .map(anchor => toStar(grouping.groupOf(anchor), levels))
    .sort((a, b) => (a.starId < b.starId ? -1 : 1))
}

/** Places where two, three and four regions meet, at the poles and across the meridian too. */
const corners = [
  { name: 'four regions at right ascension 0', raDeg: 0, decDeg: 0 },
  { name: 'the regions around the north pole', raDeg: 0, decDeg: 90 },
  { name: 'the regions around the south pole', raDeg: 0, decDeg: -90 },
  { name: 'three regions at a corner of base cells', raDeg: 0, decDeg: 41.8103148957786 },
]

for (const [i, corner] of corners.entries()) {
  test(`stars at the meeting of ${corner.name} are fused as if there were no regions, in any order`, () => {
    const rng = createRng(200 + i)
    const observations = simulateSky({ ...corner, sizeArcsec: 60, starCount: 36, motionMasPerYr: 60 }, rng)
    const homes = new Set(observations.map(one => one.cell >> 6n))
    expect(homes.size).toBeGreaterThanOrEqual(3)
    const expected = groupAll(observations)
    for (let round = 0; round < 2; round++) {
      const walk = new SkyWalk()
      for (const observation of shuffle(observations, rng)) {
        walk.receive(observation)
        if (rng.uniform() < 0.5) walk.advance(rng)
      }
      walk.settle(rng)
      expect(walk.sortedStars()).toEqual(expected)
      for (const star of expected) {
        for (const { survey, source } of star.sources) {
          expect(walk.starOfSource.get(`${survey}:${source}`)).toBe(star.starId)
        }
      }
    }
  })
}

test('fast stars that cross a border are joined with what was seen on its other side', () => {
  const rng = createRng(77)
  const observations = simulateSky({ raDeg: 0, decDeg: 0, sizeArcsec: 100, starCount: 30, motionMasPerYr: 3000 }, rng)
  const walk = new SkyWalk()
  for (const observation of shuffle(observations, rng)) walk.receive(observation)
  walk.settle(rng)
  expect(walk.sortedStars()).toEqual(groupAll(observations))
})

test('a corrected position that lies in another region moves the star there, whichever region is slow', () => {
  for (let seed = 0; seed < 12; seed++) {
    const rng = createRng(300 + seed)
    const plan = { raDeg: 0, decDeg: 0, sizeArcsec: 60, starCount: 12, motionMasPerYr: 10 }
    const observations = simulateSky(plan, rng)
    const walk = new SkyWalk()
    for (const observation of observations) walk.receive(observation)
    let current = observations
    // Out of the region and back, and on to a third one, while others lag behind.
    for (const [revision, eastArcsec, northArcsec] of [
      [2n << 32n, 60, 0],
      [3n << 32n, -80, 40],
      [4n << 32n, 0, 8000],
    ] as const) {
      current = current.map((one, i) => {
        if (i % 4 !== 0) return one
        const place = offset(one.raDeg, one.decDeg, eastArcsec, northArcsec)
        return { ...one, ...place, revision, cell: BigInt(cellOf(place.raDeg, place.decDeg)) }
      })
      for (const observation of current.filter(one => one.revision === revision)) {
        walk.receive(observation)
        if (rng.uniform() < 0.7) walk.advance(rng)
      }
    }
    walk.settle(rng)
    expect(walk.sortedStars()).toEqual(groupAll(current))
  }
})

test('a newer release of a survey takes the place of the older one, and the older coming late changes nothing', () => {
  const place = { raDeg: 10, decDeg: 10, positionErrArcsec: 0.001 }
  const older = observe({ survey: 'gaiaDr2', source: '5', ...place })
  const newer = observe({ survey: 'gaiaDr3', source: '5', ...place })
  for (const order of [
    [older, newer],
    [newer, older],
  ]) {
    const walk = new SkyWalk()
    for (const observation of order) walk.receive(observation)
    walk.settle(createRng(1))
    expect([...walk.stars.keys()]).toEqual(['gaiaDr3:5'])
  }
})

test('a survey delivered again, whole and shuffled, gives no new version of any star', () => {
  const rng = createRng(5)
  const observations = simulateSky({ raDeg: 0, decDeg: 0, sizeArcsec: 60, starCount: 30, motionMasPerYr: 10 }, rng)
  const walk = new SkyWalk()
  for (const observation of observations) walk.receive(observation)
  walk.settle(rng)
  const before = new Map([...walk.history].map(([id, versions]) => [id, versions.length]))
  for (const observation of shuffle(observations, rng)) {
    walk.receive({ ...observation, revision: 2n, origin: 'again.csv row 1' })
  }
  expect(walk.waiting).toBe(0)
  expect(new Map([...walk.history].map(([id, versions]) => [id, versions.length]))).toEqual(before)
})

test('the history of a star does not depend on which region is worked on first', () => {
  const rng = createRng(9)
  const observations = shuffle(
    simulateSky({ raDeg: 0, decDeg: 0, sizeArcsec: 60, starCount: 30, motionMasPerYr: 10 }, rng),
    rng,
  )
  const histories = [1, 2, 3].map(seed => {
    const walk = new SkyWalk()
    for (const observation of observations) walk.receive(observation)
    walk.settle(createRng(seed))
    return walk.history
  })
  expect(histories[1]).toEqual(histories[0])
  expect(histories[2]).toEqual(histories[0])
})

test('bytes that are no sighting, or one of a later program, become dead letters', () => {
  const later = encode('sighting', { observation: new Uint8Array(), formerPatches: [], handOver: [] })
  // Another major version.
  later[4] = 200
  for (const [value, code] of [
    [new Uint8Array([1, 2, 3]), 'SCHEMA_MISMATCH'],
    [later, 'SCHEMA_UNKNOWN'],
  ] as const) {
    const message = readSighting({ ...rawRecord, topic: 'observations', offset: 7, key: '5', value }, levels)
    if (message.kind !== 'refused') throw new Error('was not refused')
    const letter = decode('deadLetter', message.letter.value as Uint8Array)
    expect(letter).toMatchObject({ step: 'fuse', code, origin: 'observations partition 0 offset 7', key: '5' })
    expect(new Uint8Array(letter.bytes)).toEqual(value)
  }
})
