import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { normalCdf } from '../../../../models/math/special.ts'
import { errorAt, shareFound } from '../../../../models/simulators/surveys/errorCurve.ts'
import { createSkyPlace, type SkyPlace } from '../../../../models/simulators/surveys/skyPlace.ts'
import { bandRows, surveyNames, surveyObservables } from '../../../../models/simulators/surveys/surveyFacts.ts'
import {
  createSurveyDraws,
  createSurveyObserver,
  measureStates,
} from '../../../../models/simulators/surveys/surveyObserver.ts'
import { observableIndex } from '../../../../models/simulators/surveys/tableGaps.ts'

const { absent, measured, limit } = measureStates
const G = observableIndex('gMag')

/** A solar-type star: what it is in each of the 28 observables for a given G. */
function solarStar(gMag: number): Float64Array {
  const colours = [0, 0.33, -0.5, -1, -1.35, -1.4, -1.42, -1.4, -1.42, -1.4, -1.4, -1.4, -1.4, -1.4, -1.4]
  const optical = [0.3, -0.1, -0.2, -0.2, -0.2, 1.6, 0.3, -0.1, -0.2, -0.25]
  return Float64Array.from([2, 3, -4, ...[...colours, ...optical].map(c => gMag + c)])
}

interface Drawn {
  readonly values: Float64Array
  readonly errors: Float64Array
  readonly states: Uint8Array
  readonly spurious: Uint8Array
  readonly isSeen: boolean
}

interface Scene {
  readonly truths: Float64Array
  readonly count: number
  readonly options?: Readonly<Record<string, unknown>>
  readonly place?: Partial<SkyPlace>
  readonly seed?: number
}

function observeMany({ truths, count, options = {}, place = {}, seed = 11 }: Scene): Drawn[] {
  const observer = createSurveyObserver(options)
  const rng = createRng(seed)
  const out = createSurveyDraws()
  const context = { place: { ...createSkyPlace(), ...place }, variabilityMag: 0, wobbleMas: 0 }
  return Array.from({ length: count }, (_, i) => {
    rng.seek(i)
    const isSeen = observer.observeInto(truths, context, rng, out)
    const { values, errors, states, spurious } = out
    return {
      values: values.slice(),
      errors: errors.slice(),
      states: states.slice(),
      spurious: spurious.slice(),
      isSeen,
    }
  })
}

const share = (draws: readonly Drawn[], k: number, state: number = measured) =>
  draws.filter(d => d.isSeen && d.states[k] === state).length / draws.length

test('there are 28 observables of seven surveys, each with one row, nodes in order', () => {
  expect(surveyObservables).toHaveLength(28)
  expect(new Set(surveyObservables).size).toBe(28)
  expect(new Set(bandRows.map(row => row.survey)).size).toBe(surveyNames.length)
  for (const { errors } of bandRows)
    for (let i = 1; i < errors.length; i++) expect(errors[i][0]).toBeGreaterThan(errors[i - 1][0])
})

// Published numbers. Lindegren+ 2021, table 4: parallax 0.02-0.03 at G < 15, 0.07 at 17, 0.5 at 20; motions 0.02-0.03, 0.07, 0.5.
// Skrutskie+ 2006: signal-to-noise 10 at J 15.8, H 15.1, Ks 14.3. AllWISE supplement: 5 sigma at W1 16.9-17.1, W2 15.9-16.0, W3 11.5, W4 8.0.
// Chambers+ 2016: stacked 5 sigma 23.3, 23.2, 23.1, 22.3, 21.4. Abazajian+ 2009: 95% complete 22.0, 22.2, 22.2, 21.3, 20.5.
test.each([
  ['parallaxMas', 14, 0.025, 1.4],
  ['parallaxMas', 17, 0.07, 1.2],
  ['parallaxMas', 20, 0.5, 1.2],
  ['pmRaCosDecMasPerYr', 17, 0.07, 1.2],
  ['pmDecMasPerYr', 20, 0.5, 1.25],
  ['jMag', 15.8, 0.1, 1.7],
  ['hMag', 15.1, 0.1, 1.7],
  ['ksMag', 14.3, 0.1, 1.8],
  ['w1Mag', 17, 0.2, 2],
  ['w2Mag', 16, 0.2, 1.6],
  ['w3Mag', 11.5, 0.2, 1.6],
  ['w4Mag', 8, 0.2, 1.7],
  ['sdssUMag', 22, 0.2, 1.5],
] as const)('the median error of %s at magnitude %d is %d within a factor %d', (name, mag, error, factor) => {
  const got = errorAt(bandRows[observableIndex(name)].errors, mag)
  expect(got).toBeLessThan(error * factor)
  expect(got).toBeGreaterThan(error / factor)
})

