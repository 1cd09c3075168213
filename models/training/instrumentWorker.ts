// Simulates the next batches of stars that several instruments see, on a thread of its own.
import { parentPort, workerData } from 'node:worker_threads'
import { createPilotSimulator } from '../simulators/pilot.ts'
import { createInstrumentStars } from './instrumentStars.ts'
import type { LatentScale } from './starBatch.ts'

export interface InstrumentWorkerData {
  readonly seed: number
  readonly rows: number
  readonly scale: LatentScale
}

const { seed, rows, scale } = workerData as InstrumentWorkerData
const stars = createInstrumentStars(createPilotSimulator({ hasSpectra: true }), scale)
const port = parentPort
if (port === null) throw new TypeError('instrumentWorker runs as a worker thread only')
port.on('message', (index: number) => {
  const feeds = stars.draw(seed, index * rows, rows)
  port.postMessage(
    { index, feeds },
    Object.values(feeds).map(feed => feed.buffer as ArrayBuffer),
  )
})
