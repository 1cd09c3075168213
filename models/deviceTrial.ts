// A checkpoint's sampler on one device and for one size of batch, opened for a bench beside the one that answers on the
// processor: the same stars, the same noise, both outputs.
import type { Device } from './engine/devices.ts'
import { Session } from './engine/session.ts'
import { fillNormals } from './math/normals.ts'
import { createRng } from './math/rng.ts'
import { batchGraph, posteriorGraph } from './modelGraphs.ts'
import { pilotFolder } from './openPosteriorModel.ts'
import type { StarInput } from './posterior.ts'
import { observeStar } from './tokens/givenStar.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS, PARAMETER_COUNT } from './tokens/layout.ts'
import { basesOf, fromPosteriorLatents } from './tokens/posteriorLatents.ts'
import { writeTokens } from './tokens/tokenizer.ts'
import { latentMaps, readCheckpoint } from './training/checkpoint.ts'

export interface DeviceTrialOptions {
  readonly device: Device
  /** That of one star, which answers on the processor, or one for all stars of a batch. */
  readonly graph: 'star' | 'batch'
  /** Stars of a batch. */
  readonly batchStars: number
  readonly samples: number
  readonly threads: number
}

export interface TrialDraws {
  /** [stars x samples x 7] */
  readonly latents: Float32Array
  /** [stars x classes] */
  readonly logits: Float32Array
}

export interface DeviceTrial {
  /** What the graph is fed for the batch that begins with star `first`; stars and noise begin anew after the last. */
  feedsFrom(first: number): Readonly<Record<string, Float32Array>>
  run(feeds: Readonly<Record<string, Float32Array>>): Promise<TrialDraws>
  /** [stars x samples x 7] what the latents of the batch mean, in the units of the parameters. */
  parametersOf(latents: Float32Array, first: number): Float64Array
  close(): Promise<void>
}

/**
 * @param stars as surveys would deliver them, at least one
 * @throws FusionError as `readCheckpoint` and `Session.open` do
 */
export async function openDeviceTrial(
  stars: readonly StarInput[],
  { device, graph, batchStars, samples, threads }: DeviceTrialOptions,
  folder = pilotFolder,
): Promise<DeviceTrial> {
  const checkpoint = readCheckpoint(folder)
  const { card } = checkpoint
  const maps = latentMaps(card)
  const levelCount = card.sampler.steps
  const traced = graph === 'star' ? posteriorGraph(checkpoint, samples) : batchGraph(checkpoint, batchStars, samples)
  const session = await Session.open(traced, { device, intraOpNumThreads: threads })

  const levelSize = samples * PARAMETER_COUNT
  const encoded = stars.map((star, i) => {
    const observed = observeStar(star, card.errFloors)
    const bases = basesOf(observed, maps)
    const features = new Float32Array(OBSERVED_SLOTS * FEATURE_COUNT)
    const mask = new Float32Array(OBSERVED_SLOTS)
    writeTokens(observed, bases.distance, features, 0, mask, 0)
    const noise = new Float32Array(levelCount * levelSize)
    fillNormals(createRng(i, 0x6e), noise)
    return { bases, features, mask, noise }
  })
  const starAt = (i: number) => encoded[i % encoded.length]

  return {
    feedsFrom(first) {
      const features = new Float32Array(batchStars * OBSERVED_SLOTS * FEATURE_COUNT)
      const mask = new Float32Array(batchStars * OBSERVED_SLOTS)
      const noise = new Float32Array(levelCount * batchStars * levelSize)
      for (let i = 0; i < batchStars; i++) {
        const star = starAt(first + i)
        features.set(star.features, i * star.features.length)
        mask.set(star.mask, i * star.mask.length)
        for (let k = 0; k < levelCount; k++) {
          noise.set(star.noise.subarray(k * levelSize, (k + 1) * levelSize), (k * batchStars + i) * levelSize)
        }
      }
      return { features, mask, noise }
    },
    async run(feeds) {
      const { latents, logits } = await session.run(feeds)
      return { latents, logits }
    },
    parametersOf(latents, first) {
      const parameters = new Float64Array(latents.length)
      const values = new Float64Array(PARAMETER_COUNT)
      for (let at = 0; at < latents.length; at += PARAMETER_COUNT) {
        const star = starAt(first + Math.floor(at / levelSize))
        fromPosteriorLatents(latents, at, star.bases, maps, values)
        parameters.set(values, at)
      }
      return parameters
    },
    close: () => session.close(),
  }
}
