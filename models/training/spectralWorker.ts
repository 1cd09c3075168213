// Simulates the next batches of stars with spectra, on a thread of its own.
import { parentPort, workerData } from 'node:worker_threads'
import type { NoiseRange } from '../diffusion/schedule.ts'
import { createPilotSimulator } from '../simulators/pilot.ts'
import { createSpectralStars, type SpectralShape } from './spectralStars.ts'
import type { LatentScale } from './starBatch.ts'

export interface SpectralWorkerData {
  readonly seed: number
  readonly shape: SpectralShape
  readonly scale: LatentScale
  readonly noise: NoiseRange
}

const { seed, shape, scale, noise } = workerData as SpectralWorkerData
const stars = createSpectralStars(createPilotSimulator({ hasSpectra: true }), shape, scale, noise, seed)
const port = parentPort
if (port === null) throw new TypeError('spectralWorker runs as a worker thread only')
port.on('message', (index: number) => {
  const feeds = stars.make(index)
  port.postMessage(
    { index, feeds },
    Object.values(feeds).map(feed => feed.buffer as ArrayBuffer),
  )
})
