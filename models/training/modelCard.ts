// What a model is, apart from its weights. A card is written by a program and may be changed by a hand, so it is checked.

import { FusionError, starClasses } from '../../schemas/index.ts'
import type { ClassScaling } from '../calibration/classScaling.ts'
import { type LinearKind, linearKinds } from '../diffusion/samplers.ts'
import type { NoiseRange } from '../diffusion/schedule.ts'
import { isPixelSpectrum, spectrumNames } from '../encoders/modalities.ts'
import type { SpectralConfig } from '../spectral/spectralConfig.ts'
import { spectralModalities } from '../spectral/spectralNetwork.ts'
import type { MixtureConfig } from '../student/mixtureNetwork.ts'
import { sizeBands } from '../tokens/brightnessBase.ts'
import {
  FEATURE_COUNT,
  modelObservables,
  modelParameters,
  modelSpectra,
  OBSERVABLE_COUNT,
  OBSERVED_SLOTS,
  PARAMETER_COUNT,
} from '../tokens/layout.ts'
import { SPECTRUM_DIRECTIONS } from '../tokens/spectrumFeatures.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'

export interface SamplerChoice {
  readonly kind: LinearKind
  readonly steps: number
}

/** Values at equally spaced Gaussian quantiles, from -zMax to zMax. */
export interface NamedMap {
  readonly name: string
  readonly zMax: number
  readonly values: readonly number[]
}

/** A basis of spectra; see `SpectrumBasis`. */
export interface NamedBasis {
  readonly name: string
  readonly mean: readonly number[]
  /** [13][C] */
  readonly directions: readonly (readonly number[])[]
}

/** Levels of the network's own posteriors that stand at true ones, from 0 to 1. */
export interface NamedLevels {
  readonly name: string
  readonly modelLevels: readonly number[]
}

/** The law of the embeddings of one family of stars, or of one instrument's spectra under their name, see `FamiliarityLaw`. */
export interface NamedFamiliarity {
  readonly family: string
  readonly starCount: number
  readonly tails: readonly number[]
  readonly distances: readonly number[]
  readonly mean: readonly number[]
  readonly factor: readonly number[]
}

export interface ModelCard {
  readonly format: 1
  readonly name: string
  readonly config: StarModelConfig
  readonly noise: NoiseRange
  readonly sampler: SamplerChoice
  /** Who draws posteriors on the processor in the sampler's place, in a few calls; absent where none was taught. */
  readonly student?: MixtureConfig
  /** How it reads spectra with pixels; absent where it reads none. Its weights lie in a file of their own. */
  readonly spectral?: SpectralConfig
  /** Prior quantiles of each parameter. */
  readonly parameters: readonly NamedMap[]
  /** Prior quantiles of the angular size's scatter about each band, and about none. */
  readonly brightness: readonly NamedMap[]
  /** [11] prior mean and standard deviation of each observable, as latents of asked observables are scaled. */
  readonly observableMean: readonly number[]
  readonly observableSd: readonly number[]
  /** [11][11] the same of one magnitude minus another; 0 where there is no such colour. */
  readonly colourMean: readonly (readonly number[])[]
  readonly colourSd: readonly (readonly number[])[]
  /** By what spectra are told, one for each of `modelSpectra`; none where the network reads no spectra. */
  readonly spectra: readonly NamedBasis[]
  /** [11] errors added in quadrature to those of a survey, in the units of the observables. */
  readonly errFloors: readonly number[]
  readonly classPrior: readonly number[]
  /** What posteriors of stars with just these observables and spectra are corrected by. */
  readonly corrections: readonly {
    readonly given: readonly string[]
    /** The true levels; absent where they are equally spaced. */
    readonly levels?: readonly number[]
    readonly parameters: readonly NamedLevels[]
    readonly classes?: ClassScaling
  }[]
  /** [16][8] lowest and highest feature of each slot in training; outside them a star is flagged. */
  readonly featureRange: { readonly low: readonly (readonly number[])[]; readonly high: readonly (readonly number[])[] }
  /** How like the stars of the training a star is, by family; absent where nobody measured it. */
  readonly familiarity?: readonly NamedFamiliarity[]
  /** Hash of the names, units and token ids the network was trained with. */
  readonly schema: string
  /** How it was made and how well it does, for the reader; not part of the fingerprint. */
  readonly training: Readonly<Record<string, unknown>>
}

