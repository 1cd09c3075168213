import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { pilotRecipe, type Recipe } from '../../../models/training/recipe.ts'
import { trainStarModel } from '../../../models/training/trainer.ts'
import { FusionError } from '../../../schemas/index.ts'
import { tinyConfig } from './tinyCheckpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'trainer-'))
afterAll(() => rmSync(folder, { recursive: true }))

const recipe: Recipe = {
  ...pilotRecipe,
  name: 'tiny',
  steps: 200,
  warmupSteps: 10,
  batch: { posteriorRows: 24, levelsPerRow: 4, questionRows: 8 },
  priorDraws: 1500,
  config: tinyConfig,
  hasSpectra: false,
}
const simulator = createPilotSimulator()
const weightsIn = (name: string) => readFileSync(join(folder, name, 'out', 'weights.bin'))

function train(name: string, changes: Partial<Recipe> = {}, signal?: AbortSignal) {
  return trainStarModel({ ...recipe, ...changes }, simulator, {
    workFolder: join(folder, name, 'work'),
    outFolder: join(folder, name, 'out'),
    ...(signal === undefined ? {} : { signal }),
  })
}

test('training lowers the loss, and the same recipe gives the same bytes, stopped in between or not', async () => {
  const whole = await train('whole')
  expect(whole.isFinished).toBe(true)
  const [first, last] = whole.losses
  expect(last.loss).toBeLessThan(0.97 * first.loss)
  expect(last.validationLoss).toBeGreaterThan(0)

  const stop = new AbortController()
  setTimeout(() => stop.abort(), 400)
  let parts = await train('parts', {}, stop.signal)
  expect(parts.isFinished).toBe(false)
  parts = await train('parts')
  expect(parts.isFinished).toBe(true)
  expect(weightsIn('parts').equals(weightsIn('whole'))).toBe(true)
})

test('a run of another recipe is not taken up', async () => {
  await train('short', { steps: 3 })
  const error = await train('short', { steps: 4, seed: 2 }).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(FusionError)
  expect((error as FusionError).code).toBe('MODEL_MISMATCH')
})
