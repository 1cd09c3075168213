import { expect, test } from 'vitest'
import { TAIL_ARCSEC, TAIL_FRACTION } from '../../../models/matching/crossMatch.ts'
import { propagate } from '../../../models/matching/properMotion.ts'
import { createSkySource } from '../../../models/matching/skySource.ts'
import { MARGIN_ARCSEC } from '../../../models/matching/skyTrack.ts'
import { SourceField } from '../../../models/matching/sourceField.ts'
import {
  COUNTERPART_FRACTION,
  DETECTED_FRACTION,
  Grouping,
  regionMarginArcsec,
} from '../../../models/matching/sourceGroups.ts'
import { toStar } from '../../../models/matching/starDraft.ts'
import { createRng } from '../../../models/math/rng.ts'
import type { Observation } from '../../../schemas/index.ts'
import { gaiaMeasurements, levels, observe, offset } from './simulatedSky.ts'

const center = { raDeg: 130.1, decDeg: 19.7 }
const gaia = (source: string, eastArcsec: number, more: Partial<Observation> = {}) =>
  observe({ survey: 'gaiaDr3', source, ...offset(130.1, 19.7, eastArcsec, 0), positionErrArcsec: 0.001, ...more })
const twoMass = (source: string, eastArcsec: number, more: Partial<Observation> = {}) =>
  observe({ survey: 'twoMass', source, ...offset(130.1, 19.7, eastArcsec, 0), positionErrArcsec: 0.1, ...more })

function starsOf(...observations: Observation[]) {
  const sources = observations.map(one => createSkySource(one, levels))
  const grouping = new Grouping(new SourceField(sources, sources[0].reference))
  const anchors = new Set(sources.map(source => grouping.anchorOf(source)))
  return [...anchors].map(anchor => toStar(grouping.groupOf(anchor), levels))
}
const joined = (...observations: Observation[]) =>
  starsOf(...observations).map(star => star.sources.map(one => `${one.survey}:${one.source}`))

test('a source joins the star at its place and founds one where there is none', () => {
  expect(joined(gaia('A', 0), twoMass('near', 0.1), twoMass('far', 30))).toEqual([
    ['gaiaDr3:A', 'twoMass:near'],
    ['twoMass:far'],
  ])
})

test('a source between two stars is given to the nearer, flagged as ambiguous with the probability of each', () => {
  const [, nearer] = starsOf(gaia('A', -0.3), gaia('B', 0.28), twoMass('T', 0))
  expect(nearer.starId).toBe('gaiaDr3:B')
  expect(nearer.isAmbiguous).toBe(true)
  // Two equal stars at 0.30 and 0.28 arcsec, errors 0.1 and, for a star of unknown motion over 16.5 years, 0.33 arcsec.
  const variance = 0.1 ** 2 + 0.001 ** 2 + (0.02 * 16.5) ** 2
  const share = 1 / (1 + Math.exp(-(0.3 ** 2 - 0.28 ** 2) / (2 * variance)))
  expect(nearer.sources[1].matchProbability).toBeCloseTo(share, 2)
  const [alone] = starsOf(gaia('B', 0.28), twoMass('T', 0))
  expect(alone.isAmbiguous).toBe(false)
})

test('a star takes one source of a survey, the best, and the other founds its own', () => {
  const stars = joined(gaia('A', 0), twoMass('worse', -0.2), twoMass('better', 0.15))
  expect(stars).toEqual([['gaiaDr3:A', 'twoMass:better'], ['twoMass:worse']])
})

test('a source that fits another star better leaves its second choice to the source that has no other', () => {
  const stars = joined(gaia('A', 0), gaia('B', 0.5), twoMass('atB', 0.45), twoMass('nearA', -0.55))
  expect(stars).toEqual([
    ['gaiaDr3:A', 'twoMass:nearA'],
    ['gaiaDr3:B', 'twoMass:atB'],
  ])
})

