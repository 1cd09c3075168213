// How an adapted network answers for stars whose truth is known, and how well.
import * as tf from '@tensorflow/tfjs'
import { centralCredibilities, coverageAt } from '../calibration/coverage.ts'
import { madSigma, medianOf } from '../calibration/labelComparison.ts'
import { drawsOf, type PosteriorDraws, posteriorDraws, truthsOf } from '../calibration/posteriorDraws.ts'
import { fractionalRanks } from '../calibration/rankStatistics.ts'
import { layOut, unpackParameters } from '../engine/parameterLayout.ts'
import { Session } from '../engine/session.ts'
import { constantsOf, traceGraph } from '../engine/tracer.ts'
import { createRng } from '../math/rng.ts'
import { sampleMixture } from '../student/mixture.ts'
import type { Mixture } from '../student/mixtureNetwork.ts'
import { type AdaptationConfig, adaptationWeights, embed, fromUnits, readPosterior } from './adaptationNetwork.ts'
import { adaptedParameters, copyRows, type KnownStars, type SeenStars, seenSpecs } from './worldStars.ts'

export interface AdaptedAnswers {
  /** [stars x parameters x samples], as `PosteriorDraws` has them. */
  readonly samples: Float32Array
  /** [stars, D] */
  readonly embeddings: Float64Array
}

const PURPOSE = 0x5c0e
const ROWS = 25

/** Samples of the posteriors of stars, and what they were read off. @param isReal whether they go through the corrections */
export async function answerStars(
  weights: Float32Array,
  c: AdaptationConfig,
  stars: SeenStars,
  request: { readonly isReal: boolean; readonly sampleCount: number; readonly seed: number },
): Promise<AdaptedAnswers> {
  const { isReal, sampleCount, seed } = request
  const [P, D] = [adaptedParameters.length, c.encoder.sharedWidth]
  const specs = adaptationWeights(c)
  const seen = [...seenSpecs(ROWS), { name: 'isReal', shape: [ROWS, 1] }]
  const chance = [
    { name: 'chance', shape: [ROWS * sampleCount, 1] },
    { name: 'normals', shape: [ROWS * sampleCount, P] },
  ]
  const graph = traceGraph(
    [...seen, ...chance],
    input => {
      const { pooled } = embed(input, c, input)
      const spread = tf
        .add(pooled.reshape([ROWS, 1, D]), tf.zeros([1, sampleCount, 1]))
        .reshape([ROWS * sampleCount, D])
      const mixture: Mixture = readPosterior(input, c, spread)
      return { pooled: tf.mul(pooled, 1), samples: fromUnits(sampleMixture(mixture, input.chance, input.normals), c) }
    },
    constantsOf(specs, unpackParameters(layOut(specs), weights)),
  )
  const session = await Session.open(graph)
  const samples = new Float32Array(stars.count * P * sampleCount)
  const embeddings = new Float64Array(stars.count * D)
  const rng = createRng(seed, PURPOSE)
  const feeds = Object.fromEntries(
    [...seen, ...chance].map(({ name, shape }) => [name, new Float32Array(shape.reduce((a, b) => a * b))]),
  )
  feeds.isReal.fill(isReal ? 1 : 0)
  try {
    for (let first = 0; first < stars.count; first += ROWS) {
      const count = Math.min(ROWS, stars.count - first)
      copyRows(
        stars,
        Array.from({ length: count }, (_, k) => first + k),
        feeds,
        0,
      )
      for (let s = 0; s < ROWS * sampleCount; s++) feeds.chance[s] = rng.uniform()
      for (let s = 0; s < feeds.normals.length; s++) feeds.normals[s] = rng.normal()
      const found = await session.run(feeds)
      for (let k = 0; k < count; k++) {
        for (let d = 0; d < D; d++) embeddings[(first + k) * D + d] = found.pooled[k * D + d]
        for (let s = 0; s < sampleCount; s++)
          for (let p = 0; p < P; p++)
            samples[((first + k) * P + p) * sampleCount + s] = found.samples[(k * sampleCount + s) * P + p]
      }
      await new Promise(resolve => setImmediate(resolve))
    }
    return { samples, embeddings }
  } finally {
    await session.close()
  }
}

/** Of the posteriors of one parameter, in its unit. */
export interface ParameterScore {
  readonly name: string
  /** Median of posterior median less truth. */
  readonly bias: number
  /** 1.4826 times the median distance from that. */
  readonly scatter: number
  /** Shares of truths within the central 68% and 90%. */
  readonly covered68: number
  readonly covered90: number
}

const LEVELS = [0.68, 0.9] as const

/** Bias, scatter and coverage of every parameter. */
export function scoreDraws(draws: PosteriorDraws, seed = 1): readonly ParameterScore[] {
  const rng = createRng(seed, PURPOSE)
  return draws.names.map((name, p) => {
    const truths = truthsOf(draws, p)
    const errors = truths.map((truth, star) => medianOf(drawsOf(draws, star, p)) - truth)
    const [inner, outer] = coverageAt(centralCredibilities(fractionalRanks(draws, p, rng)), LEVELS)
    return {
      ...{ name, bias: medianOf(errors), scatter: madSigma(errors) },
      ...{ covered68: inner.covered, covered90: outer.covered },
    }
  })
}

/** Scores of stars with their truth. */
export const scoreStars = (stars: KnownStars, { samples }: AdaptedAnswers): readonly ParameterScore[] =>
  scoreDraws(posteriorDraws(adaptedParameters, Float64Array.from(stars.truths), samples))

/** What a gap costs: biases in units of `scales`, and how far coverage is off, both over all parameters. */
export interface GapCost {
  /** Root of the mean square of the biases. */
  readonly bias: number
  /** Mean distance of the coverages from what they claim. */
  readonly coverage: number
}

/** @param scales a unit for each parameter: the scatter of the model that was taught with labels of the sky */
export function gapCost(scores: readonly ParameterScore[], scales: readonly number[]): GapCost {
  const squares = scores.map(({ bias }, p) => (bias / scales[p]) ** 2)
  const misses = scores.flatMap(({ covered68, covered90 }) => [
    Math.abs(covered68 - LEVELS[0]),
    Math.abs(covered90 - LEVELS[1]),
  ])
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return { bias: Math.sqrt(mean(squares)), coverage: mean(misses) }
}

/**
 * Share of what the gap costs that is won back: 0 as without adaptation, 1 as with labels, below 0 where it got worse.
 * @returns null where the gap costs nothing
 */
export function wonBack(without: number, adapted: number, withLabels: number): number | null {
  const cost = without - withLabels
  return cost > 0 ? (without - adapted) / cost : null
}
