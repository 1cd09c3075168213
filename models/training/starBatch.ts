// Simulated stars -> the tensors of one training batch. Batch k of a seed is the same in any thread.

import { cIn, networkTarget } from '../diffusion/denoiser.ts'
import { drawSigma, type NoiseRange, sigmaAt } from '../diffusion/schedule.ts'
import { emptyArrays } from '../engine/tensorSpec.ts'
import { createRng, type Rng } from '../math/rng.ts'
import { pilotPrior } from '../simulators/prior.ts'
import { column, type Simulation, type Simulator } from '../simulators/simulator.ts'
import { distanceToLatent } from '../tokens/distanceBase.ts'
import {
  ASKED_SLOTS,
  DISTANCE_INDEX,
  FEATURE_COUNT,
  GIVEN_SLOTS,
  modelObservables,
  modelParameters,
  OBSERVABLE_COUNT,
  OBSERVED_SLOTS,
  PARAMETER_COUNT,
} from '../tokens/layout.ts'
import { drawConditionMask } from '../tokens/masks.ts'
import { basesOf, type LatentMaps, toPosteriorLatents } from '../tokens/posteriorLatents.ts'
import { toLatent } from '../tokens/quantileMap.ts'
import { emptyStar, type ObservedStar, writeTokens } from '../tokens/tokenizer.ts'
import { type BatchShape, batchSpecs } from './starLoss.ts'

export type Feeds = Record<string, Float32Array>

export interface BatchMaker {
  /** Tensors of batch `index`, from stars index * (B + Q) on. */
  make(index: number): Feeds
}

/** What a latent means: parameter quantiles, and the scale of observables that are asked for. */
export interface LatentScale extends LatentMaps {
  /** [11] prior mean and standard deviation of each observable. */
  readonly observableMean: readonly number[]
  readonly observableSd: readonly number[]
}

const PARALLAX = modelObservables.indexOf('parallaxMas')

/** [11] errors that a survey's own leave out, in the units of the observables, added to them in quadrature. */
export const errFloors: readonly number[] = pilotPrior.errFloors

/** Star i of a simulation as the tokenizer takes it; errors are total. */
export function observedStar(simulation: Simulation, i: number, star: ObservedStar = emptyStar()): ObservedStar {
  modelObservables.forEach((name, o) => {
    star.present[o] = column(simulation.presence, name)[i]
    star.values[o] = column(simulation.observables, name)[i]
    star.errs[o] = Math.hypot(column(simulation.errors, name)[i], errFloors[o])
    star.limits[o] = 0
  })
  return star
}

/** [7] true parameters of star i, in model order. */
export function parametersOf(simulation: Simulation, i: number): Float64Array {
  return Float64Array.from(modelParameters, name => column(simulation.parameters, name)[i])
}

/**
 * Latent of an observable that is asked for.
 * Magnitudes are standardised; a parallax is compressed first, since it spans four decades.
 */
export function observableLatent(scale: LatentScale, o: number, value: number): number {
  const plain = o === PARALLAX ? Math.asinh(value) : value
  return (plain - scale.observableMean[o]) / scale.observableSd[o]
}

/** The observable at a latent, the inverse of `observableLatent`. */
export function observableFromLatent(scale: LatentScale, o: number, z: number): number {
  const plain = scale.observableMean[o] + scale.observableSd[o] * z
  return o === PARALLAX ? Math.sinh(plain) : plain
}

