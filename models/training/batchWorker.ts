// Simulates the next batches on a thread of its own, while the training step runs on the other.
import { parentPort, workerData } from 'node:worker_threads'
import { createPilotSimulator } from '../simulators/pilot.ts'
import type { Recipe } from './recipe.ts'
import { createBatchMaker, type LatentScale } from './starBatch.ts'

export interface BatchWorkerData {
  readonly recipe: Pick<Recipe, 'seed' | 'batch' | 'hasSpectra' | 'noise'>
  readonly scale: LatentScale
}

const { recipe, scale } = workerData as BatchWorkerData
const maker = createBatchMaker(
  createPilotSimulator({ hasSpectra: recipe.hasSpectra }),
  recipe.batch,
  scale,
  recipe.noise,
  recipe.seed,
)
const port = parentPort
if (port === null) throw new TypeError('batchWorker runs as a worker thread only')
port.on('message', (index: number) => {
  const feeds = maker.make(index)
  port.postMessage(
    { index, feeds },
    Object.values(feeds).map(feed => feed.buffer as ArrayBuffer),
  )
})
