// What a pool of workers gets out of a device: a flood of stars, a lone one, and a lone one in the midst of a flood.
import { openInferPool } from '../../actors/index.ts'
import type { Device, StarInput } from '../../models/index.ts'
import { median } from './statistics.ts'

export interface PoolLoad {
  readonly device: Device
  readonly workers: number
  readonly samples: number
  /** Stars of a flood, over all who ask at once. */
  readonly floodStars: number
}

export interface PoolResult {
  readonly floodStars: number
  /** Stars in, posteriors out: encoding, noise, the device, the meaning of the latents. */
  readonly starsPerSecond: number
  readonly loneMs: number
  /** From the question to the answer of a star that is asked of while a flood is worked on. */
  readonly loneInFloodMs: number
}

/** As many as there are partitions, each with a batch of its own. */
const CALLERS = 4
const LONE_STARS = 20
const FLOODS = 3
const HALF = 0.5

/** @param stars what floods are made of */
export async function loadPool(stars: readonly StarInput[], load: PoolLoad): Promise<PoolResult> {
  const { device, workers: threads, samples, floodStars } = load
  const pool = await openInferPool({ checkpointFolder: null, threads, device })
  const options = { sampleCount: samples, seed: 1n }
  const timed = async (work: () => Promise<unknown>) => {
    const startMs = performance.now()
    await work()
    return performance.now() - startMs
  }
  const perCaller = Math.ceil(floodStars / CALLERS)
  const flood = () =>
    Promise.all(
      Array.from({ length: CALLERS }, (_, c) => {
        const asked = Array.from({ length: perCaller }, (_, i) => {
          const star = stars[(c * perCaller + i) % stars.length]
          return { ...star, key: `${star.key} ${c} ${i}` }
        })
        return pool.infer(asked, options)
      }),
    )
  const lone = () => pool.infer(stars.slice(0, 1), options)
  try {
    // Every worker builds its graphs at its first batch of a size.
    await flood()
    await Promise.all(Array.from({ length: 4 * threads }, lone))
    const floods: number[] = []
    for (let i = 0; i < FLOODS; i++) floods.push(await timed(flood))
    const lones: number[] = []
    for (let i = 0; i < LONE_STARS; i++) lones.push(await timed(lone))
    const working = flood()
    await new Promise(resolve => setTimeout(resolve, HALF * median(floods)))
    const loneInFloodMs = await timed(lone)
    await working
    return {
      floodStars: CALLERS * perCaller,
      starsPerSecond: (1000 * CALLERS * perCaller) / median(floods),
      loneMs: median(lones),
      loneInFloodMs,
    }
  } finally {
    await pool.close()
  }
}