/** Makes batches for training. */
export function createBatchMaker(
  simulator: Simulator,
  shape: BatchShape,
  scale: LatentScale,
  noise: NoiseRange,
  seed: number,
): BatchMaker {
  const specs = batchSpecs(shape, simulator.classes.length)
  const perBatch = shape.posteriorRows + shape.questionRows
  return {
    make(index) {
      const simulation = simulator.draw({ seed, first: index * perBatch, count: perBatch })
      // The simulator uses purposes of its own; this one is for noise levels, noise and masks.
      const rng = createRng(seed, 0x7261)
      rng.seek(index)
      const feeds: Feeds = emptyArrays(specs)
      const star = emptyStar()
      for (let row = 0; row < shape.posteriorRows; row++) {
        observedStar(simulation, row, star)
        writePosteriorRow(feeds, row, shape.levelsPerRow, simulation, star, scale, noise, rng)
        feeds.classes[row * simulator.classes.length + simulation.classIndex[row]] = 1
      }
      for (let row = 0; row < shape.questionRows; row++) {
        observedStar(simulation, shape.posteriorRows + row, star)
        writeQuestionRow(feeds, row, simulation, shape.posteriorRows + row, star, scale, noise, rng)
      }
      return feeds
    },
  }
}

function writePosteriorRow(
  feeds: Feeds,
  row: number,
  levels: number,
  simulation: Simulation,
  star: ObservedStar,
  scale: LatentScale,
  noise: NoiseRange,
  rng: Rng,
): void {
  const bases = basesOf(star, scale)
  writeTokens(
    star,
    bases.distance,
    feeds.features,
    row * OBSERVED_SLOTS * FEATURE_COUNT,
    feeds.mask,
    row * OBSERVED_SLOTS,
  )
  const clean = toPosteriorLatents(parametersOf(simulation, row), bases, scale)
  for (let level = 0; level < levels; level++) {
    // Stratified: each star sees low and high noise alike.
    const at = (level + rng.uniform()) / levels
    const sigma = sigmaAt(noise, at)
    feeds.sigma[row * levels + level] = sigma
    for (let p = 0; p < PARAMETER_COUNT; p++) {
      const place = (row * levels + level) * PARAMETER_COUNT + p
      const noisy = clean[p] + sigma * rng.normal()
      feeds.scaled[place] = cIn(sigma) * noisy
      feeds.target[place] = networkTarget(clean[p], noisy, sigma)
    }
  }
}

function writeQuestionRow(
  feeds: Feeds,
  row: number,
  simulation: Simulation,
  index: number,
  star: ObservedStar,
  scale: LatentScale,
  noise: NoiseRange,
  rng: Rng,
): void {
  const { given, asked } = drawConditionMask(star.present, rng)
  // Asked observables are hidden from the tokens, the parallax from the distance base too.
  const values = star.values.slice()
  for (let o = 0; o < OBSERVABLE_COUNT; o++) star.present[o] = given[o]
  const base = basesOf(star, scale).distance
  const offset = row * GIVEN_SLOTS * FEATURE_COUNT
  writeTokens(star, base, feeds.questionFeatures, offset, feeds.questionMask, row * GIVEN_SLOTS)
  const latents = new Float64Array(ASKED_SLOTS)
  for (let o = 0; o < OBSERVABLE_COUNT; o++) latents[o] = observableLatent(scale, o, values[o])
  // By tokens every parameter stands for itself: any of them may be given or asked alone.
  parametersOf(simulation, index).forEach((value, p) => {
    latents[OBSERVABLE_COUNT + p] =
      p === DISTANCE_INDEX ? distanceToLatent(base, value) : toLatent(scale.parameters[p], value)
  })
  for (let p = 0; p < PARAMETER_COUNT; p++) {
    if (given[OBSERVABLE_COUNT + p] === 0) continue
    const slot = OBSERVED_SLOTS + p
    feeds.questionMask[row * GIVEN_SLOTS + slot] = 1
    feeds.questionFeatures[offset + slot * FEATURE_COUNT] = latents[OBSERVABLE_COUNT + p]
  }
  const sigma = drawSigma(noise, rng)
  feeds.questionSigma[row] = sigma
  for (let a = 0; a < ASKED_SLOTS; a++) {
    if (asked[a] === 0) continue
    const place = row * ASKED_SLOTS + a
    const noisy = latents[a] + sigma * rng.normal()
    feeds.questionAsked[place] = 1
    feeds.questionScaled[place] = cIn(sigma) * noisy
    feeds.questionTarget[place] = networkTarget(latents[a], noisy, sigma)
  }
}
