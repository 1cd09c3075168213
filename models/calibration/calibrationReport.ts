// Calibration: every check of one missing pattern in one plain object, and the verdict against stated thresholds.
// Plain numbers and arrays only: the report is written as JSON as it is.
import type { Rng } from '../math/rng.ts'
import { type ClassCalibration, type ClassPredictions, classCalibration } from './classCalibration.ts'
import { type Coverage, centralCredibilities, coverageAt, hpdCredibilities } from './coverage.ts'
import { binCountBand, ecdfAt, ecdfEnvelope } from './ecdfEnvelope.ts'
import { drawsOf, type PosteriorDraws, truthsOf } from './posteriorDraws.ts'
import {
  chiSquareUniform,
  fractionalRanks,
  kolmogorovSmirnov,
  rankHistogram,
  uniformityPValue,
} from './rankStatistics.ts'
import { type TarpOptions, tarpCurve, tarpDefaults, tarpRanks, tarpReferences } from './tarp.ts'

/** Which observables the stars of a section had. */
export interface MissingPattern {
  /** Short and plain, such as `complete` or `no WISE`. */
  readonly name: string
  readonly given: readonly string[]
  readonly missing: readonly string[]
  /** Fraction of the real stars that look so; null where nobody counted. */
  readonly share: number | null
}

export interface CalibrationThresholds {
  /** Smallest p-value of a parameter's ranks, after Bonferroni over the parameters of the pattern. */
  readonly minPValue: number
  readonly maxTarpDeviation: number
  readonly maxCoverageDeviation: number
  /**
   * Largest calibration error of a class with the noise's share taken off. The plain mean over bins would be 0.01 to
   * 0.02 for perfect predictions of 2,000 stars; the root mean square judged here is never below the true mean.
   */
  readonly maxClassError: number
}

export const calibrationThresholds: CalibrationThresholds = {
  minPValue: 0.01,
  maxTarpDeviation: 0.03,
  maxCoverageDeviation: 0.03,
  maxClassError: 0.02,
}

export interface CalibrationOptions {
  readonly thresholds: CalibrationThresholds
  readonly binCount: number
  /** Claimed levels of the coverage curve. */
  readonly levels: readonly number[]
  /** Those of them that are judged. */
  readonly judgedLevels: readonly number[]
  /** Simultaneous level of the bands that are drawn. */
  readonly bandLevel: number
  readonly tarp: TarpOptions
}

export const calibrationDefaults: CalibrationOptions = {
  thresholds: calibrationThresholds,
  binCount: 20,
  levels: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.68, 0.8, 0.9, 0.95, 0.99],
  judgedLevels: [0.68, 0.95],
  bandLevel: 0.95,
  tarp: tarpDefaults,
}

export interface ParameterCalibration {
  readonly name: string
  readonly rankCounts: readonly number[]
  /** Distribution function of the ranks at the pattern's `ecdfPoints`. */
  readonly ecdf: readonly number[]
  readonly chiSquarePValue: number
  readonly kolmogorovPValue: number
  /** Both tests in one, then times the number of parameters, at most 1. */
  readonly adjustedPValue: number
  readonly central: readonly Coverage[]
  readonly hpd: readonly Coverage[]
  /** 16th, 50th and 84th percentile over stars of (posterior median - truth), in the parameter's unit. */
  readonly residualPercentiles: readonly [number, number, number]
  /** Median over stars of half the 68% interval, in the parameter's unit. */
  readonly typicalErr: number
}

export interface TarpSummary {
  readonly levels: readonly number[]
  readonly coverage: readonly number[]
  readonly lower: readonly number[]
  readonly upper: readonly number[]
  readonly maxDeviation: number
  readonly noiseDeviation: number
  readonly bias: number
  readonly dispersion: number
}

export interface Verdict {
  /** What was checked, such as `ranks of avMag`. */
  readonly check: string
  readonly value: number
  readonly limit: number
  readonly isPassed: boolean
  /** One sentence: what was found and, where it falls short, which way. */
  readonly sentence: string
}

/** Whether the posterior of one star of the pattern is right, see `localC2st`. */
export interface LocalCalibration {
  /** Where in the HR diagram its posterior lies. */
  readonly region: string
  readonly statistic: number
  readonly pValue: number
}

