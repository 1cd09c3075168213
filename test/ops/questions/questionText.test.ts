import { expect, test } from 'vitest'
import { givenText, type QuestionText, readQuestion } from '../../../ops/questions/questionText.ts'
import { isFusionError } from '../../../schemas/index.ts'

const read = (given: string) => readQuestion({ asked: 'logAge', given })

test('a question of every form is read, whatever the case and the spaces', () => {
  const question = readQuestion({
    asked: 'logAge, MASS,logAge , w1',
    given: 'distancePc = 140 ± 2, gMag=14.2+-0.01, teffK=4000, ageMyr<10, 0.5< massMsun <=2, loggDex=4.3+/-.1, av>1e-2',
    without: 'WISE, jMag',
  })
  expect(question.asked.map(({ name }) => name)).toEqual(['logAgeYr', 'massMsun', 'w1Mag'])
  expect(question.fixed).toEqual([{ name: 'teffK', quantity: 'logTeffK', offsetDex: 0, value: 4000 }])
  expect(question.measured).toEqual([{ quantity: 'gMag', value: 14.2, err: 0.01, isLimit: false }])
  expect(question.conditions).toEqual([
    { name: 'distancePc', quantity: 'logDistancePc', offsetDex: 0, kind: 'measured', value: 140, err: 2 },
    { name: 'loggDex', quantity: 'loggDex', offsetDex: null, kind: 'measured', value: 4.3, err: 0.1 },
    { name: 'ageMyr', quantity: 'logAgeYr', offsetDex: 6, kind: 'within', low: null, high: 10 },
    { name: 'massMsun', quantity: 'logMassMsun', offsetDex: 0, kind: 'within', low: 0.5, high: 2 },
    { name: 'avMag', quantity: 'avMag', offsetDex: null, kind: 'within', low: 0.01, high: null },
  ])
  expect(question.without).toEqual(['w1Mag', 'w2Mag', 'w3Mag', 'w4Mag', 'jMag'])
})

test('a prior is a Gaussian or two bounds of one parameter, once, beside what is given of it', () => {
  const withPrior = (prior: string) => readQuestion({ asked: 'logAge', given: 'distancePc=140±2', prior })
  const question = withPrior('distancePc=150±30, 1<ageMyr<20')
  expect(question.conditions.slice(1)).toEqual([
    {
      name: 'distancePc',
      quantity: 'logDistancePc',
      offsetDex: 0,
      kind: 'measured',
      value: 150,
      err: 30,
      isPrior: true,
    },
    { name: 'ageMyr', quantity: 'logAgeYr', offsetDex: 6, kind: 'within', low: 1, high: 20, isPrior: true },
  ])
  expect(givenText(question)).toEqual(['distancePc=140±2', 'prior distancePc=150±30', 'prior 1<ageMyr<20'])
  expect(() => withPrior('ageMyr<20')).toThrow(/one bound/)
  expect(() => withPrior('ageMyr=20')).toThrow(/is no prior/)
  expect(() => withPrior('gMag=12±0.1')).toThrow(/is no prior/)
  expect(() => withPrior('loggDex=4±0.1')).toThrow(/no parameter of the model/)
  expect(() => withPrior('ageMyr=20±5, logAgeYr=7±1')).toThrow(/two priors/)
  expect(() => withPrior('ageMyr=20±0')).toThrow(/must be above zero/)
})

test('what was given is told as it could be typed again', () => {
  const text = 'teffK=4000, gMag=14.2±0.01, distancePc=140±2, ageMyr<10, 0.5<massMsun<2, avMag>0.01'
  const told = givenText(read(text))
  expect([...told].sort()).toEqual(
    ['teffK=4000', 'gMag=14.2±0.01', 'distancePc=140±2', 'ageMyr<10', '0.5<massMsun<2', '0.01<avMag'].sort(),
  )
})

test('bounds of one name are one condition, the tightest of each side', () => {
  expect(read('ageMyr>1, ageMyr<10, ageMyr<20, ageMyr>=2').conditions).toMatchObject([{ low: 2, high: 10 }])
})

test('groups stand for their quantities, each asked once', () => {
  const names = (asked: string) => readQuestion({ asked }).asked.map(({ name }) => name)
  expect(names('2MASS,jMag')).toEqual(['jMag', 'hMag', 'ksMag'])
  expect(names('parameters')).toHaveLength(9)
  expect(names('allwise')).toEqual(names('WISE'))
})

function sentenceOf(text: QuestionText): string {
  try {
    readQuestion(text)
    return 'none'
  } catch (error) {
    return isFusionError(error) && error.code === 'QUESTION_INVALID' ? error.message : `not ours: ${error}`
  }
}

for (const [what, text, part] of [
  ['an unknown name asked', { asked: 'logAg' }, '"logAg": nearest are logAge'],
  ['an unknown name given', { asked: 'age', given: 'distancPc=140' }, '"distancPc": nearest are distancePc'],
  ['an unknown survey left out', { asked: 'age', without: 'WYSE' }, '"WYSE": nearest are WISE'],
  ['a parameter left out', { asked: 'age', without: 'mass' }, 'mass is no measurement that could be left out'],
  ['a value that is no number', { asked: 'age', given: 'distancePc=near' }, '"distancePc=near" is nothing that could'],
  ['a name alone', { asked: 'age', given: 'distancePc' }, '"distancePc" is nothing that could be given'],
  ['half an error', { asked: 'age', given: 'distancePc=140±' }, 'is nothing that could be given'],
  ['a text without an end', { asked: 'age', given: 'a'.repeat(5000) }, 'longer than 4000 characters'],
] as const satisfies readonly (readonly [string, QuestionText, string])[]) {
  test(`${what} is refused in one sentence`, () => {
    const sentence = sentenceOf(text)
    expect(sentence).toContain(part)
    expect(sentence).toMatch(/^[^\n]+\.$/)
  })
}
