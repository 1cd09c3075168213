// A few batches ahead of the trainer, in order, from a worker thread.
import { Worker } from 'node:worker_threads'
import { FusionError, packageFile } from '../../schemas/index.ts'
import type { BatchWorkerData } from './batchWorker.ts'
import type { Feeds } from './starBatch.ts'

/** Batches that may wait: enough to hide the jitter of a step, little memory. */
const AHEAD = 3

export interface BatchQueue {
  /** The next batch in order. */
  next(): Promise<Feeds>
  close(): Promise<void>
}

/**
 * @param first index of the first batch
 * @throws FusionError WORKER_LOST from `next` when the thread dies
 */
export function openBatchQueue(data: BatchWorkerData, first: number): BatchQueue {
  const worker = new Worker(packageFile('dist', 'models', 'training', 'batchWorker.js'), { workerData: data })
  const ready: Feeds[] = []
  let waiting: { resolve(feeds: Feeds): void; reject(error: unknown): void } | null = null
  let failure: FusionError | null = null
  let asked = first
  for (let k = 0; k < AHEAD; k++) worker.postMessage(asked++)
  worker.on('message', ({ feeds }: { feeds: Feeds }) => {
    if (waiting === null) {
      ready.push(feeds)
      return
    }
    waiting.resolve(feeds)
    waiting = null
  })
  worker.on('error', cause => {
    failure = new FusionError(
      'WORKER_LOST',
      `The thread that simulates batches stopped: ${cause.message}. Resume the training.`,
      { cause },
    )
    waiting?.reject(failure)
  })
  return {
    next() {
      if (failure !== null) return Promise.reject(failure)
      worker.postMessage(asked++)
      const feeds = ready.shift()
      if (feeds !== undefined) return Promise.resolve(feeds)
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      })
    },
    async close() {
      await worker.terminate()
    },
  }
}
