// Posteriors of the same stars by a set of surveys, and what they are worth.
import {
  type ClassPredictions,
  calibratePattern,
  calibrationDefaults,
  classCalibration,
  createRng,
  middleHalf,
  type PosteriorDraws,
  summarize,
  truthsOf,
} from '../../models/index.ts'
import type { Summary } from '../../schemas/index.ts'
import type { SurveySet } from './surveySets.ts'

/** Whose posteriors are looked at. */
export const valueNames = ['logAgeYr', 'logTeffK', 'avMag', 'logDistancePc', 'fehDex'] as const

export interface SetPosteriors {
  readonly set: SurveySet
  readonly draws: PosteriorDraws
  readonly classes: ClassPredictions
}

export interface ParameterValue {
  readonly name: string
  /** Half of the 68% interval, the median over stars. */
  readonly halfWidth: number
  /** Of the posterior's median less the truth: the median over stars, and half of the middle 68%. */
  readonly bias: number
  readonly scatter: number
  /** Share of truths within the central 68% interval. */
  readonly coverage68: number
}

export interface SetValue {
  readonly title: string
  readonly parameters: readonly ParameterValue[]
  /** Mean entropy of the class probabilities. */
  readonly entropyBits: number
  readonly brier: number
  /** Area under the curve of P(young); null where all or none of the stars are. */
  readonly youngArea: number | null
}

const LEVEL_68 = calibrationDefaults.levels.indexOf(0.68)

/** @param seed spreads the ties of ranks */
export function setValueOf({ set, draws, classes }: SetPosteriors, seed: number): SetValue {
  const pattern = { name: set.title, given: set.observables, missing: [], share: null }
  const judged = calibratePattern(draws, null, pattern, calibrationDefaults, createRng(seed))
  const { brier, perClass } = classCalibration(classes)
  return {
    title: set.title,
    parameters: judged.parameters.map(({ name, typicalErr, residualPercentiles: [low, middle, high], central }) => ({
      ...{ name, halfWidth: typicalErr, bias: middle, scatter: (high - low) / 2 },
      coverage68: central[LEVEL_68].covered,
    })),
    entropyBits: entropyBits(classes.probabilities) / draws.starCount,
    brier,
    youngArea: perClass.find(({ name }) => name === 'young')?.rocArea ?? null,
  }
}

/** What would be said of a star of which nothing is known but that it is one of these. */
export interface PriorValue {
  readonly halfWidths: readonly number[]
  readonly entropyBits: number
  readonly brier: number
}

export function priorValue({ draws, classes }: Pick<SetPosteriors, 'draws' | 'classes'>): PriorValue {
  const { names, truths } = classes
  const shares = Float64Array.from(names, (_, k) => truths.filter(one => one === k).length / truths.length)
  return {
    halfWidths: valueNames.map((_, p) => middleHalf(truthsOf(draws, p))),
    entropyBits: entropyBits(shares),
    brier: 1 - shares.reduce((sum, share) => sum + share * share, 0),
  }
}

/** Of one distribution, or the sum over several. */
function entropyBits(probabilities: Float64Array): number {
  return probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0)
}

/** [N] of one parameter. */
export function intervalsOf({ draws }: SetPosteriors, parameter: number): readonly Summary[] {
  const { names, starCount, sampleCount, samples } = draws
  return Array.from({ length: starCount }, (_, star) => {
    const from = (star * names.length + parameter) * sampleCount
    return summarize(names[parameter], Float32Array.from(samples.subarray(from, from + sampleCount)))
  })
}
