// Simulated stars -> the tensors of one training batch. Batch k of a seed is the same in any thread.

import { cIn, networkTarget } from '../diffusion/denoiser.ts'
import { drawSigma, type NoiseRange, sigmaAt } from '../diffusion/schedule.ts'
import { emptyArrays } from '../engine/tensorSpec.ts'
import { createRng, type Rng } from '../math/rng.ts'
import { pilotPrior } from '../simulators/prior.ts'
import { column, type ListColumn, type Simulation, type Simulator } from '../simulators/simulator.ts'
import { askedScale, type ObservableScale, observableLatent } from '../tokens/askedScale.ts'
import { distanceToLatent } from '../tokens/distanceBase.ts'
import {
  ASKED_SLOTS,
  DISTANCE_INDEX,
  FEATURE_COUNT,
  GIVEN_SLOTS,
  modelObservables,
  modelParameters,
  modelSpectra,
  OBSERVABLE_COUNT,
  OBSERVED_SLOTS,
  PARAMETER_COUNT,
  SPECTRUM_FEATURES,
} from '../tokens/layout.ts'
import { drawConditionMask } from '../tokens/masks.ts'
import { basesOf, type LatentMaps, toPosteriorLatents } from '../tokens/posteriorLatents.ts'
import { toLatent } from '../tokens/quantileMap.ts'
import { type SpectrumBasis, spectrumFeaturesInto } from '../tokens/spectrumFeatures.ts'
import { emptyStar, type ObservedStar, writeTokens } from '../tokens/tokenizer.ts'
import { type BatchShape, batchSpecs } from './starLoss.ts'

export type Feeds = Record<string, Float32Array>

export interface BatchMaker {
  /** Tensors of batch `index`, from stars index * (B + Q) on. */
  make(index: number): Feeds
}

/** What a latent means: parameter quantiles, and the scale of observables that are asked for; and by what spectra are told. */
export interface LatentScale extends LatentMaps, ObservableScale {
  /** One for each of `modelSpectra`, or none where the simulator has no spectra. */
  readonly spectra: readonly SpectrumBasis[]
}

/** Of the rows, those that lose inputs at random, each with a chance drawn up to this: no table is like that, and questions are. */
const RANDOM_GAPS = { share: 0.25, most: 0.8 } as const
const listNames = modelSpectra.map(name => {
  const band = name.slice(0, 2)
  return [`${band}Coefficients`, `${band}CoefficientErrors`] as const
})

/** [11] errors that a survey's own leave out, in the units of the observables, added to them in quadrature. */
export const errFloors: readonly number[] = pilotPrior.errFloors

/** Star i of a simulation as the tokenizer takes it; errors are total. */
export function observedStar(
  simulation: Simulation,
  i: number,
  spectra: readonly SpectrumBasis[],
  star: ObservedStar = emptyStar(),
): ObservedStar {
  modelObservables.forEach((name, o) => {
    star.present[o] = column(simulation.presence, name)[i]
    star.values[o] = column(simulation.observables, name)[i]
    star.errs[o] = Math.hypot(column(simulation.errors, name)[i], errFloors[o])
    star.limits[o] = 0
  })
  modelSpectra.forEach((_, s) => {
    const given = s < spectra.length ? spectrumOf(simulation, i, s) : null
    const isRead = given !== null && spectrumFeaturesInto(spectra[s], given, star.spectra, s * SPECTRUM_FEATURES)
    star.hasSpectrum[s] = isRead ? 1 : 0
  })
  return star
}

/** Coefficients and errors of spectrum s of `modelSpectra`, as measured; null where star i has none. */
export function spectrumOf(
  simulation: Simulation,
  i: number,
  s: number,
): { readonly coefficients: Float32Array; readonly errors: Float32Array } | null {
  const [coefficients, errors] = listNames[s].map(name => simulation.lists?.get(name))
  if (coefficients === undefined || errors === undefined || coefficients.presence[i] === 0) return null
  const length = coefficients.values.length / simulation.count
  const at = ({ values }: ListColumn) => values.subarray(i * length, (i + 1) * length)
  return { coefficients: at(coefficients), errors: at(errors) }
}

/** Takes inputs away at random, but never all. */
export function loseSome(star: ObservedStar, rng: Rng): void {
  if (rng.uniform() >= RANDOM_GAPS.share) return
  const chance = RANDOM_GAPS.most * rng.uniform()
  const places = [star.present, star.hasSpectrum].flatMap(bits =>
    [...bits.keys()].filter(k => bits[k] === 1).map(k => ({ bits, k })),
  )
  const spared = Math.floor(rng.uniform() * places.length)
  places.forEach(({ bits, k }, n) => {
    if (rng.uniform() < chance && n !== spared) bits[k] = 0
  })
}

/** [7] true parameters of star i, in model order. */
export function parametersOf(simulation: Simulation, i: number): Float64Array {
  return Float64Array.from(modelParameters, name => column(simulation.parameters, name)[i])
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
        observedStar(simulation, row, scale.spectra, star)
        loseSome(star, rng)
        writePosteriorRow(feeds, row, shape.levelsPerRow, simulation, row, star, scale, noise, rng)
        feeds.classes[row * simulator.classes.length + simulation.classIndex[row]] = 1
      }
      for (let row = 0; row < shape.questionRows; row++) {
        observedStar(simulation, shape.posteriorRows + row, scale.spectra, star)
        loseSome(star, rng)
        writeQuestionRow(feeds, row, simulation, shape.posteriorRows + row, star, scale, noise, rng)
      }
      return feeds
    },
  }
}

/** Tokens of a star and its noisy parameters, at some levels, as one row of a batch; see `batchSpecs`. */
export function writePosteriorRow(
  feeds: Feeds,
  row: number,
  levels: number,
  simulation: Simulation,
  index: number,
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
  const clean = toPosteriorLatents(parametersOf(simulation, index), bases, scale)
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
  const { given, asked, givenSpectra } = drawConditionMask(star.present, rng)
  // Asked observables are hidden from the tokens, the parallax from the distance base too.
  const values = star.values.slice()
  for (let o = 0; o < OBSERVABLE_COUNT; o++) star.present[o] = given[o]
  for (let s = 0; s < givenSpectra.length; s++) star.hasSpectrum[s] &= givenSpectra[s]
  const base = basesOf(star, scale).distance
  const offset = row * GIVEN_SLOTS * FEATURE_COUNT
  writeTokens(star, base, feeds.questionFeatures, offset, feeds.questionMask, row * GIVEN_SLOTS)
  const latents = new Float64Array(ASKED_SLOTS)
  const inUnits = askedScale(scale, star)
  for (let o = 0; o < OBSERVABLE_COUNT; o++) latents[o] = observableLatent(inUnits, o, values[o])
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
