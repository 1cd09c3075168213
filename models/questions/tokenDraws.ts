// Answers by tokens: any of the 18 quantities given any others, drawn in blocks by one graph for each set that is asked.
import { type SamplerStep, samplerSteps, startingSpread } from '../diffusion/samplers.ts'
import { logUniformLevels } from '../diffusion/schedule.ts'
import { Session } from '../engine/session.ts'
import { fillNormals } from '../math/normals.ts'
import type { Rng } from '../math/rng.ts'
import { BLOCK_SAMPLES, givenGraph, QUESTION_STEPS, questionStepGraph } from '../modelGraphs.ts'
import { askedScale, observableFromLatent } from '../tokens/askedScale.ts'
import { distanceFromLatent, distanceToLatent } from '../tokens/distanceBase.ts'
import {
  DISTANCE_INDEX,
  FEATURE_COUNT,
  GIVEN_SLOTS,
  OBSERVABLE_COUNT,
  OBSERVED_SLOTS,
  PARAMETER_COUNT,
} from '../tokens/layout.ts'
import { basesOf } from '../tokens/posteriorLatents.ts'
import { fromLatent, toLatent } from '../tokens/quantileMap.ts'
import { type ObservedStar, writeTokens } from '../tokens/tokenizer.ts'
import { type Checkpoint, latentScale } from '../training/checkpoint.ts'
import type { LatentScale } from '../training/starBatch.ts'

/** Graphs kept open, each for another set of asked quantities. */
const MAX_SESSIONS = 8

/** What is told of the star. */
export interface GivenTokens {
  readonly star: ObservedStar
  /** [7] values of parameters, in model order; null where one is not given. */
  readonly parameters: readonly (number | null)[]
}

export class TokenDraws {
  private readonly checkpoint: Checkpoint
  private readonly scale: LatentScale
  private readonly levels: Float64Array
  private readonly steps: readonly SamplerStep[]
  /** The one used last stands last. */
  private readonly sessions = new Map<string, Promise<Session>>()
  private givenSession: Promise<Session> | null = null

  constructor(checkpoint: Checkpoint) {
    this.checkpoint = checkpoint
    this.scale = latentScale(checkpoint.card)
    this.levels = logUniformLevels(checkpoint.card.noise, QUESTION_STEPS)
    this.steps = samplerSteps('secondOrderSde', this.levels)
  }

  /**
   * A block of samples.
   *
   * @param slots asked slots, ascending: 0 to 10 an observable, 11 to 17 a parameter
   * @param rng stands at the start of the block's own stream
   * @returns for each slot its BLOCK_SAMPLES values, in the units of the names
   */
  async draw(given: GivenTokens, slots: readonly number[], rng: Rng): Promise<readonly Float64Array[]> {
    const features = new Float32Array(GIVEN_SLOTS * FEATURE_COUNT)
    const mask = new Float32Array(GIVEN_SLOTS)
    const { distance } = basesOf(given.star, this.scale)
    writeTokens(given.star, distance, features, 0, mask, 0)
    for (let p = 0; p < PARAMETER_COUNT; p++) {
      const value = given.parameters[p]
      if (value === null) continue
      mask[OBSERVED_SLOTS + p] = 1
      features[(OBSERVED_SLOTS + p) * FEATURE_COUNT] =
        p === DISTANCE_INDEX ? distanceToLatent(distance, value) : toLatent(this.scale.parameters[p], value)
    }
    const noise = new Float32Array(this.levels.length * BLOCK_SAMPLES * slots.length)
    fillNormals(rng, noise)
    const latents = await this.sample(slots, { features, mask }, noise)
    const inUnits = askedScale(this.scale, given.star)
    const valueAt = (slot: number, z: number) => {
      if (slot < OBSERVABLE_COUNT) return observableFromLatent(inUnits, slot, z)
      const p = slot - OBSERVABLE_COUNT
      return p === DISTANCE_INDEX ? distanceFromLatent(distance, z) : fromLatent(this.scale.parameters[p], z)
    }
    return slots.map((slot, a) =>
      Float64Array.from({ length: BLOCK_SAMPLES }, (_, s) => valueAt(slot, latents[s * slots.length + a])),
    )
  }

  async close(): Promise<void> {
    for (const session of this.sessions.values()) await (await session).close()
    this.sessions.clear()
    await (await this.givenSession)?.close()
    this.givenSession = null
  }

  private async sessionFor(slots: readonly number[]): Promise<Session> {
    const key = slots.join(' ')
    const open = this.sessions.get(key) ?? Session.open(questionStepGraph(this.checkpoint, slots))
    this.sessions.delete(key)
    this.sessions.set(key, open)
    if (this.sessions.size > MAX_SESSIONS) {
      const [oldest, session] = [...this.sessions][0]
      this.sessions.delete(oldest)
      await (await session).close()
    }
    return open
  }

  /** @param noise [L, S, A]; @returns [S, A] latents */
  private async sample(slots: readonly number[], given: Record<string, Float32Array>, noise: Float32Array) {
    this.givenSession ??= Session.open(givenGraph(this.checkpoint))
    const shared = await (await this.givenSession).run(given)
    const session = await this.sessionFor(slots)
    const size = BLOCK_SAMPLES * slots.length
    const noiseAt = (k: number) => noise.subarray(k * size, (k + 1) * size)
    let noisy = noiseAt(0).map(value => value * startingSpread(this.levels))
    let previous = new Float32Array(size)
    for (const [k, step] of this.steps.entries()) {
      const state = { noisy, previous, noise: noiseAt(k + 1), sigma: Float32Array.of(this.levels[k]) }
      const weights = Float32Array.of(step.ofNoisy, step.ofDenoised, step.ofPrevious, step.ofNoise)
      const { denoised, next } = await session.run({ ...shared, ...state, weights })
      noisy = next as typeof noisy
      previous = denoised as typeof previous
    }
    const last = { noisy, previous, noise: noiseAt(0), sigma: Float32Array.of(this.levels[this.levels.length - 1]) }
    return (await session.run({ ...shared, ...last, weights: new Float32Array(4) })).denoised
  }
}
