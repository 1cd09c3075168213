import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPosteriorModel } from '../../../models/openPosteriorModel.ts'
import type { StarInput } from '../../../models/posterior.ts'
import type { AskableModel } from '../../../models/questions/askableModel.ts'
import type { NamedQuantity, Question } from '../../../models/questions/question.ts'
import { summarize } from '../../../models/summary.ts'
import { loggDex, logRadiusRsun } from '../../../schemas/index.ts'
import { writeTinyCheckpoint } from '../training/tinyCheckpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'answer-'))
let model: AskableModel

beforeAll(async () => {
  writeTinyCheckpoint(folder)
  model = await openPosteriorModel(folder)
})
afterAll(async () => {
  await model.close()
  rmSync(folder, { recursive: true })
})

const same = (name: string): NamedQuantity => ({ name, quantity: name, offsetDex: null })
const ageMyr: NamedQuantity = { name: 'ageMyr', quantity: 'logAgeYr', offsetDex: 6 }
const distance: NamedQuantity = { name: 'distancePc', quantity: 'logDistancePc', offsetDex: 0 }
const question = (asked: readonly NamedQuantity[], more: Partial<Question> = {}): Question => ({
  asked,
  fixed: [],
  measured: [],
  conditions: [],
  without: [],
  ...more,
})
const measured = { parallaxMas: 7.3, gMag: 12, jMag: 10.4, ksMag: 9.7, w1Mag: 9.6 }
const given = Object.entries(measured).map(([quantity, value]) => ({ quantity, value, err: 0.5, isLimit: false }))
const star: StarInput = { key: 'near', given }
const options = { sampleCount: 256, seed: 9n }

async function askOne(one: Question, of: StarInput = star, sampleCount = 256) {
  const [answer] = await model.ask([of], one, { ...options, sampleCount })
  const at = (name: string) => {
    const i = answer.names.indexOf(name)
    return answer.samples.subarray(i * sampleCount, (i + 1) * sampleCount)
  }
  return { answer, at }
}

test('the question of the posterior is answered by the posterior, to the bit', async () => {
  const { answer, at } = await askOne(question([same('logAgeYr'), same('loggDex'), ageMyr]))
  const [posterior] = await model.infer([star], options)
  const column = (name: string) => {
    const i = posterior.sampleNames.indexOf(name)
    return posterior.samples.subarray(i * 256, (i + 1) * 256)
  }
  expect(answer.drawnBy).toBe('posteriorHead')
  expect(at('logAgeYr')).toEqual(column('logAgeYr'))
  expect(at('loggDex')).toEqual(column('loggDex'))
  at('ageMyr').forEach((age, s) => {
    expect(Math.log10(age) + 6).toBeCloseTo(column('logAgeYr')[s], 4)
  })
  const [shorter] = await model.ask([star], question([same('logAgeYr')]), { ...options, sampleCount: 100 })
  expect(shorter.samples).toEqual(column('logAgeYr').subarray(0, 100))
})

test('what is left out is as if it had never been measured', async () => {
  const without = await askOne(question([same('logAgeYr')], { without: ['w1Mag'] }))
  const never = await askOne(question([same('logAgeYr')]), {
    ...star,
    given: given.filter(g => g.quantity !== 'w1Mag'),
  })
  expect(without.answer).toEqual(never.answer)
  expect(without.answer.observables).not.toContain('w1Mag')
})

test('a measurement that is given is as if the star had it', async () => {
  const more = { quantity: 'hMag', value: 9.8, err: 0.5, isLimit: false }
  const told = await askOne(question([same('logAgeYr')], { measured: [more] }))
  const known = await askOne(question([same('logAgeYr')]), { ...star, given: [...given, more] })
  expect(told.answer).toEqual(known.answer)
})

test('the same question, star and seed give the same bytes by tokens, another seed or star others', async () => {
  const one = question([same('w2Mag'), same('logAgeYr')])
  const first = await askOne(one)
  expect(first.answer.drawnBy).toBe('tokens')
  expect((await askOne(one)).answer).toEqual(first.answer)
  expect((await askOne(one, { ...star, key: 'other' })).answer.samples).not.toEqual(first.answer.samples)
  const [other] = await model.ask([star], one, { ...options, seed: 10n })
  expect(other.samples).not.toEqual(first.answer.samples)
  // More samples begin with the fewer ones, and blocks differ.
  const [longer] = await model.ask([star], one, { ...options, sampleCount: 400 })
  expect(longer.samples.subarray(0, 256)).toEqual(first.at('w2Mag'))
  expect(longer.samples.subarray(256, 400)).not.toEqual(longer.samples.subarray(0, 144))
})

