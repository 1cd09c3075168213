import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPosteriorModel } from '../../../models/openPosteriorModel.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { readCheckpoint } from '../../../models/training/checkpoint.ts'
import { adoptFamiliarity, familiarityMeasure, learnFamiliarity } from '../../../models/training/familiarityMeasure.ts'
import { writeTinyCheckpoint } from './tinyCheckpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'familiarity-'))
const simulator = createPilotSimulator()
const star = {
  key: 'one',
  given: [
    { quantity: 'jMag', value: 11, err: 0.02, isLimit: false },
    { quantity: 'hMag', value: 10.6, err: 0.02, isLimit: false },
    { quantity: 'w1Mag', value: 10.4, err: 0.02, isLimit: false },
    { quantity: 'gMag', value: 12.9, err: 0.01, isLimit: false },
    { quantity: 'parallaxMas', value: 4, err: 0.1, isLimit: false },
  ],
}

beforeAll(() => writeTinyCheckpoint(folder))
afterAll(() => rmSync(folder, { recursive: true }))

test('a card without it is read, and tells nothing; measured, each posterior tells the same as its embedding', async () => {
  const bare = await openPosteriorModel(folder)
  const [before] = await bare.infer([star], { sampleCount: 16, seed: 1n })
  await bare.close()
  expect(before.familiarity).toBeNull()
  expect(readCheckpoint(folder).card.familiarity).toBeUndefined()

  const heard: number[] = []
  const request = { ...familiarityMeasure, starCount: 11_000 }
  const laws = await learnFamiliarity(folder, simulator, request, done => heard.push(done))
  expect(heard.at(-1)).toBe(11_000)
  expect(laws.map(({ family }) => family)).toContain('parallax gaia twoMass wise')
  for (const { starCount } of laws) expect(starCount).toBeGreaterThanOrEqual(1000)
  adoptFamiliarity(folder, laws)

  const model = await openPosteriorModel(folder)
  const [after] = await model.infer([star], { sampleCount: 16, seed: 1n })
  const [alone] = await model.familiarities([star])
  await model.close()
  expect(after.samples).toEqual(before.samples)
  expect(after.familiarity).toBeGreaterThan(0)
  expect(after.familiarity).toBeCloseTo(alone as number, 4)
})

test('a damaged law is refused by its name', async () => {
  const { card } = readCheckpoint(folder)
  const [first, ...others] = card.familiarity ?? []
  for (const change of [{ mean: first.mean.slice(1) }, { tails: [...first.tails].reverse() }, { distances: [1, 2] }]) {
    writeTinyCheckpoint(folder, { familiarity: [{ ...first, ...change }, ...others] })
    expect(() => readCheckpoint(folder)).toThrow(/its "familiarity" does not fit/)
  }
})
