import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_CONDITIONS, parseConditions, printConditions } from '../../../schemas/filters/filterGrammar.ts'
import {
  isFusionError,
  MAX_WATCHED,
  parseFilter,
  type SampleColumns,
  starFeatures,
  watchKey,
} from '../../../schemas/index.ts'
import { makePosterior } from '../../ops/starRecords.ts'

const filter = (where: string, moc: string | null = null, watchlist: readonly string[] = []) =>
  parseFilter({ where, moc, watchlist })
const none = () => null
const base = makePosterior('gaiaDr3:1', 0.9)
const summary = (parameter: string, q16: number, q50: number, q84: number) => ({
  ...{ parameter, mean: q50, sd: 1, q025: q16, q975: q84 },
  ...{ q16, q50, q84 },
})
const star = {
  ...base,
  raDeg: 56.75,
  decDeg: 24.12,
  surveys: ['gaiaDr3', 'allWise', 'boss'],
  flags: ['outOfDistribution'],
  youngProbability: 0.95,
  classes: [
    { name: 'youngDisk', probability: 0.9, prior: 0.25 },
    { name: 'giant', probability: 0.05, prior: 0.25 },
  ],
  summaries: [
    summary('logAgeYr', 6.2, 6.4, 6.9),
    summary('avMag', 0.5, 0.9, 1.5),
    summary('logDistancePc', 2, 2.1, 2.2),
  ],
}

const samplesOf = (names: readonly string[], ...columns: readonly (readonly number[])[]): SampleColumns => ({
  names,
  count: columns[0].length,
  values: Float32Array.from(columns.flat()),
})
const ages = samplesOf(['logAgeYr', 'avMag'], [6, 6.2, 6.4, 6.6, 7], [0, 1, 1, 2, 3])

for (const [where, isMatch] of [
  ['', true],
  ['young > 0.9', true],
  ['young > 0.95', false],
  ['young >= 0.95', true],
  ['YoungDisk<=0.9', true],
  ['giant > 0.04 and mainSequence < 0.01', true],
  ['P(age < 3 Myr) >= 0.6', true],
  ['P(age < 3 Myr) > 0.6', false],
  ['P(age < 0.003 Gyr) > 0.5', true],
  ['P(logAgeYr < 6.4772) > 0.5', true],
  ['P(ageMyr > 3) <= 0.4', true],
  ['P(av <= 1 mag) >= 0.6 and P(av < 1) <= 0.2', true],
  ['P(av >= 1) >= 0.8', true],
  ['P(mass < 1 Msun) > 0', false],
  ['median(av) < 1 mag', true],
  ['median(av) < 0.9', false],
  ['median(age) < 3 Myr', true],
  ['median(logAgeYr) < 6.4 dex', false],
  ['median(distance) < 0.126 kpc and median(distance) > 125 pc', true],
  ['median(teff) > 1 K', false],
  ['width(age) < 0.36 dex', true],
  ['width(age) < 0.34 dex', false],
  ['width(age) < 3.2 Myr and width(age) > 3.1 Myr', true],
  ['width(av) <= 0.5', true],
  ['within 5 deg of 56.75 24.12', true],
  ['within 60 arcmin of 57.75 24.12 and within 3600 arcsec of 56.75 23.13', true],
  ['within 1 deg of 56.75 25.13', false],
  ['has wise and has gaiaDr3 and has boss', true],
  ['has twoMass', false],
  ['not has twoMass and not has gaiaDr2', true],
  ['not has wise', false],
  ['flag outOfDistribution', true],
  ['not flag outOfDistribution', false],
  ['not flag ambiguousMatch', true],
] as const) {
  test(`${where === '' ? 'an empty filter' : where} ${isMatch ? 'matches' : 'does not match'}`, () => {
    expect(filter(where).matches(star, () => ages)).toBe(isMatch)
    const { passes, agrees } = filter(where)
    expect(passes(star, [star.starId], starFeatures(star)) && agrees(ages)).toBe(isMatch)
  })
}

