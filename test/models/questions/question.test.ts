import { expect, test } from 'vitest'
import {
  type Condition,
  checkQuestion,
  type FixedValue,
  fromNamed,
  type NamedQuantity,
  type Question,
  toNamed,
} from '../../../models/questions/question.ts'
import { isFusionError } from '../../../schemas/index.ts'

const logAge: NamedQuantity = { name: 'logAgeYr', quantity: 'logAgeYr', offsetDex: null }
const ageMyr: NamedQuantity = { name: 'ageMyr', quantity: 'logAgeYr', offsetDex: 6 }
const distance: NamedQuantity = { name: 'distancePc', quantity: 'logDistancePc', offsetDex: 0 }
const teff: NamedQuantity = { name: 'teffK', quantity: 'logTeffK', offsetDex: 0 }
const logg: NamedQuantity = { name: 'loggDex', quantity: 'loggDex', offsetDex: null }
const gMag: NamedQuantity = { name: 'gMag', quantity: 'gMag', offsetDex: null }
const exactly = (one: NamedQuantity, value: number): FixedValue => ({ ...one, value })
const about = (one: NamedQuantity, value: number, err: number): Condition => ({ ...one, kind: 'measured', value, err })
const between = (one: NamedQuantity, low: number | null, high: number | null): Condition => ({
  ...one,
  kind: 'within',
  low,
  high,
})
const magnitude = (value: number, err: number) => ({ quantity: 'gMag', value, err, isLimit: false })

function sentenceOf(question: Partial<Question>): string {
  try {
    checkQuestion({ asked: [logAge], fixed: [], measured: [], conditions: [], without: [], ...question })
    return 'none'
  } catch (error) {
    return isFusionError(error) && error.code === 'QUESTION_INVALID' ? error.message : `not ours: ${error}`
  }
}

test('a name in another unit is ten to the power of the vocabulary', () => {
  expect(toNamed(ageMyr, 7)).toBeCloseTo(10, 12)
  expect(fromNamed(ageMyr, 10)).toBeCloseTo(7, 12)
  expect(fromNamed(logAge, 7.5)).toBe(7.5)
  expect(fromNamed(distance, -4)).toBe(Number.NEGATIVE_INFINITY)
})

test('what makes sense is let through', () => {
  const question = {
    fixed: [exactly(teff, 4000)],
    measured: [magnitude(14.2, 0.01)],
    conditions: [about(distance, 140, 2), between(ageMyr, null, 10)],
    without: ['w1Mag'],
  }
  expect(sentenceOf(question)).toBe('none')
  expect(sentenceOf({ asked: [logAge, ageMyr] })).toBe('none')
})

for (const [what, question, part] of [
  ['nothing asked', { asked: [] }, 'Nothing is asked'],
  ['one name asked twice', { asked: [logAge, logAge] }, 'logAgeYr is asked for twice'],
  ['too much asked', { asked: Array.from({ length: 65 }, (_, i) => ({ ...logAge, name: `a${i}` })) }, 'too long'],
  ['what no vocabulary has', { asked: [{ ...logAge, quantity: 'luck', name: 'luck' }] }, 'luck is no quantity'],
  [
    'what the model does not know',
    { asked: [{ name: 'pmDecMasPerYr', quantity: 'pmDecMasPerYr', offsetDex: null }] },
    'not known to this model',
  ],
  ['the same asked and given', { fixed: [exactly(ageMyr, 10)] }, 'logAgeYr is both asked for and given'],
  ['a measurement asked and given', { asked: [gMag], measured: [magnitude(14, 0.1)] }, 'gMag is both asked'],
  ['one thing given twice', { fixed: [exactly(distance, 100)], conditions: [about(distance, 140, 2)] }, 'given twice'],
  ['a bound on what is given', { fixed: [exactly(teff, 4000)], conditions: [between(teff, 1, null)] }, 'and bounded'],
  ['a negative distance', { fixed: [exactly(distance, -10)] }, 'distancePc is -10, which cannot be'],
  ['a star of a billion kelvin', { fixed: [exactly(teff, 1e9)] }, 'teffK is 1000000000, which cannot be'],
  ['a magnitude of nothing', { measured: [magnitude(Number.NaN, 0.1)] }, 'gMag is NaN'],
  ['an error of zero', { conditions: [about(distance, 140, 0)] }, 'error of distancePc is 0'],
  ['a negative error', { measured: [magnitude(14, -0.1)] }, 'error of gMag is -0.1'],
  ['a measurement without an error', { fixed: [exactly(gMag, 14)] }, 'gMag=14 has no error'],
  ['a derived quantity given exactly', { fixed: [exactly(logg, 4.3)] }, 'loggDex follows from other parameters'],
  ['a measurement as a condition', { conditions: [about(gMag, 14, 0.1)] }, 'give it as one'],
  ['no bound at all', { conditions: [between(ageMyr, null, null)] }, 'has no bound'],
  ['bounds the wrong way round', { conditions: [between(ageMyr, 10, 1)] }, 'exchange the bounds'],
  ['bounds of nothing possible', { conditions: [between(ageMyr, null, -3)] }, 'hold no possible value'],
  ['a bound that is no number', { conditions: [between(ageMyr, Number.NaN, null)] }, 'is NaN'],
  ['a parameter left out', { without: ['logAgeYr'] }, 'no measurement that could be left out'],
] as const satisfies readonly (readonly [string, Partial<Question>, string])[]) {
  test(`${what} is refused in one sentence`, () => {
    const sentence = sentenceOf(question)
    expect(sentence).toContain(part)
    expect(sentence).toMatch(/^[^\n]+\.$/)
  })
}