test('derived quantities follow exactly from what is drawn and what is given', async () => {
  const asked = ['logRadiusRsun', 'loggDex', 'logMassMsun', 'logLuminosityLsun'].map(same)
  const { answer, at } = await askOne(question(asked, { fixed: [{ ...same('logTeffK'), value: 3.6 }] }))
  expect(answer.drawnBy).toBe('tokens')
  for (let s = 0; s < 256; s += 17) {
    const radius = logRadiusRsun(at('logLuminosityLsun')[s], 3.6)
    expect(at('logRadiusRsun')[s]).toBeCloseTo(radius, 4)
    expect(at('loggDex')[s]).toBeCloseTo(loggDex(at('logMassMsun')[s], radius), 4)
  }
})

test('what follows from given values alone has no spread', async () => {
  const fixed = [
    { ...same('logTeffK'), value: 3.6 },
    { ...same('logLuminosityLsun'), value: -0.3 },
  ]
  const { at } = await askOne(question([same('logRadiusRsun')], { fixed }))
  const { mean, sd } = summarize('logRadiusRsun', at('logRadiusRsun'))
  expect(mean).toBeCloseTo(logRadiusRsun(-0.3, 3.6), 5)
  expect(sd).toBeLessThan(1e-5)
})

test('bounds keep just the draws within them, and tell their probability', async () => {
  const plain = await askOne(question([same('logDistancePc')]), star, 4096)
  const middle = summarize('logDistancePc', plain.at('logDistancePc')).q50
  const bound = { ...same('logDistancePc'), kind: 'within', low: middle, high: null } as const
  const { answer, at } = await askOne(question([same('logDistancePc')], { conditions: [bound] }))
  expect(at('logDistancePc').every(value => value > middle)).toBe(true)
  // The same 4096 draws.
  expect(answer.drawCount).toBe(4096)
  expect(Math.abs((answer.conditionProbability ?? 0) - 0.5)).toBeLessThan(1 / 4096)
  expect(answer.effectiveCount).toBeCloseTo(2048, 0)
  expect(answer.flags).not.toContain('fewEffectiveDraws')
})

test('a measurement of the distance weighs the posterior by its likelihood', async () => {
  const count = 4096
  const plain = await askOne(question([distance, same('logAgeYr')]), star, count)
  const [value, err] = [summarize('d', plain.at('distancePc')).q84, 4]
  const weights = plain.at('distancePc').map(d => Math.exp(-0.5 * ((d - value) / err) ** 2))
  const sum = weights.reduce((a, b) => a + b, 0)
  const mean = weights.reduce((total, weight, s) => total + weight * plain.at('distancePc')[s], 0) / sum
  const conditions = [{ ...distance, kind: 'measured', value, err } as const]
  const { answer, at } = await askOne(question([distance, same('logAgeYr')], { conditions }))
  expect(answer.drawCount).toBe(count)
  expect(answer.conditionProbability).toBeNull()
  expect(answer.effectiveCount).toBeCloseTo((sum * sum) / weights.reduce((a, b) => a + b * b, 0), 0)
  // Equal draws of 256 stand for the weighed 4096: five standard errors.
  const drawn = summarize('d', at('distancePc'))
  expect(Math.abs(drawn.mean - mean)).toBeLessThan((5 * drawn.sd) / 16)
})

test('bounds by tokens hold too', async () => {
  const plain = await askOne(question([same('w2Mag')]))
  const middle = summarize('w2Mag', plain.at('w2Mag')).q50
  const conditions = [{ ...same('w2Mag'), kind: 'within', low: null, high: middle } as const]
  const { answer, at } = await askOne(question([same('logAgeYr'), same('w2Mag')], { conditions }))
  expect(at('w2Mag').every(value => value < middle)).toBe(true)
  expect(answer.drawCount % 128).toBe(0)
  expect(answer.drawCount).toBeGreaterThan(256)
})

