import { expect, test } from 'vitest'
import { type ComparedPosterior, ComparisonTally } from '../../../models/calibration/modelComparison.ts'
import { normalCdf, probit } from '../../../models/math/special.ts'

interface Told {
  readonly starId?: string
  readonly observables?: readonly string[]
  readonly centre?: number
  readonly sigma?: number
  readonly young?: number
}

/** A normal posterior of one parameter, and two classes. */
function posterior({
  starId = 's',
  observables = ['gMag'],
  centre = 0,
  sigma = 1,
  young = 0.9,
}: Told): ComparedPosterior {
  const at = (z: number) => centre + z * sigma
  return {
    ...{ starId, observables, youngProbability: young, sampleCount: 256 },
    summaries: [
      {
        ...{ parameter: 'logAgeYr', mean: centre, sd: sigma },
        ...{ q025: at(-1.96), q16: at(-1), q50: at(0), q84: at(1), q975: at(1.96) },
      },
    ],
    classes: [
      { name: 'youngDisk', probability: young, prior: 0.5 },
      { name: 'giant', probability: 1 - young, prior: 0.5 },
    ],
  }
}

test('shifts are in sigma of the model before, widths are ratios, and their quantiles are those of the stars', () => {
  const tally = new ComparisonTally(3)
  const count = 2000
  for (let i = 0; i < count; i++) {
    // Shifts that follow a normal law of mean 0.5 and deviation 2, in units of a sigma of 0.1.
    const shift = 0.5 + 2 * probit((i + 0.5) / count)
    tally.add(posterior({ centre: 7, sigma: 0.1 }), posterior({ centre: 7 + 0.1 * shift, sigma: 0.25 }))
  }
  const [{ parameter, sigmas, beyondOne, widthRatios }] = tally.result().parameters
  expect(parameter).toBe('logAgeYr')
  for (const [i, share] of [0.16, 0.5, 0.84].entries()) {
    expect(sigmas[i]).toBeCloseTo(0.5 + 2 * probit(share), 1)
    expect(widthRatios[i]).toBeCloseTo(2.5, 1)
  }
  expect(beyondOne).toBeCloseTo(1 - normalCdf(0.25) + normalCdf(-0.75), 2)
})

test('stars of each pattern are told apart, the order of observables aside, and too many patterns are joined', () => {
  const tally = new ComparisonTally(1)
  const add = (observables: readonly string[]) => tally.add(posterior({ observables }), posterior({ observables }))
  add(['gMag', 'jMag'])
  add(['jMag', 'gMag'])
  add(['gMag'])
  expect(tally.result().patterns.map(({ given, starCount }) => [given, starCount])).toEqual([
    [['gMag', 'jMag'], 2],
    [['gMag'], 1],
  ])
  for (let i = 0; i < 100; i++) add([`band${i}`])
  const { patterns, starCount } = tally.result()
  expect(patterns).toHaveLength(65)
  expect(patterns[0]).toMatchObject({ given: null, starCount: 38 })
  expect(patterns.reduce((sum, one) => sum + one.starCount, 0)).toBe(starCount)
})

test('another most probable class is counted with both, and the change of P(young) averaged', () => {
  const tally = new ComparisonTally(1)
  tally.add(posterior({ young: 0.9 }), posterior({ young: 0.3 }))
  tally.add(posterior({ young: 0.8 }), posterior({ young: 0.4 }))
  tally.add(posterior({ young: 0.2 }), posterior({ young: 0.2 }))
  const { otherClassCount, classChanges, meanYoungChange } = tally.result()
  expect(otherClassCount).toBe(2)
  expect(classChanges).toEqual([{ before: 'youngDisk', after: 'giant', starCount: 2 }])
  expect(meanYoungChange).toBeCloseTo(1 / 3, 12)
})

test('those that changed most are kept, farthest first, whatever came when', () => {
  const tally = new ComparisonTally(3)
  for (const [i, centre] of [0.1, -4, 2, 0.3, 7, -1].entries()) {
    tally.add(posterior({ starId: `star ${i}` }), posterior({ starId: `star ${i}`, centre }))
  }
  expect(tally.result().mostChanged.map(({ starId, sigma }) => [starId, sigma])).toEqual([
    ['star 4', 7],
    ['star 1', -4],
    ['star 2', 2],
  ])
})

test('chance moves the median of 256 samples by a twelfth of sigma or so, twice over', () => {
  const tally = new ComparisonTally(1)
  tally.add(posterior({}), posterior({}))
  expect(tally.result().chanceSigma).toBeCloseTo(Math.sqrt((2 * Math.PI) / 2 / 256), 12)
})

test('a posterior without width and a parameter that one model lacks are no shifts; nothing compared is nothing', () => {
  const tally = new ComparisonTally(1)
  tally.add(posterior({ sigma: 0 }), posterior({}))
  tally.add(posterior({}), { ...posterior({}), summaries: [] })
  expect(tally.result()).toMatchObject({ starCount: 2, parameters: [], mostChanged: [] })
  expect(new ComparisonTally(1).result()).toMatchObject({
    starCount: 0,
    patterns: [],
    meanYoungChange: 0,
    chanceSigma: 0,
  })
})
