import { expect, test } from 'vitest'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { openBatchQueue } from '../../../models/training/batchQueue.ts'
import { fitPrior } from '../../../models/training/priorFit.ts'
import { pilotRecipe, type Recipe } from '../../../models/training/recipe.ts'
import { createBatchMaker } from '../../../models/training/starBatch.ts'

const recipe: Recipe = {
  ...pilotRecipe,
  batch: { posteriorRows: 12, levelsPerRow: 2, questionRows: 12 },
  hasSpectra: true,
}
const simulator = createPilotSimulator({ hasSpectra: true })

test('batches come in order and are the same whatever the number of threads', async () => {
  const { scale } = fitPrior(simulator, 3, 1500)
  const maker = createBatchMaker(simulator, recipe.batch, scale, recipe.noise, recipe.seed)
  const queue = openBatchQueue({ recipe, scale }, 4, 3)
  try {
    for (let index = 4; index < 12; index++) expect(await queue.next()).toEqual(maker.make(index))
  } finally {
    await queue.close()
  }
})

test('rows of a batch lose inputs at random, but never all of them', () => {
  const { scale } = fitPrior(simulator, 3, 1500)
  const rows = 600
  const shape = { posteriorRows: rows, levelsPerRow: 1, questionRows: 1 }
  const { mask } = createBatchMaker(simulator, shape, scale, recipe.noise, 5).make(0)
  const slots = mask.length / rows
  const counts = Array.from({ length: rows }, (_, row) =>
    mask.subarray(row * slots, (row + 1) * slots).reduce((sum, bit) => sum + bit, 0),
  )
  // Slot 0 is in every star.
  expect(Math.min(...counts)).toBeGreaterThan(1)
})
