// A checkpoint's sampler on one device and for one size of batch, opened for a bench beside the one that answers on the
// processor: the same stars, the same noise, both outputs.
import { joinLevels, joinRows } from './deviceSampler.ts'
import type { Device } from './engine/devices.ts'
import { Session } from './engine/session.ts'
import { fillNormals } from './math/normals.ts'
import { createRng } from './math/rng.ts'
import { batchGraph, posteriorGraph } from './modelGraphs.ts'
import { pilotFolder } from './openPosteriorModel.ts'
import type { StarInput } from './posterior.ts'
import { encodeStar } from './tokens/encodedStar.ts'
import { PARAMETER_COUNT } from './tokens/layout.ts'
import { fromPosteriorLatents } from './tokens/posteriorLatents.ts'
import { latentMaps, readCheckpoint, spectrumBases } from './training/checkpoint.ts'

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
  const spectra = spectrumBases(card)
  const levelCount = card.sampler.steps
  const traced = graph === 'star' ? posteriorGraph(checkpoint, samples) : batchGraph(checkpoint, batchStars, samples)
  const session = await Session.open(traced, { device, intraOpNumThreads: threads })

  const levelSize = samples * PARAMETER_COUNT
  const encoded = stars.map((star, i) => {
    const { bases, features, mask } = encodeStar(star, card.errFloors, spectra, maps)
    const noise = new Float32Array(levelCount * levelSize)
    fillNormals(createRng(i, 0x6e), noise)
    return { bases, features, mask, noise }
  })
  const starAt = (i: number) => encoded[i % encoded.length]

  return {
    feedsFrom(first) {
      const batch = Array.from({ length: batchStars }, (_, i) => starAt(first + i))
      return {
        features: joinRows(batch.map(({ features }) => features)),
        mask: joinRows(batch.map(({ mask }) => mask)),
        noise: joinLevels(
          batch.map(({ noise }) => noise),
          levelCount,
        ),
      }
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