// Kolmogorov-Smirnov against N(0, 1), critical value at 1e-5 for n = 4000: 2.47 / sqrt(n). 28 bands: a false alarm once in 3,600 seeds.
const pulls = observeMany({
  truths: solarStar(15),
  count: 4000,
  options: { gaps: 'complete', hasFloors: false, hasOrbits: false, surveys: ['gaia', 'twoMass', 'panStarrs', 'sdss'] },
}).filter(d => d.isSeen)

test.each(surveyObservables.filter(name => !/^(bpMag|w\d|irac|mips)/.test(name)))(
  'without floors the pulls of %s are normal',
  name => {
    const k = observableIndex(name)
    const truth = solarStar(15)[k]
    const sorted = pulls.map(d => (d.values[k] - truth) / d.errors[k]).sort((a, b) => a - b)
    expect(sorted.length).toBeGreaterThan(3000)
    const distance = Math.max(...sorted.map((x, i) => Math.abs(normalCdf(x) - (i + 0.5) / sorted.length)))
    expect(distance).toBeLessThan(2.47 / Math.sqrt(sorted.length))
  },
)

test.each(['gMag', 'jMag', 'w1Mag', 'irac1Mag', 'ps1IMag'])('the share that %s finds falls as its curve', name => {
  const row = bandRows[observableIndex(name)]
  const curve = row.found
  if (curve === undefined) throw new Error(`${name} finds nothing`)
  for (const offset of [-1, 0, 0.5]) {
    // A star that shines in this band alone: no other band can make the source.
    const truths = new Float64Array(28).fill(Number.NaN)
    const mag = curve.halfMag + offset * curve.widthMag * 2
    truths[observableIndex(name)] = mag
    const draws = observeMany({
      truths,
      count: 3000,
      options: { hasFloors: false, hasLimits: false },
      place: { logDensity: 0 },
    })
    const got = draws.filter(d => d.isSeen).length / draws.length
    // Gaps of the survey and detections below its signal-to-noise take some more; binomial scatter 0.009.
    expect(got).toBeLessThan(shareFound(curve, mag) + 0.04)
    expect(got).toBeGreaterThan(shareFound(curve, mag) * 0.75 - 0.04)
  }
})

test('faint red stars are too bright in BP by the light that is added', () => {
  const truths = solarStar(19)
  const k = observableIndex('bpMag')
  truths[k] = 21.5
  const seen = observeMany({ truths, count: 4000, options: { hasFloors: false } }).filter(d => d.states[k] === measured)
  const sorted = seen.map(d => d.values[k]).sort((a, b) => a - b)
  // Light of magnitude 21.9 added to that of 21.5; noise of 0.15 mag and the spread of the light scatter the median by 0.01.
  const expected = -2.5 * Math.log10(10 ** (-0.4 * 21.5) + 10 ** (-0.4 * 21.9))
  expect(Math.abs(sorted[sorted.length >> 1] - expected)).toBeLessThan(0.04)
})

test('of a star far too faint a survey measures the sky, and its limits are those of the sky', () => {
  for (const [name, anchor] of [
    ['sdssUMag', 'sdssRMag'],
    ['jMag', 'ksMag'],
    ['irac1Mag', 'irac2Mag'],
  ]) {
    const [k, seenBy] = [name, anchor].map(observableIndex)
    const [faint, fainter] = [31, 60].map(mag => {
      const truths = new Float64Array(28).fill(Number.NaN)
      truths[seenBy] = 13
      truths[k] = mag
      const options = { hasFloors: false, hasSpurious: false }
      return observeMany({ truths, count: 200, options }).map(d => [d.states[k], d.values[k], d.errors[k]])
    })
    expect(fainter).toEqual(faint)
    expect(faint.some(([state]) => state !== absent)).toBe(true)
    // Nowhere below what the deepest of them reach.
    for (const [state, value, error] of faint) {
      if (state !== absent) expect(value).toBeLessThan(29)
      if (state === measured) expect(error).toBeGreaterThan(0.2)
    }
  }
})

test('an absent observable is 0 without an error, a measured one has an error, a limit none; nothing is NaN', () => {
  const faults: string[] = []
  for (const gMag of [4, 9, 14, 18, 20.8])
    for (const gaps of ['natural', 'tables'])
      for (const { isSeen, values, errors, states } of observeMany({
        truths: solarStar(gMag),
        count: 400,
        options: { gaps },
      }))
        for (let k = 0; k < 28 && isSeen; k++) {
          const isRight =
            Number.isFinite(values[k]) &&
            (states[k] === measured ? errors[k] > 0 && Number.isFinite(errors[k]) : errors[k] === 0) &&
            (states[k] !== absent || values[k] === 0)
          if (!isRight) faults.push(`G ${gMag} ${gaps} ${surveyObservables[k]}: ${values[k]} +- ${errors[k]}`)
        }
  expect(faults).toEqual([])
})