export interface PatternCalibration {
  readonly pattern: MissingPattern
  readonly starCount: number
  readonly sampleCount: number
  readonly parameters: readonly ParameterCalibration[]
  /** Counts within which each bin of a rank histogram stays with `bandLevel` chance. */
  readonly binBand: readonly [number, number]
  readonly ecdfPoints: readonly number[]
  readonly ecdfLower: readonly number[]
  readonly ecdfUpper: readonly number[]
  readonly tarp: TarpSummary
  readonly classes: ClassCalibration | null
  /** A star of each region that the pattern reaches, where they were tested; not part of the verdict. */
  readonly local?: readonly LocalCalibration[]
  readonly verdicts: readonly Verdict[]
  readonly isPassed: boolean
}

/**
 * Runs every check on the posteriors of one pattern.
 *
 * @param classes class probabilities with their truths, or null where the model has no classes
 * @param rng spreads ties, places TARP's references and resamples stars; the same state gives the same report
 * @throws RangeError from the checks where shapes do not fit
 */
export function calibratePattern(
  draws: PosteriorDraws,
  classes: ClassPredictions | null,
  pattern: MissingPattern,
  options: CalibrationOptions,
  rng: Rng,
): PatternCalibration {
  const envelope = ecdfEnvelope(draws.starCount, 2 * options.binCount - 1, options.bandLevel)
  const parameters = draws.names.map((name, p): ParameterCalibration => {
    const ranks = fractionalRanks(draws, p, rng)
    return {
      name,
      rankCounts: Array.from(rankHistogram(ranks, options.binCount)),
      ecdf: Array.from(ecdfAt(ranks, envelope.points)),
      chiSquarePValue: chiSquareUniform(ranks, options.binCount).pValue,
      kolmogorovPValue: kolmogorovSmirnov(ranks).pValue,
      adjustedPValue: Math.min(1, draws.names.length * uniformityPValue(ranks, options.binCount)),
      central: coverageAt(centralCredibilities(ranks), options.levels),
      hpd: coverageAt(hpdCredibilities(draws, p, rng), options.levels),
      ...accuracy(draws, p),
    }
  })
  const references = tarpReferences(draws, options.tarp.referenceCount, rng)
  const curve = tarpCurve(tarpRanks(draws, references, rng), draws.starCount, options.tarp, rng)
  const tarp: TarpSummary = {
    ...curve,
    levels: Array.from(curve.levels),
    coverage: Array.from(curve.coverage),
    lower: Array.from(curve.lower),
    upper: Array.from(curve.upper),
  }
  const classResult = classes === null ? null : classCalibration(classes)
  const verdicts = [
    ...parameters.flatMap(parameter => parameterVerdicts(parameter, options)),
    tarpVerdict(tarp, options.thresholds),
    ...(classResult === null ? [] : classVerdicts(classResult, options.thresholds)),
  ]
  return {
    pattern,
    starCount: draws.starCount,
    sampleCount: draws.sampleCount,
    parameters,
    binBand: binCountBand(draws.starCount, options.binCount, options.bandLevel),
    ecdfPoints: Array.from(envelope.points),
    ecdfLower: Array.from(envelope.lower),
    ecdfUpper: Array.from(envelope.upper),
    tarp,
    classes: classResult,
    verdicts,
    isPassed: verdicts.every(verdict => verdict.isPassed),
  }
}

/** The sections of a report with where they come from. */
export interface CalibrationReport {
  readonly title: string
  /** The command that makes this report again. */
  readonly command: string
  readonly modelFingerprint: string
  readonly seed: string
  readonly thresholds: CalibrationThresholds
  readonly patterns: readonly PatternCalibration[]
  /** Stars with all their gaps, and with more of their measurements taken away at random; not part of the verdict. */
  readonly atRandom?: readonly PatternCalibration[]
  /** Stars with all their gaps by region of the HR diagram, as their posteriors place them; not part of the verdict. */
  readonly regions?: readonly PatternCalibration[]
  readonly isPassed: boolean
}