test('a source ten sigma off is still the star where nothing else is near, but not where many are', () => {
  const bright = gaia('A', 0, { measurements: gaiaMeasurements(0, 0) })
  const off = twoMass('T', 1)
  expect(joined(bright, off)).toEqual([['gaiaDr3:A', 'twoMass:T']])
  const crowd = Array.from({ length: 100 }, (_, i) =>
    observe({
      survey: 'gaiaDr3',
      source: `C${i}`,
      ...offset(130.1, 19.7, 17 * Math.cos(i), 17 * Math.sin(i)),
      positionErrArcsec: 0.001,
    }),
  )
  expect(joined(bright, off, ...crowd)).toContainEqual(['twoMass:T'])
})

test('an id decides against the nearer position, from either side', () => {
  const linkBack = { links: [{ survey: 'gaiaDr3', source: 'B' }] }
  expect(joined(gaia('A', 0), gaia('B', 1), twoMass('T', 0.2, linkBack))[1]).toEqual(['gaiaDr3:B', 'twoMass:T'])
  const linkForth = { links: [{ survey: 'twoMass', source: 'T' }] }
  const [, star] = starsOf(gaia('A', 0), gaia('B', 1, linkForth), twoMass('T', 0.2))
  expect(star.sources[1]).toMatchObject({ source: 'T', matchedBy: 'id' })
})

test('an id in another notation of the survey and a third survey named by both decide too', () => {
  const wise = (more: Partial<Observation>) =>
    observe({ survey: 'allWise', source: 'W', ...offset(130.1, 19.7, 1.4, 0), positionErrArcsec: 0.3, ...more })
  const keyed = twoMass('T', 0, { links: [{ survey: 'twoMass', source: 'key:77' }] })
  expect(joined(keyed, twoMass('U', 1.5), wise({ links: [{ survey: 'twoMass', source: 'key:77' }] }))[0]).toEqual([
    'twoMass:T',
    'allWise:W',
  ])
  const third = { links: [{ survey: 'gaiaDr3', source: '5' }] }
  expect(joined(twoMass('T', 0, third), twoMass('U', 1.5), wise(third))[0]).toEqual(['twoMass:T', 'allWise:W'])
})

test('an id far off the place is not followed, and one that names another source than the joined one is flagged', () => {
  const [star, other] = starsOf(
    gaia('A', 0, { links: [{ survey: 'twoMass', source: 'elsewhere' }] }),
    twoMass('here', 0.1),
    twoMass('elsewhere', 20),
  )
  expect(star.sources.map(one => one.source)).toEqual(['A', 'here'])
  expect(star.flags).toContain('gaiaDr3:linkDisagrees')
  expect(other.sources).toHaveLength(1)
})

test('an id is followed against a star right at the place, and the star it names is then ambiguous', () => {
  const still = { measurements: gaiaMeasurements(0, 0) }
  const [, star] = starsOf(
    gaia('here', 0, still),
    gaia('named', 2.95, still),
    twoMass('T', 0, { links: [{ survey: 'gaiaDr3', source: 'named' }] }),
  )
  expect(star.sources[1]).toMatchObject({ source: 'T', matchedBy: 'id' })
  expect(star.sources[1].matchProbability).toBeGreaterThan(0.5)
  expect(star.isAmbiguous).toBe(true)
})

test('a fast star is found where it was, sixteen years before', () => {
  const measurements = gaiaMeasurements(-801.551, 10_362.394)
  const now = observe({ survey: 'gaiaDr3', source: 'A', ...center, positionErrArcsec: 0.001, measurements })
  const motion = { pmRaCosDecMasPerYr: -801.551, pmDecMasPerYr: 10_362.394 }
  const then = propagate({ ...center, epochJyr: 2016, ...motion }, 1999.5)
  const seen = observe({ survey: 'twoMass', source: 'T', ...then, positionErrArcsec: 0.1 })
  expect(joined(now, seen, twoMass('bystander', 0.5))).toEqual([['gaiaDr3:A', 'twoMass:T'], ['twoMass:bystander']])
})