test('what a model does not know is not observed', () => {
  const truths = solarStar(14)
  truths[observableIndex('w3Mag')] = Number.NaN
  truths[0] = Number.NaN
  for (const d of observeMany({ truths, count: 300, options: { hasSpurious: false } })) {
    expect(d.states[observableIndex('w3Mag')]).toBe(absent)
    expect(d.states[0]).toBe(absent)
  }
})

test('limits hold at 95 per cent confidence: few stars are brighter than theirs', () => {
  const k = observableIndex('w4Mag')
  const truths = solarStar(13)
  const draws = observeMany({ truths, count: 6000, options: { hasFloors: false, hasSpurious: false } })
  const limits = draws.filter(d => d.isSeen && d.states[k] === limit)
  expect(limits.length).toBeGreaterThan(2000)
  const brighter = limits.filter(d => truths[k] < d.values[k]).length / limits.length
  expect(brighter).toBeLessThan(0.06)
})

test('complete stars have every observable of the surveys asked for, and no other', () => {
  const options = { gaps: 'complete', surveys: ['gaia', 'twoMass'] }
  const draws = observeMany({ truths: solarStar(13), count: 300, options })
  expect(draws.every(d => d.isSeen)).toBe(true)
  for (const d of draws)
    expect([...d.states].map(s => s === measured)).toEqual(
      bandRows.map(({ survey }) => options.surveys.includes(survey)),
    )
})

test('crowds hide faint stars from blurred surveys first, and nebulae the long bands', () => {
  const at = (place: Partial<SkyPlace>) => observeMany({ truths: solarStar(15), count: 3000, place })
  const [clean, crowded, nebular] = [at({ logDensity: 3 }), at({ logDensity: 5.7 }), at({ nebulaMag: 2 })]
  const [w1, g, w3] = ['w1Mag', 'gMag', 'w3Mag'].map(observableIndex)
  expect(share(crowded, g)).toBeGreaterThan(0.95)
  expect(share(crowded, w1)).toBeLessThan(share(clean, w1) - 0.1)
  const spurious = (draws: readonly Drawn[]) => draws.filter(d => d.spurious[w3] === 1).length
  expect(spurious(nebular)).toBeGreaterThan(5 * spurious(clean))
})

test('gaps come together: a star without J is mostly without H, and Ks', () => {
  const draws = observeMany({ truths: solarStar(14), count: 8000, place: { logDensity: 5 } })
  const [j, h] = ['jMag', 'hMag'].map(observableIndex)
  const noJ = draws.filter(d => d.states[j] === absent)
  expect(noJ.length).toBeGreaterThan(50)
  expect(noJ.filter(d => d.states[h] === absent).length / noJ.length).toBeGreaterThan(0.9)
})

test('the same seed gives the same star, whatever came before', () => {
  const scene = { truths: solarStar(16), options: { gaps: 'tables' } }
  const long = observeMany({ ...scene, count: 50 })
  const observer = createSurveyObserver({ gaps: 'tables' })
  const rng = createRng(11)
  const out = createSurveyDraws()
  rng.seek(37)
  observer.observeInto(scene.truths, { place: createSkyPlace(), variabilityMag: 0, wobbleMas: 0 }, rng, out)
  expect([...out.states]).toEqual([...long[37].states])
  expect([...out.values]).toEqual([...long[37].values])
})

test('saturated stars keep their entry elsewhere and lose the band', () => {
  const bright = observeMany({ truths: solarStar(1.5), count: 1000 })
  expect(share(bright, G)).toBeLessThan(0.1)
  expect(share(bright, observableIndex('ps1IMag'))).toBe(0)
  expect(share(bright, observableIndex('jMag'))).toBeGreaterThan(0.9)
})

test.each([
  [{ survey: ['gaia'] }, /survey is not an option; there are surveys/],
  [{ surveys: ['gaiaDr9'] }, /gaiaDr9 is not a survey/],
  [{ surveys: ['gaia', 'gaia'] }, /names one twice/],
  [{ surveys: [] }, /surveys is not a list/],
  [{ gaps: 'all' }, /gaps is all; it may be natural/],
  [{ hasFloors: 'yes' }, /hasFloors is yes; it is true or false/],
])('options %j are refused in one sentence', (options, sentence) => {
  expect(() => createSurveyObserver(options)).toThrow(sentence)
})
