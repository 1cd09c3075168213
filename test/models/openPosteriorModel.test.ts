import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linearKinds } from '../../models/diffusion/samplers.ts'
import { openPosteriorModel, sampleNames } from '../../models/openPosteriorModel.ts'
import type { PosteriorModel, StarInput } from '../../models/posterior.ts'
import { modelParameters } from '../../models/tokens/layout.ts'
import { readCheckpoint } from '../../models/training/checkpoint.ts'
import { FusionError, loggDex, logRadiusRsun } from '../../schemas/index.ts'
import { tinyConfig, writeTinyCheckpoint } from './training/tinyCheckpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'posterior-'))
let model: PosteriorModel

writeTinyCheckpoint(join(folder, 'good'))
const { card } = readCheckpoint(join(folder, 'good'))

beforeAll(async () => {
  model = await openPosteriorModel(join(folder, 'good'))
})

afterAll(async () => {
  await model.close()
  rmSync(folder, { recursive: true })
})

function star(key: string, values: Readonly<Record<string, number>>): StarInput {
  const given = Object.entries(values).map(([quantity, value]) => ({ quantity, value, err: 0.03, isLimit: false }))
  return { key, given }
}

function correctionOf(levels: readonly number[], modelLevels: readonly number[]) {
  return { given: ['gMag'], levels, parameters: modelParameters.map(name => ({ name, modelLevels })) }
}

const near = star('near', { parallaxMas: 7.3, gMag: 12, jMag: 10.4, ksMag: 9.7 })
const far = star('far', { parallaxMas: 0.4, gMag: 17, bpMag: 18, w1Mag: 13 })
const options = { sampleCount: 64, seed: 9n }

test('the same star, model and seed give the same bytes', async () => {
  const [first] = await model.infer([near], options)
  const [second] = await model.infer([near], options)
  expect(second).toEqual(first)
})

test('a posterior does not depend on who shares the batch', async () => {
  const [, alone] = await model.infer([far, near], options)
  const [together] = await model.infer([near, far], options)
  expect(alone).toEqual(together)
})

test('another seed or another star gives other samples', async () => {
  const [one] = await model.infer([near], options)
  const [other] = await model.infer([near], { ...options, seed: 10n })
  const [renamed] = await model.infer([{ ...near, key: 'renamed' }], options)
  expect(other.samples).not.toEqual(one.samples)
  expect(renamed.samples).not.toEqual(one.samples)
})

test('samples are finite, classes sum to one, and the distance stays near a precise parallax', async () => {
  const [answer] = await model.infer([near], options)
  expect(answer.samples.length).toBe(sampleNames.length * 64)
  expect(answer.samples.every(Number.isFinite)).toBe(true)
  expect(answer.classProbabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6)
  const distances = answer.samples.subarray(6 * 64, 7 * 64)
  // The base holds whatever the network says: eight errors of 0.03 mas about 7.3 mas are 0.014 dex.
  for (const logDistance of distances) expect(Math.abs(logDistance - (3 - Math.log10(7.3)))).toBeLessThan(0.015)
})

test('radius and surface gravity obey Stefan-Boltzmann and Newton in every sample', async () => {
  const [answer] = await model.infer([far], options)
  const at = (name: string, s: number) => answer.samples[sampleNames.indexOf(name) * 64 + s]
  for (let s = 0; s < 64; s++) {
    const radius = logRadiusRsun(at('logLuminosityLsun', s), at('logTeffK', s))
    expect(at('logRadiusRsun', s)).toBeCloseTo(radius, 4)
    expect(at('loggDex', s)).toBeCloseTo(loggDex(at('logMassMsun', s), radius), 4)
  }
})

test('limits and unknown quantities are no measurements', async () => {
  const [plain] = await model.infer([near], options)
  const more = [
    ...near.given,
    { quantity: 'w4Mag', value: 8, err: 0.3, isLimit: true },
    { quantity: 'pmDecMasPerYr', value: 3, err: 0.1, isLimit: false },
  ]
  const [answer] = await model.infer([{ ...near, given: more }], options)
  expect(answer).toEqual(plain)
})

test('a card may name any sampler that the posterior head knows', async () => {
  for (const kind of linearKinds) {
    const place = join(folder, kind)
    writeTinyCheckpoint(place, { sampler: { kind, steps: 5 } })
    const opened = await openPosteriorModel(place)
    const [answer] = await opened.infer([near], options)
    await opened.close()
    expect(answer.samples.every(Number.isFinite), kind).toBe(true)
    expect(new Set(answer.samples).size, kind).toBeGreaterThan(sampleNames.length)
  }
})

