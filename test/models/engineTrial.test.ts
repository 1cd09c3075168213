import { expect, test } from 'vitest'
import { openEngineTrial } from '../../models/engineTrial.ts'
import { createPilotSimulator } from '../../models/simulators/pilot.ts'
import { pilotRecipe, type Recipe } from '../../models/training/recipe.ts'

const recipe: Recipe = {
  ...pilotRecipe,
  batch: { posteriorRows: 8, levelsPerRow: 2, questionRows: 4 },
  config: { ...pilotRecipe.config, width: 16, heads: 2, layers: 2, hidden: 24, headWidth: 16, headBlocks: 2 },
}

test('a trial hands out what it feeds, learns its one batch, and samples with the weights it began with', async () => {
  const trial = await openEngineTrial(recipe, createPilotSimulator(), { samples: 5, steps: 4, threads: 1, seed: 3 })
  for (const { shape, data } of [...trial.weights, ...trial.batch, ...trial.star]) {
    expect(data.length).toBe(shape.reduce((a, b) => a * b, 1))
    expect(data.every(Number.isFinite)).toBe(true)
  }
  const before = await trial.infer()
  const first = await trial.train(3e-3)
  let last = first
  for (let i = 0; i < 60; i++) last = await trial.train(3e-3)
  const after = await trial.infer()
  await trial.close()
  expect(Number(last.loss)).toBeLessThan(0.8 * Number(first.loss))
  expect(after).toEqual(before)
  expect(before.latents.length).toBe(5 * 7)
  expect(before.logits.length).toBe(recipe.config.classCount)
})
