// Samples of the posterior head with the density that each was drawn from.
import { Session } from '../engine/session.ts'
import type { Rng } from '../math/rng.ts'
import { logNormal } from '../math/special.ts'
import { embeddingGraph, headGraph } from '../modelGraphs.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from '../tokens/layout.ts'
import type { Checkpoint } from '../training/checkpoint.ts'
import { cIn, cOut, cSkip } from './denoiser.ts'
import { flowWithDensity, rowsOfSample } from './densityFlow.ts'
import { startingSpread } from './samplers.ts'
import { logUniformLevels } from './schedule.ts'

export interface HeadSamples {
  /** [count x 7] latents, sample after sample. */
  readonly latents: Float64Array
  /** [count] natural log of the density of the latents. */
  readonly logDensities: Float64Array
}

export interface HeadDensity {
  /** @param star tokens of one star: features [16, 8] and mask [16] */
  draw(
    star: { readonly features: Float32Array; readonly mask: Float32Array },
    count: number,
    rng: Rng,
  ): Promise<HeadSamples>
  close(): Promise<void>
}

/** Samples that go through the head together. */
const CHUNK = 128

/**
 * The head's probability-flow ODE, see `flowWithDensity`. Its samples are those of the network, before any correction by pattern.
 *
 * @param levelCount noise levels of the ODE: the density is that of what these few draw
 */
export async function openHeadDensity(checkpoint: Checkpoint, levelCount: number): Promise<HeadDensity> {
  const rowCount = CHUNK * rowsOfSample(PARAMETER_COUNT)
  const head = await Session.open(headGraph(checkpoint, rowCount))
  const encoder = await Session.open(embeddingGraph(checkpoint, 1))
  const levels = logUniformLevels(checkpoint.card.noise, levelCount)
  const spread = startingSpread(levels)
  const scaled = new Float32Array(rowCount * PARAMETER_COUNT)
  return {
    async draw({ features, mask }, count, rng) {
      const { star } = await encoder.run({
        features: features.subarray(0, OBSERVED_SLOTS * FEATURE_COUNT),
        mask: mask.subarray(0, OBSERVED_SLOTS),
      })
      const latents = new Float64Array(count * PARAMETER_COUNT)
      const logDensities = new Float64Array(count)
      for (let first = 0; first < count; first += CHUNK) {
        const flows = await flowWithDensity({
          ...{ width: PARAMETER_COUNT, count: Math.min(CHUNK, count - first), levels },
          start(row) {
            let logDensity = 0
            for (let p = 0; p < PARAMETER_COUNT; p++) {
              row[p] = spread * rng.normal()
              logDensity += logNormal(row[p], 0, spread)
            }
            return logDensity
          },
          async denoise(rows, k) {
            const sigma = levels[k]
            for (const [i, value] of rows.entries()) scaled[i] = cIn(sigma) * value
            const { raw } = await head.run({ star, scaled, sigma: Float32Array.of(sigma) })
            return rows.map((value, i) => cSkip(sigma) * value + cOut(sigma) * raw[i])
          },
        })
        for (const [s, { x, logDensity }] of flows.entries()) {
          latents.set(x, (first + s) * PARAMETER_COUNT)
          logDensities[first + s] = logDensity
        }
      }
      return { latents, logDensities }
    },
    async close() {
      await head.close()
      await encoder.close()
    },
  }
}