const MAX_STEPS = 1000
const MAX_SIZE = 10_000
const MAX_OCTAVES = 10

/**
 * @param path of the card, for the sentence
 * @throws FusionError MODEL_MISMATCH that names the entry which does not fit this program
 */
export function checkCard(card: ModelCard, path: string): void {
  const wrong = Object.entries(checks).find(([, isRight]) => !isTrueOf(isRight, card))
  if (wrong === undefined) return
  throw new FusionError(
    'MODEL_MISMATCH',
    `${path}: its "${wrong[0]}" does not fit this birthline; the checkpoint is damaged or of another model. Restore it, or retrain with "birthline train pilot".`,
  )
}

type Check = (card: ModelCard) => boolean

/** Reading what is not there fails too. */
function isTrueOf(check: Check, card: ModelCard): boolean {
  try {
    return check(card)
  } catch {
    return false
  }
}

const checks: Readonly<Record<string, Check>> = {
  schema: ({ schema }) => typeof schema === 'string',
  config: ({ config }) => {
    const { width, heads, layers, hidden, headWidth, headBlocks, classCount } = config
    const sizes = [width, heads, layers, hidden, headWidth, headBlocks, classCount]
    return sizes.every(isSize) && width % heads === 0 && classCount === starClasses.length
  },
  noise: ({ noise }) => 0 < noise.sigmaMin && noise.sigmaMin < noise.sigmaMax && noise.sigmaMax < 1e6,
  sampler: ({ sampler: { kind, steps } }) =>
    linearKinds.includes(kind) && isSize(steps) && 2 <= steps && steps <= MAX_STEPS,
  student: ({ student, config }) => student === undefined || isStudentOf(student, config),
  spectral: ({ spectral, config }) => spectral === undefined || isSpectralOf(spectral, config),
  parameters: ({ parameters }) => areMaps(parameters, modelParameters),
  brightness: ({ brightness }) => areMaps(brightness, [...sizeBands, 'none']),
  observableMean: ({ observableMean }) => areNumbers(observableMean, OBSERVABLE_COUNT),
  observableSd: ({ observableSd }) => areNumbers(observableSd, OBSERVABLE_COUNT, 0),
  colourMean: ({ colourMean }) => areRows(colourMean),
  colourSd: ({ colourSd }) => areRows(colourSd) && colourSd.flat().every(value => value >= 0),
  spectra: ({ spectra }) =>
    spectra.length === 0 || (spectra.length === modelSpectra.length && spectra.every(isBasisOf)),
  errFloors: ({ errFloors }) => areNumbers(errFloors, OBSERVABLE_COUNT, 0),
  classPrior: ({ classPrior }) =>
    areNumbers(classPrior, starClasses.length, 0) && Math.abs(classPrior.reduce((a, b) => a + b) - 1) < 1e-6,
  corrections: ({ corrections }) =>
    corrections.every(one => areObservables(one.given) && areLevels(one) && isScaling(one.classes)),
  familiarity: ({ familiarity = [], config, spectral }) =>
    familiarity.every(law =>
      isLaw(law, isPixelSpectrum(law.family) ? (spectral?.encoder.sharedWidth ?? 0) : config.width),
    ),
  featureRange: ({ featureRange: { low, high } }) =>
    [low, high].every(rows => rows.length === OBSERVED_SLOTS && rows.every(row => areNumbers(row, FEATURE_COUNT))),
}

function isStudentOf(c: MixtureConfig, { width }: StarModelConfig): boolean {
  const sizes = [c.dataWidth, c.width, c.blocks, c.firstComponents, c.components]
  const isWhole = (value: number) => Number.isInteger(value) && value >= 0 && value <= MAX_OCTAVES
  return (
    c.parameterCount === PARAMETER_COUNT &&
    c.dataCount === width &&
    sizes.every(isSize) &&
    isWhole(c.dataOctaves) &&
    isWhole(c.parameterOctaves) &&
    areNumbers(c.levels, Math.min(c.levels.length, MAX_STEPS), 0)
  )
}