test('a newer release replaces the older one, by position where the ids differ', () => {
  const gMag = (value: number) => [{ quantity: 'gMag', value, err: 0.003, isLimit: false }]
  const dr2Only = { quantity: 'parallaxMas', value: 3, err: 0.1, isLimit: false }
  const stars = starsOf(
    observe({
      survey: 'gaiaDr2',
      source: '1',
      ...center,
      positionErrArcsec: 0.001,
      measurements: [...gMag(14.1), dr2Only],
    }),
    gaia('2', 0, { measurements: gMag(14.2) }),
  )
  expect(stars).toHaveLength(1)
  expect(stars[0].sources.map(one => one.survey)).toEqual(['gaiaDr3', 'gaiaDr2'])
  expect(stars[0].measurements).toEqual([{ ...gMag(14.2)[0], survey: 'gaiaDr3' }])
})

test('equal fits are decided by the lesser id, in any order', () => {
  const rivals = [twoMass('T', 0.1), twoMass('S', 0.1)]
  for (const order of [rivals, [...rivals].reverse()]) {
    expect(joined(gaia('A', 0), ...order)[0]).toEqual(['gaiaDr3:A', 'twoMass:S'])
  }
})

test('the margin of a region covers what stars of the known surveys and of four more depend on', () => {
  expect(regionMarginArcsec(levels.size + 4)).toBeLessThanOrEqual(MARGIN_ARCSEC)
})

test('stated match probabilities agree with the rate of false matches, from sparse to crowded skies', () => {
  // Sources have counterparts as often as the prior states. Bound of 4 sigma on the number of false matches, in all and
  // by stated probability: a false alarm in 1 of 1,000 seeds. The 10% more is the price of a density counted locally.
  for (const [sky, perDeg2] of [20_000, 200_000, 600_000].entries()) {
    const rng = createRng(40 + sky)
    const count = 2400
    const sizeArcsec = Math.sqrt(count / perDeg2) * 3600
    const at = () => offset(130.1, 19.7, (rng.uniform() - 0.5) * sizeArcsec, (rng.uniform() - 0.5) * sizeArcsec)
    const sharp = Array.from({ length: count }, (_, i) =>
      observe({
        survey: 'gaiaDr3',
        source: `${i}`,
        ...at(),
        positionErrArcsec: 0.001,
        measurements: gaiaMeasurements(0, 0),
      }),
    )
    const seenBySharp = DETECTED_FRACTION * count
    const coarse = sharp.slice(0, seenBySharp / COUNTERPART_FRACTION).map((one, i) => {
      const isCounterpart = i < seenBySharp
      const errArcsec = 0.1 + 0.4 * rng.uniform()
      const spread = Math.hypot(errArcsec, rng.uniform() < TAIL_FRACTION ? TAIL_ARCSEC : 0)
      const seen = offset(one.raDeg, one.decDeg, rng.normal() * spread, rng.normal() * spread)
      const source = isCounterpart ? `${i}` : `none${i}`
      return observe({ survey: 'twoMass', source, ...(isCounterpart ? seen : at()), positionErrArcsec: errArcsec })
    })
    let matched = 0
    let falseMatches = 0
    let expectedFalse = 0
    const inBins = [0, 0, 0, 0].map(() => ({ count: 0, right: 0, probability: 0 }))
    const sources = [...sharp, ...coarse].map(one => createSkySource(one, levels))
    const grouping = new Grouping(new SourceField(sources, sources[0].reference))
    for (const source of sources.slice(count)) {
      const attachment = grouping.attachmentOf(source)
      if (attachment === null) continue
      const isRight = attachment.anchor.observation.source === source.observation.source
      matched++
      falseMatches += isRight ? 0 : 1
      expectedFalse += 1 - attachment.probability
      const bin = inBins[Math.min(3, Math.floor((attachment.probability - 0.4) / 0.15))] ?? inBins[0]
      bin.count++
      bin.right += isRight ? 1 : 0
      bin.probability += attachment.probability
    }
    expect(matched).toBeGreaterThan(0.9 * seenBySharp)
    expect(
      Math.abs(falseMatches - expectedFalse),
      `${perDeg2} a square degree: ${falseMatches} false, ${expectedFalse.toFixed(1)} stated`,
    ).toBeLessThan(4 * Math.sqrt(expectedFalse) + 0.1 * expectedFalse + 1)
    for (const { count: inBin, right, probability } of inBins) {
      expect(Math.abs(right - probability)).toBeLessThan(4 * Math.sqrt(inBin / 4) + 0.1 * (inBin - probability) + 1)
    }
  }
})
