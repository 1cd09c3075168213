// A checkpoint's posterior sampler on a graphics card: stars in batches, one graph for each size of batch.
import { type BatchGraph, BatchRunner, batchSizes } from './engine/batchRunner.ts'
import type { Device } from './engine/devices.ts'
import { Session } from './engine/session.ts'
import { batchGraph } from './modelGraphs.ts'
import { PARAMETER_COUNT } from './tokens/layout.ts'
import type { Checkpoint } from './training/checkpoint.ts'

/** One star as the network is told of it. */
export interface SamplerRow {
  readonly features: Float32Array
  readonly mask: Float32Array
  /** [L, S, 7] standard normal */
  readonly noise: Float32Array
}

export interface SamplerDraws {
  /** [S, 7] */
  readonly latents: Float32Array
  readonly logits: Float32Array
  /** What the star's own token gathered. */
  readonly star: Float32Array
}

/** Of the card's memory, for one batch of one worker. */
const BUDGET_BYTES = 2 * 2 ** 30
const MOST_STARS = 1024
const FLOAT_BYTES = 4
/** Tensors as wide as the head that are alive at one time, beside the gates of its blocks. */
const WIDE_TENSORS = 4

/** Stars of a batch that are planned for: what a star takes grows with its samples. */
export function plannedSizes({ card }: Checkpoint, sampleCount: number): readonly number[] {
  const { headWidth, headBlocks } = card.config
  const wide = headWidth * (headBlocks + WIDE_TENSORS)
  const noise = 2 * card.sampler.steps * PARAMETER_COUNT
  return batchSizes(FLOAT_BYTES * sampleCount * (wide + noise), BUDGET_BYTES, MOST_STARS)
}

/** Nothing is opened before the first batch of its size. */
export function deviceSampler(
  checkpoint: Checkpoint,
  device: Device,
  sampleCount: number,
): BatchRunner<SamplerRow, SamplerDraws> {
  return new BatchRunner(device, plannedSizes(checkpoint, sampleCount), async stars => {
    const session = await Session.open(batchGraph(checkpoint, stars, sampleCount), { device })
    return graphOf(session, checkpoint.card.sampler.steps)
  })
}

function graphOf(session: Session, levelCount: number): BatchGraph<SamplerRow, SamplerDraws> {
  return {
    async run(rows) {
      const { latents, logits, star } = await session.run({
        features: joinRows(rows.map(({ features }) => features)),
        mask: joinRows(rows.map(({ mask }) => mask)),
        noise: joinLevels(
          rows.map(({ noise }) => noise),
          levelCount,
        ),
      })
      const part = (all: Float32Array, i: number) =>
        all.subarray((i * all.length) / rows.length, ((i + 1) * all.length) / rows.length)
      return rows.map((_, i) => ({ latents: part(latents, i), logits: part(logits, i), star: part(star, i) }))
    },
    close: () => session.close(),
  }
}

/** B rows of one length, one after another. */
export function joinRows(parts: readonly Float32Array[]): Float32Array {
  const [{ length }] = parts
  const whole = new Float32Array(parts.length * length)
  parts.forEach((part, i) => {
    whole.set(part, i * length)
  })
  return whole
}

/** B times [L, S, 7] -> [L, B, S, 7] */
export function joinLevels(parts: readonly Float32Array[], levelCount: number): Float32Array {
  const size = parts[0].length / levelCount
  const whole = new Float32Array(parts.length * parts[0].length)
  for (let k = 0; k < levelCount; k++) {
    parts.forEach((part, i) => {
      whole.set(part.subarray(k * size, (k + 1) * size), (k * parts.length + i) * size)
    })
  }
  return whole
}