function isSpectralOf(c: SpectralConfig, { width }: StarModelConfig): boolean {
  const { encoder, join } = c
  const { outTokens, outWidth, sharedWidth } = encoder
  const networks = [encoder, join]
  const sizes = [outTokens, sharedWidth, ...networks.flatMap(one => [one.width, one.heads, one.layers, one.hidden])]
  return (
    spectralModalities(c).length === new Set(c.modalities).size &&
    c.modalities.length > 0 &&
    sizes.every(isSize) &&
    networks.every(one => one.width % one.heads === 0) &&
    outWidth === width
  )
}

const areRows = (rows: readonly (readonly number[])[]) =>
  rows.length === OBSERVABLE_COUNT && rows.every(row => areNumbers(row, OBSERVABLE_COUNT))

function isBasisOf({ name, mean, directions }: NamedBasis, s: number): boolean {
  return (
    name === modelSpectra[s] &&
    isSize(mean.length) &&
    areNumbers(mean, mean.length) &&
    directions.length === SPECTRUM_DIRECTIONS &&
    directions.every(row => areNumbers(row, mean.length))
  )
}

const isSize = (value: number) => Number.isInteger(value) && value > 0 && value <= MAX_SIZE

function areNumbers(values: readonly number[], count: number, above = Number.NEGATIVE_INFINITY): boolean {
  return values.length === count && values.every(value => Number.isFinite(value) && value > above)
}

/** Maps of these names in this order, each strictly rising. */
function areMaps(maps: readonly NamedMap[], names: readonly string[]): boolean {
  return (
    maps.length === names.length &&
    maps.every(({ name, zMax, values }, i) => {
      const isRising = values.every((value, k) => Number.isFinite(value) && (k === 0 || value > values[k - 1]))
      return name === names[i] && zMax > 0 && Number.isFinite(zMax) && values.length >= 2 && isRising
    })
  )
}

function isLaw({ family, starCount, mean, factor, tails, distances }: NamedFamiliarity, width: number): boolean {
  const isSteady = distances.every((distance, k) => k === 0 || distance >= distances[k - 1])
  const isFalling = tails.every((tail, k) => tail <= 1 && (k === 0 || tail < tails[k - 1]))
  return (
    typeof family === 'string' &&
    Number.isInteger(starCount) &&
    areNumbers(mean, width) &&
    areNumbers(factor, (width * (width + 1)) / 2) &&
    tails.length >= 2 &&
    areNumbers(tails, tails.length, 0) &&
    areNumbers(distances, tails.length, -1e-9) &&
    isSteady &&
    isFalling
  )
}

function areObservables(given: readonly string[]): boolean {
  const known: readonly string[] = [...modelObservables, ...spectrumNames]
  return given.every((name, i) => known.includes(name) && given.indexOf(name) === i)
}

function isScaling(scaling: ClassScaling | undefined): boolean {
  if (scaling === undefined) return true
  return areNumbers([scaling.slope], 1, 0) && areNumbers(scaling.shifts, starClasses.length)
}

/** One of each parameter in order, never falling from 0 to 1; the true levels rise. */
function areLevels({ levels, parameters }: ModelCard['corrections'][number]): boolean {
  const isRising = levels === undefined || (isFromZeroToOne(levels) && new Set(levels).size === levels.length)
  return (
    isRising &&
    parameters.length === modelParameters.length &&
    parameters.every(
      ({ name, modelLevels }, p) =>
        name === modelParameters[p] &&
        isFromZeroToOne(modelLevels) &&
        modelLevels.length === (levels ?? modelLevels).length,
    )
  )
}

function isFromZeroToOne(levels: readonly number[]): boolean {
  const isSteady = levels.every((level, k) => k === 0 || level >= levels[k - 1])
  return isSteady && levels.length >= 2 && levels[0] === 0 && levels.at(-1) === 1
}
