// How well trained encoders find a star again: fresh simulated stars, each instrument's vectors against another's.
import { encoderGraph } from '../encoders/encoderGraph.ts'
import { type Retrieval, retrieve } from '../encoders/retrieval.ts'
import type { EncoderConfig } from '../encoders/spectrumEncoder.ts'
import { Session } from '../engine/session.ts'
import { createPilotSimulator } from '../simulators/pilot.ts'
import type { SpectralConfig } from '../spectral/spectralConfig.ts'
import { spectralPart } from '../spectral/spectralNetwork.ts'
import { type Checkpoint, latentScale } from './checkpoint.ts'
import { createInstrumentStars, instrumentModalities } from './instrumentStars.ts'
import type { LatentScale } from './starBatch.ts'

export interface PairRetrieval extends Retrieval {
  /** Names of the modalities: which looks, and among whose vectors. */
  readonly from: string
  readonly to: string
}

export interface RetrievalRequest {
  readonly seed: number
  /** Stars that both instruments of a pair have seen; where the draws have fewer, as many as there are. */
  readonly stars: number
  readonly maxDraws: number
  readonly signal?: AbortSignal
  readonly onStars?: (done: number, total: number) => void
}

/** A thousand, of a seed that is no other's. */
export const encoderRetrieval: RetrievalRequest = { seed: 7_000_003, stars: 1000, maxDraws: 4000 }

const BATCH = 50

/** @param weights by the names of `encoderSetWeights`; of a modality that they have no encoder of nothing is measured */
export async function measureRetrieval(
  weights: Readonly<Record<string, Float32Array>>,
  c: EncoderConfig,
  scale: LatentScale,
  request: RetrievalRequest,
): Promise<readonly PairRetrieval[]> {
  const stars = createInstrumentStars(createPilotSimulator({ hasSpectra: true }), scale)
  const encoded = [...instrumentModalities.entries()].filter(([, { name }]) => weights[`${name}.z`] !== undefined)
  const sessions = await Promise.all(
    encoded.map(([, modality]) => Session.open(encoderGraph(modality, c, weights, BATCH, ['z']))),
  )
  const count = instrumentModalities.length
  const vectors = encoded.map((): (Float32Array | null)[] => [])
  try {
    for (let at = 0; at < request.maxDraws; at += BATCH) {
      request.signal?.throwIfAborted()
      const batch = stars.draw(request.seed, at, BATCH)
      for (const [k, [m, { name }]] of encoded.entries()) {
        const { z } = await sessions[k].run({ features: batch[`${name}.features`], mask: batch[`${name}.mask`] })
        for (let i = 0; i < BATCH; i++) {
          const isSeen = batch.present[i * count + m] === 1
          vectors[k].push(isSeen ? z.slice(i * c.sharedWidth, (i + 1) * c.sharedWidth) : null)
        }
      }
      request.onStars?.(at + BATCH, request.maxDraws)
      // A pause for timers and signals: simulating holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
  } finally {
    for (const session of sessions) await session.close()
  }
  return pairsOf(encoded.length).flatMap(([a, b]) => {
    const both = vectors[a].flatMap((own, i) => {
      const other = vectors[b][i]
      return own === null || other === null ? [] : [[own, other] as const]
    })
    const some = both.slice(0, request.stars)
    if (some.length === 0) return []
    const rows = (side: 0 | 1) => Float32Array.from(some.flatMap(pair => [...pair[side]]))
    const names = { from: encoded[a][1].name, to: encoded[b][1].name }
    return [{ ...names, ...retrieve(rows(0), rows(1), c.sharedWidth) }]
  })
}

/** Of the encoders of a star model that reads spectra with pixels. */
export function measureSpectralRetrieval(
  { card, weights }: Checkpoint,
  c: SpectralConfig,
  request: RetrievalRequest,
): Promise<readonly PairRetrieval[]> {
  return measureRetrieval(spectralPart(weights), c.encoder, latentScale(card), request)
}

const pairsOf = (count: number) =>
  Array.from({ length: count }, (_, a) => Array.from({ length: count }, (_, b) => [a, b] as const))
    .flat()
    .filter(([a, b]) => a !== b)