async function sentenceOf(one: Question, of: StarInput = star): Promise<string> {
  const error: unknown = await model.ask([of], one, options).catch((cause: unknown) => cause)
  expect(error).toMatchObject({ code: 'QUESTION_INVALID' })
  const { message } = error as Error
  expect(message).toMatch(/^[^\n]+\.$/)
  return message
}

test('conditions that the star excludes are refused, each in its own words', async () => {
  const far = { ...distance, kind: 'measured', value: 9000, err: 10 } as const
  expect(await sentenceOf(question([ageMyr], { conditions: [far] }))).toContain('contradicts what else is known')
  const rare = { ...same('logDistancePc'), kind: 'within', low: 3.9, high: null } as const
  expect(await sentenceOf(question([ageMyr], { conditions: [rare] }))).toContain('next to no probability')
  const { at } = await askOne(question([distance]), star, 4096)
  const [nearest, farthest] = [
    at('distancePc').reduce((a, b) => Math.min(a, b)),
    at('distancePc').reduce((a, b) => Math.max(a, b)),
  ]
  // Where random weights let no draws pile up.
  const middle = nearest + 0.41 * (farthest - nearest)
  const narrow = { ...distance, kind: 'measured', value: middle, err: 1e-8 } as const
  expect(await sentenceOf(question([ageMyr], { conditions: [narrow] }))).toContain('Give it exactly, distancePc=')
  const low = { ...distance, kind: 'within', low: null, high: middle } as const
  const high = { ...distance, kind: 'within', low: middle, high: null } as const
  expect(await sentenceOf(question([ageMyr], { conditions: [low, high] }))).toContain('exclude one another')
})

test('what is measured can be neither predicted nor given anew', async () => {
  expect(await sentenceOf(question([same('w1Mag')]))).toContain('w1Mag is measured of this star')
  const again = { quantity: 'gMag', value: 12.1, err: 0.1, isLimit: false }
  expect(await sentenceOf(question([ageMyr], { measured: [again] }))).toContain('gMag is measured of this star')
  const replaced = await askOne(question([ageMyr], { measured: [again], without: ['gMag'] }))
  expect(replaced.answer.observables).toContain('gMag')
})

test('given values beyond what the model saw, or against the parallax, are refused', async () => {
  const near = { ...distance, value: 1.5 }
  expect(await sentenceOf(question([ageMyr], { fixed: [near] }))).toContain('this model never saw')
  const precise = { ...star, given: [{ quantity: 'parallaxMas', value: 7, err: 0.05, isLimit: false }] }
  const far = { ...distance, value: 400 }
  expect(await sentenceOf(question([ageMyr], { fixed: [far] }), precise)).toContain("from the star's parallax")
})

test('a number of samples that nobody can draw is refused', async () => {
  for (const sampleCount of [0, 1.5, 65_537]) {
    await expect(model.ask([star], question([ageMyr]), { ...options, sampleCount })).rejects.toMatchObject({
      code: 'QUESTION_INVALID',
    })
  }
})

test('a star of which nothing is told is answered by tokens: the prior', async () => {
  const { answer, at } = await askOne(question([same('fehDex')]), { key: 'told', given: [] })
  expect([answer.drawnBy, answer.observables]).toEqual(['tokens', []])
  expect(at('fehDex').every(value => value >= -3 && value <= 1)).toBe(true)
})

test('another prior of a parameter weighs the draws, and one that is far from the star is refused', async () => {
  const within = { ...distance, kind: 'within', low: 120, high: 140, isPrior: true } as const
  const { answer, at } = await askOne(question([distance], { conditions: [within] }))
  expect(answer.drawnBy).toBe('posteriorHead')
  expect(answer.conditionProbability).toBeNull()
  expect(answer.effectiveCount).toBeGreaterThan(20)
  for (const value of at('distancePc')) expect(value > 120 && value < 140).toBe(true)
  const far = { ...distance, kind: 'measured', value: 3000, err: 1, isPrior: true } as const
  await expect(askOne(question([distance], { conditions: [far] }))).rejects.toMatchObject({
    code: 'QUESTION_INVALID',
    message: expect.stringContaining('The prior of distancePc is too far'),
  })
  // A measurement of the same is no second prior: both count.
  const also = { ...distance, kind: 'measured', value: 130, err: 20 } as const
  expect((await askOne(question([distance], { conditions: [also, within] }))).answer.effectiveCount).toBeGreaterThan(20)
})
