import { expect, test } from 'vitest'
import { createSkySource, type SkySource } from '../../../models/matching/skySource.ts'
import { FULL_REACH_ARCSEC, footprintOf, patchesAround } from '../../../models/matching/skyTrack.ts'
import { SourceField } from '../../../models/matching/sourceField.ts'
import { Grouping } from '../../../models/matching/sourceGroups.ts'
import { findStarChanges } from '../../../models/matching/starChanges.ts'
import { toStar } from '../../../models/matching/starDraft.ts'
import { createRng } from '../../../models/math/rng.ts'
import type { Observation, Star } from '../../../schemas/index.ts'
import { levels, observe, offset, shuffle, simulateSky } from './simulatedSky.ts'

/** Fuses observations one by one, looking only at the patches around each; keeps the newest record of each star. */
class SkyUnderTest {
  readonly stars = new Map<string, Star>()
  readonly starOfSource = new Map<string, string>()
  readonly #patches = new Map<number, Map<string, SkySource>>()
  readonly #known = new Map<string, SkySource>()
  emitted = 0

  receive(observation: Observation): void {
    const added = createSkySource(observation, levels)
    const removed = this.#known.get(added.id) ?? null
    const formerPatches = removed === null ? [] : footprintOf(removed.observation).patches
    const present = new Map<string, SkySource>()
    for (const patch of patchesAround(observation, formerPatches, FULL_REACH_ARCSEC)) {
      for (const [id, source] of this.#patches.get(patch) ?? []) present.set(id, source)
    }
    present.delete(added.id)
    // One region for the whole test sky: what regions add is tested with the actor.
    const here = (source: SkySource): SkySource => ({ ...source, home: 0 })
    const changes = findStarChanges({ present: [...present.values()], removed, added: here(added), region: 0 }, levels)
    for (const patch of formerPatches) this.#patches.get(patch)?.delete(added.id)
    const kept = here(added)
    for (const patch of footprintOf(observation).patches) {
      this.#patches.set(patch, (this.#patches.get(patch) ?? new Map()).set(added.id, kept))
    }
    this.#known.set(added.id, kept)
    for (const star of changes.stars) {
      this.emitted++
      if (star.isRetired) expect(this.stars.delete(star.starId), `${star.starId} was never there`).toBe(true)
      else this.stars.set(star.starId, star)
    }
    for (const { survey, source, starId } of changes.aliases) this.starOfSource.set(`${survey}:${source}`, starId)
  }

  sorted(): Star[] {
    return [...this.stars.values()].sort((a, b) => (a.starId < b.starId ? -1 : 1))
  }
}

function fuse(observations: readonly Observation[]): SkyUnderTest {
  const sky = new SkyUnderTest()
  for (const observation of observations) sky.receive(observation)
  return sky
}

/** Groups all at once, nothing left out for being far away. */
function groupAll(observations: readonly Observation[]): Star[] {
  const sources = observations.map(one => createSkySource(one, levels))
  const grouping = new Grouping(new SourceField(sources, sources[0].reference))
  const anchors = new Set(sources.map(source => grouping.anchorOf(source)))
  return [...anchors]
    .map(anchor => toStar(grouping.groupOf(anchor), levels))
    .sort((a, b) => (a.starId < b.starId ? -1 : 1))
}

const fields = [
  { name: 'a crowded field', raDeg: 83.8, decDeg: -5.4, sizeArcsec: 60, starCount: 60, motionMasPerYr: 20 },
  { name: 'a field across the meridian', raDeg: 0, decDeg: 40, sizeArcsec: 300, starCount: 60, motionMasPerYr: 30 },
  { name: 'a field at the north pole', raDeg: 10, decDeg: 90, sizeArcsec: 200, starCount: 60, motionMasPerYr: 30 },
  { name: 'a field of fast stars', raDeg: 45, decDeg: 0, sizeArcsec: 400, starCount: 60, motionMasPerYr: 1500 },
]

for (const [i, field] of fields.entries()) {
  test(`${field.name} fuses into the same stars in any order, and as when all are grouped at once`, () => {
    const rng = createRng(100 + i)
    const observations = simulateSky(field, rng)
    const expected = groupAll(observations)
    expect(expected.some(star => star.sources.length > 2)).toBe(true)
    for (let round = 0; round < 3; round++) {
      const sky = fuse(shuffle(observations, rng))
      expect(sky.sorted()).toEqual(expected)
      for (const star of expected) {
        for (const { survey, source } of star.sources)
          expect(sky.starOfSource.get(`${survey}:${source}`)).toBe(star.starId)
      }
    }
  })
}

test('a source that is delivered again unchanged changes nothing', () => {
  const observations = simulateSky(fields[0], createRng(1))
  const sky = fuse(observations)
  const { emitted } = sky
  for (const observation of observations) sky.receive({ ...observation, revision: 2n, origin: 'again.csv row 1' })
  expect(sky.emitted).toBe(emitted)
})

test('a source that is corrected counts as if it had been so from the beginning, be it moved a little or far', () => {
  const rng = createRng(2)
  const observations = simulateSky(fields[0], rng)
  for (const distanceArcsec of [0.05, 2, 45, 30_000]) {
    const corrected = observations.map((one, i) => {
      if (i % 10 !== 0) return one
      return { ...one, ...offset(one.raDeg, one.decDeg, distanceArcsec, distanceArcsec / 3), revision: 2n }
    })
    const sky = fuse([...shuffle(observations, rng), ...corrected.filter((_, i) => i % 10 === 0)])
    expect(sky.sorted(), `${distanceArcsec} arcsec`).toEqual(fuse(corrected).sorted())
  }
})

test('a 2MASS star that Gaia finds later is retired, and its magnitudes go to the Gaia star', () => {
  const place = { raDeg: 56.75, decDeg: 24.1 }
  const jMag = { quantity: 'jMag', value: 11, err: 0.03, isLimit: false }
  const infrared = observe({ survey: 'twoMass', source: 'T', ...place, positionErrArcsec: 0.1, measurements: [jMag] })
  const optical = observe({ survey: 'gaiaDr3', source: 'G', ...place, positionErrArcsec: 0.001 })
  const region = Number(infrared.cell >> 6n)
  const first = createSkySource(infrared, levels)
  const changes = findStarChanges(
    { present: [first], removed: null, added: createSkySource(optical, levels), region },
    levels,
  )
  expect(changes.stars.map(star => [star.starId, star.isRetired])).toEqual([
    ['twoMass:T', true],
    ['gaiaDr3:G', false],
  ])
  expect(changes.stars[0].measurements).toEqual([])
  expect(changes.stars[1].measurements).toEqual([{ ...jMag, survey: 'twoMass' }])
  expect(changes.aliases).toEqual([
    { survey: 'gaiaDr3', source: 'G', starId: 'gaiaDr3:G' },
    { survey: 'twoMass', source: 'T', starId: 'gaiaDr3:G' },
  ])
})

test('a region speaks only for stars and sources at home in it', () => {
  const place = { raDeg: 56.75, decDeg: 24.1 }
  const added = createSkySource(observe({ survey: 'gaiaDr3', source: 'G', ...place, positionErrArcsec: 0.001 }), levels)
  const arrival = { present: [], removed: null, added }
  expect(findStarChanges({ ...arrival, region: added.home }, levels).stars).toHaveLength(1)
  expect(findStarChanges({ ...arrival, region: added.home + 1 }, levels)).toMatchObject({ stars: [], aliases: [] })
})