for (const [where, at, word] of [
  ['yung > 0.9', 1, 'yung'],
  ['young > 0.9 or giant > 1', 13, 'or'],
  ['young > 1.5', 9, '0 to 1'],
  ['young = 0.5', 7, 'belong'],
  ['young >', 8, 'number'],
  ['P(age < 3) > 0.5', 9, 'Myr'],
  ['P(age < -3 Myr) > 0.5', 9, 'above zero'],
  ['P(age < 3 pc) > 0.5', 11, 'Myr'],
  ['P(agee < 3 Myr) > 0.5', 3, 'agee'],
  ['median(av < 1', 11, ')'],
  ['within 5 of 10 10', 10, 'arcmin'],
  ['within 181 deg of 10 10', 8, '180'],
  ['within 1 deg of 10 91', 20, '-90'],
  ['has gaia9', 5, 'gaiaDr3'],
  ['not young > 1', 5, 'has or flag'],
  ['young > 0.9 and', 16, 'begins no condition'],
  ['young > 0.9 and \u0000', 17, 'belong'],
  ['P(av < 1e999) > 0', 8, 'number'],
] as const) {
  test(`${JSON.stringify(where)} is refused at character ${at}`, () => {
    expect(() => filter(where)).toThrow(
      expect.objectContaining({ code: 'FILTER_INVALID', detail: { part: 'filter', character: at } }),
    )
    expect(() => filter(where)).toThrow(word)
  })
}

test('a row that shows one star after another is asked anew each time', () => {
  const row = { ...star }
  const young = filter('young > 0.9 and median(av) < 1')
  expect(young.matches(row, none)).toBe(true)
  row.youngProbability = 0.1
  expect(young.matches(row, none)).toBe(false)
})

test('texts, conditions and lists have limits', () => {
  expect(() => filter(Array(MAX_CONDITIONS).fill('young > 0').join(' and '))).not.toThrow()
  expect(() =>
    filter(
      Array(MAX_CONDITIONS + 1)
        .fill('young > 0')
        .join(' and '),
    ),
  ).toThrow('more than 50')
  expect(() => filter(' '.repeat(2001))).toThrow('longer')
  expect(() => filter('', null, Array(MAX_WATCHED + 1).fill('gaiaDr3:1'))).toThrow('at most 10000')
})

test('samples are asked for only where everything else matches, and what is gone matches nothing', () => {
  let asked = 0
  const two = filter('P(age < 3 Myr) > 0.1 and young > 0.99')
  expect(two.needsSamples).toBe(true)
  const count = () => {
    asked++
    return ages
  }
  expect(two.matches(star, count)).toBe(false)
  expect(asked).toBe(0)
  expect(filter('P(age < 3 Myr) > 0.1 and P(av < 1) > 0.1').matches(star, count)).toBe(true)
  expect(asked).toBe(1)
  expect(filter('P(age < 3 Myr) >= 0').matches(star, none)).toBe(false)
  expect(filter('young > 0').needsSamples).toBe(false)
})

test('a star is watched under any id that it goes by, and that of a superseded release', () => {
  const watching = filter('', null, ['Gaia DR3 65207709613871744', '2MASS J03471353+2342518'])
  const other = { ...star, starId: 'gaiaDr3:65207709613871744' }
  expect(watching.matches(other, none)).toBe(true)
  expect(watching.matches(star, none)).toBe(false)
  expect(watching.matches(star, none, ['gaiaDr3:1', 'twoMass:03471353+2342518'])).toBe(true)
  expect(filter('', null, ['gaiaDr2:65207709613871744']).matches(other, none)).toBe(true)
  expect(watchKey('gaiaDr2:7')).toBe('gaia:7')
  expect(watchKey('nothing')).toBeNull()
  expect(() => filter('', null, ['gaiaDr3:1', 'gaiaDr3:x'])).toThrow('entry 2')
})