test('a star with nothing measured gets an answer too', async () => {
  const [answer] = await model.infer([star('dark', {})], options)
  expect(answer.observables).toEqual([])
  expect(answer.samples.every(Number.isFinite)).toBe(true)
})

test('a star unlike any simulated one is flagged', async () => {
  const [odd] = await model.infer([star('odd', { gMag: 12, jMag: 31 })], options)
  expect(odd.flags).toContain('outOfDistribution')
})

test('a value that is not finite is refused by name', async () => {
  await expect(model.infer([star('bad', { gMag: Number.NaN })], options)).rejects.toThrow(/bad: gMag is NaN/)
})

test('an impossible number of samples is refused', async () => {
  await expect(model.infer([near], { sampleCount: 0, seed: 1n })).rejects.toMatchObject({ code: 'QUESTION_INVALID' })
})

async function codeOf(path: string): Promise<string> {
  const error = await openPosteriorModel(path).catch((cause: unknown) => cause)
  return error instanceof FusionError ? error.code : 'none'
}

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['schema', { schema: undefined }],
  ['config', { config: { ...tinyConfig, heads: 3 } }],
  ['config', { config: { ...tinyConfig, classCount: 5 } }],
  ['noise', { noise: { sigmaMin: 1, sigmaMax: 0.1 } }],
  ['sampler', { sampler: { kind: 'ancestral', steps: 1 } }],
  ['sampler', { sampler: { kind: 'heunOde', steps: 8 } }],
  ['parameters', { parameters: card.parameters.slice(1) }],
  ['parameters', { parameters: card.parameters.map(one => ({ ...one, name: `other ${one.name}` })) }],
  ['parameters', { parameters: card.parameters.map(one => ({ ...one, values: [...one.values].reverse() })) }],
  ['brightness', { brightness: [] }],
  ['observableSd', { observableSd: card.observableSd.map(() => 0) }],
  ['errFloors', { errFloors: [0.01] }],
  ['classPrior', { classPrior: [0.5, 0.5, 0.5, 0.5] }],
  ['corrections', { corrections: [{ given: ['gMag', 'gMag'], parameters: [] }] }],
  ['corrections', { corrections: [{ given: ['gMag'], parameters: [] }] }],
  ['corrections', { corrections: [correctionOf([0, 0.5, 1], [0, 0.6])] }],
  ['corrections', { corrections: [correctionOf([0, 0.5, 1], [0, 0.6, 0.9])] }],
  ['corrections', { corrections: [correctionOf([0, 0.5, 0.5, 1], [0, 0.5, 0.6, 1])] }],
  ['corrections', { corrections: [correctionOf([0.1, 0.5, 1], [0, 0.5, 1])] }],
  ['featureRange', { featureRange: { low: [], high: [] } }],
])('a card whose %s does not fit is refused by that name', async (name, change) => {
  const place = join(folder, `card-${name}`)
  writeTinyCheckpoint(place)
  // By hand: a program that writes such a card would fail on it.
  writeFileSync(join(place, 'model.json'), JSON.stringify({ ...card, ...change }))
  await expect(openPosteriorModel(place)).rejects.toMatchObject({
    code: 'MODEL_MISMATCH',
    message: expect.stringContaining(`"${name}"`),
  })
})

test('a folder without a model, a damaged one and one of another vocabulary are told apart', async () => {
  expect(await codeOf(join(folder, 'absent'))).toBe('MODEL_MISSING')
  writeTinyCheckpoint(join(folder, 'other'), { schema: 'of-long-ago' })
  expect(await codeOf(join(folder, 'other'))).toBe('MODEL_MISMATCH')
  writeTinyCheckpoint(join(folder, 'short'))
  truncateSync(join(folder, 'short', 'weights.bin'), 100)
  expect(await codeOf(join(folder, 'short'))).toBe('MODEL_MISMATCH')
  writeTinyCheckpoint(join(folder, 'torn'))
  writeFileSync(join(folder, 'torn', 'model.json'), '{"format":')
  expect(await codeOf(join(folder, 'torn'))).toBe('MODEL_MISMATCH')
  writeTinyCheckpoint(join(folder, 'long'))
  appendFileSync(join(folder, 'long', 'weights.bin'), 'more')
  expect(await codeOf(join(folder, 'long'))).toBe('MODEL_MISMATCH')
})
