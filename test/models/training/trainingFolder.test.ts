import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { pilotRecipe } from '../../../models/training/recipe.ts'
import { appendLoss, loadState, readLosses, saveState } from '../../../models/training/trainingFolder.ts'

const folder = mkdtempSync(join(tmpdir(), 'training-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a state comes back to the bit', () => {
  const vector = (k: number) => Float32Array.of(k, Math.fround(0.1 * k), -k)
  const state = { step: 7, parameters: vector(1), firstMoment: vector(2), secondMoment: vector(3), average: vector(4) }
  saveState(folder, pilotRecipe, state)
  expect(loadState(folder, pilotRecipe)).toEqual(state)
})

test('a folder without a state has none', () => {
  expect(loadState(join(folder, 'absent'), pilotRecipe)).toBeNull()
})

test('points of work done twice appear once, and later ones are left out', () => {
  const point = (step: number, loss: number) => ({
    step,
    loss,
    posteriorLoss: 1,
    questionLoss: 1,
    classLoss: 1,
    validationLoss: null,
  })
  for (const [step, loss] of [
    [100, 1.5],
    [200, 1.3],
    [300, 1.2],
    [200, 1.31],
  ])
    appendLoss(folder, point(step, loss))
  expect(readLosses(folder, 250).map(({ step, loss }) => [step, loss])).toEqual([
    [100, 1.5],
    [200, 1.31],
  ])
})