const sign = fc.constantFrom('<', '<=', '>', '>=')
const probability = fc.double({ min: 0, max: 1, noNaN: true })
const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const above = fc.double({ min: 1e-9, max: 1e9, noNaN: true })
const quantity = fc.oneof(
  fc.tuple(fc.constantFrom('age', 'AGE'), sign, above, fc.constantFrom(' Myr', 'gyr', ' yr')),
  fc.tuple(fc.constantFrom('mass', 'teffK', 'radius'), sign, above, fc.constant('')),
  fc.tuple(fc.constantFrom('av', 'avMag'), sign, above, fc.constantFrom('', ' mag')),
  fc.tuple(fc.constantFrom('logAgeYr', 'feh', 'loggDex', 'logDistancePc'), sign, number, fc.constantFrom('', ' dex')),
)
const condition = fc.oneof(
  fc
    .tuple(fc.constantFrom('young', 'youngDisk', 'giant'), sign, probability)
    .map(([name, way, value]) => `${name}${way} ${value}`),
  fc
    .tuple(quantity, sign, probability)
    .map(([[name, way, value, unit], outer, chance]) => `P( ${name} ${way}${value}${unit})${outer}${chance}`),
  quantity.map(([name, way, value, unit]) => `median(${name}) ${way} ${value}${unit}`),
  fc.tuple(sign, above).map(([way, value]) => `width(distance) ${way} ${value} dex`),
  fc
    .tuple(
      fc.double({ min: 0, max: 180, noNaN: true }),
      fc.constantFrom('deg', 'arcmin', 'ARCSEC'),
      fc.double({ min: 0, max: 360, noNaN: true }),
      fc.double({ min: -90, max: 90, noNaN: true }),
    )
    .map(([radius, unit, ra, dec]) => `within ${radius} ${unit} of ${ra} ${dec}`),
  fc.constantFrom('has wise', 'NOT has GAIA', 'flag unlikeTraining', 'not flag w3Mag:contaminated'),
)

test('a filter that is printed and read again is the same filter', () => {
  fc.assert(
    fc.property(fc.array(condition, { maxLength: 8 }), conditions => {
      const parsed = parseConditions(conditions.join(' and '))
      expect(parsed).toHaveLength(conditions.length)
      const again = parseConditions(printConditions(parsed))
      expect(again).toEqual(parsed)
      expect(printConditions(again)).toBe(printConditions(parsed))
    }),
    { seed: 107 },
  )
})

test('P(x < v) is the fraction that a loop counts', () => {
  const column = fc.array(fc.oneof(fc.float({ min: 5, max: 10, noNaN: true }), fc.constantFrom(6, 7)), {
    ...{ minLength: 1, maxLength: 60 },
  })
  fc.assert(
    fc.property(column, fc.oneof(fc.constantFrom(6, 7), number), sign, (values, value, way) => {
      const samples = samplesOf(['logAgeYr'], values)
      let count = 0
      for (const one of samples.values) {
        if (way === '<' ? one < value : way === '<=' ? one <= value : way === '>' ? one > value : one >= value) count++
      }
      const fraction = count / values.length
      const asked = (outer: string) =>
        filter(`P(logAgeYr ${way} ${value}) ${outer} ${fraction}`).matches(star, () => samples)
      expect([asked('>='), asked('<='), asked('<'), asked('>')]).toEqual([true, true, false, false])
    }),
    { seed: 109 },
  )
})

const words = [
  'P(',
  'age',
  '<',
  '>',
  '3',
  'Myr',
  ')',
  'and',
  'within',
  'of',
  'not',
  'has',
  'deg',
  '-',
  '1e9',
  '.',
  'é',
  '\n',
]
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2100 }),
  fc.array(fc.constantFrom(...words), { maxLength: 400 }).map(parts => parts.join(' ')),
  fc
    .tuple(fc.constantFrom('(', ' ', '9', 'not ', '/', '-', '4/0,', '{"4":['), fc.nat(5000))
    .map(([a, n]) => a.repeat(n)),
)

test('hostile texts are read, or refused by a sentence with a place, at once', () => {
  const place = /^The (filter|MOC|watchlist) is wrong at character \d+: [^\n]{1,400}\.$/
  const startMs = performance.now()
  fc.assert(
    fc.property(hostile, text => {
      for (const one of [
        { where: text, moc: null, watchlist: [] },
        { where: '', moc: text, watchlist: [] },
        { where: '', moc: null, watchlist: [text] },
      ]) {
        try {
          parseFilter(one)
        } catch (error) {
          if (!isFusionError(error)) throw error
          expect(error.code).toBe('FILTER_INVALID')
          expect(error.message).toMatch(place)
        }
      }
    }),
    { seed: 113, numRuns: 300 },
  )
  expect(performance.now() - startMs).toBeLessThan(20_000)
})