/** Joins the sections; the whole passes when every section does. @throws RangeError when there is none */
export function calibrationReport(
  source: Pick<CalibrationReport, 'title' | 'command' | 'modelFingerprint' | 'seed' | 'thresholds'>,
  patterns: readonly PatternCalibration[],
): CalibrationReport {
  if (patterns.length === 0) throw new RangeError('calibrationReport: no pattern was checked')
  return { ...source, patterns, isPassed: patterns.every(pattern => pattern.isPassed) }
}

function accuracy(draws: PosteriorDraws, p: number) {
  const at = (sorted: Float64Array, level: number) => {
    const place = level * (sorted.length - 1)
    const below = Math.min(Math.max(0, sorted.length - 2), Math.floor(place))
    const above = Math.min(sorted.length - 1, below + 1)
    return sorted[below] + (place - below) * (sorted[above] - sorted[below])
  }
  const residuals = new Float64Array(draws.starCount)
  const halfWidths = new Float64Array(draws.starCount)
  truthsOf(draws, p).forEach((truth, star) => {
    const sorted = Float64Array.from(drawsOf(draws, star, p)).sort()
    residuals[star] = at(sorted, 0.5) - truth
    halfWidths[star] = (at(sorted, 0.84) - at(sorted, 0.16)) / 2
  })
  residuals.sort()
  return {
    residualPercentiles: [at(residuals, 0.16), at(residuals, 0.5), at(residuals, 0.84)] as const,
    typicalErr: at(halfWidths.sort(), 0.5),
  }
}

function parameterVerdicts(parameter: ParameterCalibration, options: CalibrationOptions): Verdict[] {
  const { minPValue, maxCoverageDeviation } = options.thresholds
  const p = parameter.adjustedPValue
  const ranks: Verdict = {
    check: `ranks of ${parameter.name}`,
    value: p,
    limit: minPValue,
    isPassed: p >= minPValue,
    sentence:
      p >= minPValue
        ? `Ranks of ${parameter.name} look uniform (p = ${p.toPrecision(2)}).`
        : `Ranks of ${parameter.name} are not uniform (p = ${p.toPrecision(2)}, at least ${minPValue} wanted).`,
  }
  const coverages = parameter.central
    .filter(coverage => options.judgedLevels.includes(coverage.level))
    .map((coverage): Verdict => {
      const deviation = coverage.covered - coverage.level
      const isPassed = Math.abs(deviation) <= maxCoverageDeviation
      const percent = `${Math.round(coverage.level * 100)}%`
      const found = `The ${percent} intervals of ${parameter.name} hold ${(coverage.covered * 100).toFixed(1)}% of the truths`
      return {
        check: `${percent} coverage of ${parameter.name}`,
        value: deviation,
        limit: maxCoverageDeviation,
        isPassed,
        sentence: isPassed ? `${found}.` : `${found}: they are too ${deviation < 0 ? 'narrow or displaced' : 'wide'}.`,
      }
    })
  return [ranks, ...coverages]
}

function tarpVerdict(tarp: TarpSummary, thresholds: CalibrationThresholds): Verdict {
  const isPassed = tarp.maxDeviation <= thresholds.maxTarpDeviation
  const found = `Joint coverage (TARP) deviates by at most ${tarp.maxDeviation.toFixed(3)}, chance alone gives up to ${tarp.noiseDeviation.toFixed(3)}`
  const shape =
    Math.abs(tarp.bias) > Math.abs(tarp.dispersion)
      ? 'are displaced'
      : `are too ${tarp.dispersion < 0 ? 'narrow' : 'wide'}`
  return {
    check: 'joint coverage (TARP)',
    value: tarp.maxDeviation,
    limit: thresholds.maxTarpDeviation,
    isPassed,
    sentence: isPassed ? `${found}.` : `${found}: taken together the posteriors ${shape}.`,
  }
}

function classVerdicts(classes: ClassCalibration, thresholds: CalibrationThresholds): Verdict[] {
  return classes.perClass.map(one => {
    const isPassed = one.error.debiased <= thresholds.maxClassError
    const found = `Probabilities of ${one.name} are off by ${one.error.debiased.toFixed(3)}, noise taken off`
    return {
      check: `probabilities of ${one.name}`,
      value: one.error.debiased,
      limit: thresholds.maxClassError,
      isPassed,
      sentence: isPassed ? `${found}.` : `${found}: at most ${thresholds.maxClassError} is wanted.`,
    }
  })
}
