// The sampler's steps are chosen by measured calibration: the cheapest that is as good as the dearest.

import { posteriorDraws } from '../calibration/posteriorDraws.ts'
import { fractionalRanks, kolmogorovSmirnov } from '../calibration/rankStatistics.ts'
import { drawSimulatedStars } from '../calibration/simulatedStars.ts'
import type { LinearKind } from '../diffusion/samplers.ts'
import { createRng } from '../math/rng.ts'
import { openPosteriorModel, sampleNames } from '../openPosteriorModel.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { SamplerChoice } from './modelCard.ts'

export interface SamplerTrial extends SamplerChoice {
  /** Kolmogorov-Smirnov distance of the ranks from uniform: mean over parameters, and the worst. */
  readonly meanDistance: number
  readonly worstDistance: number
  readonly msPerStar: number
}

export interface SamplerTrials {
  readonly trials: readonly SamplerTrial[]
  readonly chosen: SamplerChoice
}

export interface TrialRequest {
  readonly starCount: number
  readonly sampleCount: number
  readonly seed: number
  readonly kinds: readonly LinearKind[]
  readonly steps: readonly number[]
  readonly signal?: AbortSignal
}

/** Enough stars to tell a distance of 0.01 from none, and steps from too few to more than enough. */
export const samplerTrial: TrialRequest = {
  starCount: 1500,
  sampleCount: 128,
  seed: 3_000_003,
  kinds: ['reverseSde', 'ancestral', 'secondOrderSde'],
  steps: [8, 12, 16, 24, 48],
}

/**
 * Runs every sampler and step count on the same simulated stars.
 *
 * @returns all trials and the one with the fewest steps whose mean distance is within half a standard error of the
 *   best; the standard deviation of one distance is 0.26 / sqrt(stars) (Kolmogorov's distribution)
 */
export async function trySamplers(
  folder: string,
  simulator: Simulator,
  request: TrialRequest,
  onTrial: (trial: SamplerTrial) => void = () => {},
): Promise<SamplerTrials> {
  const simulated = drawSimulatedStars(simulator, null, sampleNames, {
    seed: request.seed,
    count: request.starCount,
    maxDraws: request.starCount,
  })
  const trials: SamplerTrial[] = []
  for (const kind of request.kinds) {
    for (const steps of request.steps) {
      request.signal?.throwIfAborted()
      const model = await openPosteriorModel(folder, { kind, steps })
      const options = { sampleCount: request.sampleCount, seed: BigInt(request.seed) }
      await model.infer(simulated.stars.slice(0, 1), options)
      const start = performance.now()
      const posteriors = await model.infer(simulated.stars, options)
      const msPerStar = (performance.now() - start) / simulated.stars.length
      await model.close()
      const samples = new Float32Array(posteriors.length * posteriors[0].samples.length)
      posteriors.forEach((posterior, i) => {
        samples.set(posterior.samples, i * posterior.samples.length)
      })
      const draws = posteriorDraws(sampleNames, simulated.truths, samples)
      const rng = createRng(request.seed, 0x5a)
      const distances = sampleNames.map((_, p) => kolmogorovSmirnov(fractionalRanks(draws, p, rng)).statistic)
      const trial: SamplerTrial = {
        kind,
        steps,
        meanDistance: distances.reduce((a, b) => a + b, 0) / distances.length,
        worstDistance: Math.max(...distances),
        msPerStar,
      }
      trials.push(trial)
      onTrial(trial)
    }
  }
  return { trials, chosen: cheapest(trials, request.starCount) }
}

function cheapest(trials: readonly SamplerTrial[], starCount: number): SamplerChoice {
  const best = Math.min(...trials.map(trial => trial.meanDistance))
  const tolerance = (0.5 * 0.26) / Math.sqrt(starCount)
  const good = trials.filter(trial => trial.meanDistance <= best + tolerance)
  const [first] = good.sort((a, b) => a.steps - b.steps || a.meanDistance - b.meanDistance)
  return { kind: first.kind, steps: first.steps }
}

/** Writes the chosen sampler, and how all of them did, into a checkpoint. */
export function adoptSampler(folder: string, { trials, chosen }: SamplerTrials): void {
  const { card, weights } = readCheckpoint(folder)
  writeCheckpoint(folder, { ...card, sampler: chosen, training: { ...card.training, samplerTrials: trials } }, weights)
}
