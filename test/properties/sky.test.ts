import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRng, createSkySource } from '../../models/index.ts'
import { SourceField } from '../../models/matching/sourceField.ts'
import { Grouping } from '../../models/matching/sourceGroups.ts'
import type { Observation } from '../../schemas/index.ts'
import { SkyWalk } from '../actors/skyWalk.ts'
import { gaiaMeasurements, levels, observe, offset } from '../models/matching/simulatedSky.ts'

// One star, as chance wills it: where, how fast, who saw it and how well. Shrinking takes stars and surveys away.
interface DrawnStar {
  readonly eastArcsec: number
  readonly northArcsec: number
  readonly pmRaCosDecMasPerYr: number
  readonly pmDecMasPerYr: number
  readonly hasMotion: boolean
  readonly surveys: readonly string[]
  readonly isLinked: boolean
}

const arcsec = fc.integer({ min: -200, max: 200 }).map(tenths => tenths / 10)
const motion = fc.oneof(fc.constant(0), fc.integer({ min: -3000, max: 3000 }))
const star: fc.Arbitrary<DrawnStar> = fc.record({
  eastArcsec: arcsec,
  northArcsec: arcsec,
  pmRaCosDecMasPerYr: motion,
  pmDecMasPerYr: motion,
  hasMotion: fc.boolean(),
  surveys: fc.subarray(['gaiaDr3', 'twoMass', 'allWise'], { minLength: 1 }),
  isLinked: fc.boolean(),
})

/** Where two, three and four regions meet. */
const corner = fc.constantFrom([0, 0], [0, 90], [0, -90], [0, 41.8103148957786], [45, 12.3])
const errArcsec: Readonly<Record<string, number>> = { gaiaDr3: 0.001, twoMass: 0.15, allWise: 0.3 }

function observationsOf(stars: readonly DrawnStar[], raDeg: number, decDeg: number): Observation[] {
  return stars.flatMap((one, i) =>
    one.surveys.map(survey => {
      const years = { gaiaDr3: 0, twoMass: -16.5, allWise: -5.5 }[survey] ?? 0
      const place = offset(
        raDeg,
        decDeg,
        one.eastArcsec + (years * one.pmRaCosDecMasPerYr) / 1000,
        one.northArcsec + (years * one.pmDecMasPerYr) / 1000,
      )
      const isGaia = survey === 'gaiaDr3'
      return observe({
        survey,
        source: `${i}`,
        ...place,
        epochJyr: 2016 + years,
        positionErrArcsec: errArcsec[survey],
        measurements: isGaia && one.hasMotion ? gaiaMeasurements(one.pmRaCosDecMasPerYr, one.pmDecMasPerYr) : [],
        links: !isGaia && one.isLinked ? [{ survey: 'gaiaDr3', source: `${i}` }] : [],
      })
    }),
  )
}

/** Takes them in in the given order, regions stepping on in between as chance wills it. */
function walked(observations: readonly Observation[], seed: number, pace: number): SkyWalk {
  const rng = createRng(seed)
  const walk = new SkyWalk()
  for (const observation of observations) {
    walk.receive(observation)
    while (rng.uniform() < pace && walk.advance(rng)) {}
  }
  walk.settle(rng)
  return walk
}

const deliveries = fc
  .tuple(fc.array(star, { minLength: 1, maxLength: 7 }), corner)
  .map(([stars, [raDeg, decDeg]]) => observationsOf(stars, raDeg, decDeg))
  .chain(observations =>
    fc.record({
      observations: fc.constant(observations),
      shuffled: fc.shuffledSubarray(observations, { minLength: observations.length }),
      seed: fc.nat(1e6),
      pace: fc.constantFrom(0, 0.3, 0.8),
    }),
  )

test('the last word about every star is the same in any order of arrival, surveys and regions interleaved at will', () => {
  fc.assert(
    fc.property(deliveries, ({ observations, shuffled, seed, pace }) => {
      const expected = walked(observations, 1, 0)
      const actual = walked(shuffled, seed, pace)
      expect(actual.sortedStars()).toEqual(expected.sortedStars())
      expect([...actual.starOfSource].sort()).toEqual([...expected.starOfSource].sort())
      expect(actual.letters).toEqual([])
    }),
    { seed: 47, numRuns: 80 },
  )
})

test('which sources are one star does not depend on the order in which they are looked at', () => {
  fc.assert(
    fc.property(deliveries, ({ observations, shuffled }) => {
      const groups = (list: readonly Observation[]) => {
        const sources = list.map(one => createSkySource({ ...one, extra: {} }, levels))
        const grouping = new Grouping(new SourceField(sources, sources[0].reference))
        return sources.map(source => `${source.key} ${grouping.anchorOf(source).key}`).sort()
      }
      // The field's own place decides nothing.
      const [first, ...rest] = shuffled
      expect(groups([...rest, first])).toEqual(groups(observations))
    }),
    { seed: 53, numRuns: 80 },
  )
})
