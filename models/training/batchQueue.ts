// A few batches ahead of the trainer, in order, from worker threads.
import { Worker } from 'node:worker_threads'
import { FusionError, packageFile } from '../../schemas/index.ts'
import type { BatchWorkerData } from './batchWorker.ts'
import type { InstrumentWorkerData } from './instrumentWorker.ts'
import type { SpectralWorkerData } from './spectralWorker.ts'
import type { Feeds } from './starBatch.ts'

/** Batches of each thread that may wait: enough to hide the jitter of a step, little memory. */
const AHEAD = 3

export interface BatchQueue {
  /** The next batch in order; the same whatever the number of threads. */
  next(): Promise<Feeds>
  close(): Promise<void>
}

interface Waiting {
  resolve(feeds: Feeds): void
  reject(error: unknown): void
}

/**
 * @param first index of the first batch
 * @param threads that simulate
 * @throws FusionError WORKER_LOST from `next` when a thread dies
 */
export function openBatchQueue(data: BatchWorkerData, first: number, threads = 1): BatchQueue {
  return openQueue('batchWorker.js', data, first, threads)
}

/** The same of stars that several instruments see. */
export function openInstrumentQueue(data: InstrumentWorkerData, first: number, threads = 1): BatchQueue {
  return openQueue('instrumentWorker.js', data, first, threads)
}

/** Of those that the star model learns spectra from. */
export function openSpectralQueue(data: SpectralWorkerData, first: number, threads = 1): BatchQueue {
  return openQueue('spectralWorker.js', data, first, threads)
}

function openQueue(file: string, data: unknown, first: number, threads: number): BatchQueue {
  const path = packageFile('dist', 'models', 'training', file)
  const workers = Array.from({ length: threads }, () => new Worker(path, { workerData: data }))
  const ready = new Map<number, Feeds>()
  let waiting: Waiting | null = null
  let failure: FusionError | null = null
  let asked = first
  let served = first
  const ask = () => {
    workers[asked % threads].postMessage(asked)
    asked++
  }
  for (let k = 0; k < AHEAD * threads; k++) ask()
  for (const worker of workers) {
    worker.on('message', ({ index, feeds }: { index: number; feeds: Feeds }) => {
      ready.set(index, feeds)
      serve()
    })
    worker.on('error', cause => {
      failure = new FusionError(
        'WORKER_LOST',
        `The thread that simulates batches stopped: ${cause.message}. Resume the training.`,
        { cause },
      )
      waiting?.reject(failure)
    })
  }

  function serve(): void {
    const feeds = ready.get(served)
    if (waiting === null || feeds === undefined) return
    ready.delete(served)
    served++
    ask()
    const { resolve } = waiting
    waiting = null
    resolve(feeds)
  }

  return {
    next() {
      if (failure !== null) return Promise.reject(failure)
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        serve()
      })
    },
    async close() {
      await Promise.all(workers.map(worker => worker.terminate()))
    },
  }
}
