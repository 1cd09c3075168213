// Whether a model may be published: what its calibration report has to hold to, check by check. docs/models.md says why.
import { regularisedBeta } from '../math/special.ts'
import type { CalibrationReport, ParameterCalibration, PatternCalibration, TarpSummary } from './calibrationReport.ts'
import type { OneClassCalibration } from './classCalibration.ts'
import { kolmogorovTail } from './rankStatistics.ts'
import { calibrationError } from './reliability.ts'

export interface PublishingBounds {
  /** Chance that a perfectly calibrated model is refused, at most, over all checks of all patterns together. */
  readonly falseAlarmRate: number
  /** Largest amount by which the rank of the truth may be off at any level of a parameter. */
  readonly maxRankDeviation: number
  readonly maxCoverageDeviation: number
  readonly maxTarpDeviation: number
  readonly maxClassError: number
  /** Of each pattern. With 1,000 the noise of a 68% coverage is half of what it may be off. */
  readonly minStars: number
  /** Claimed levels of the intervals that are judged. */
  readonly judgedLevels: readonly number[]
}

export const publishingBounds: PublishingBounds = {
  falseAlarmRate: 0.01,
  maxRankDeviation: 0.03,
  maxCoverageDeviation: 0.03,
  maxTarpDeviation: 0.03,
  maxClassError: 0.02,
  minStars: 1000,
  judgedLevels: [0.68, 0.95],
}

/** One check of one pattern: how far off it is, and how likely chance alone does that. */
export interface BoundCheck {
  readonly pattern: string
  readonly check: string
  /** Size of the deviation. */
  readonly value: number
  readonly bound: number
  /** Chance of such a deviation, or a larger one, were the model perfectly calibrated. */
  readonly pValue: number
  /** False where it is beyond the bound and chance does not explain it. */
  readonly isWithin: boolean
  readonly sentence: string
}

/** Shares of whole stars differ from a bound by this much where they are equal to it. */
const ROUNDING = 1e-9

type Finding = Omit<BoundCheck, 'pattern' | 'isWithin' | 'sentence'> & { readonly found: string }

/**
 * Every check of a report against the bounds. One fails where the deviation is beyond its bound, so that it matters, and
 * its p-value is rejected among all of them, so that it is there: with infinitely many stars the bounds alone decide.
 *
 * Source: the set of rejected p-values is that of Benjamini & Hochberg 1995 (J. R. Stat. Soc. B 57, 289); where all
 * hypotheses are true it holds the chance of any rejection (Simes 1986, Biometrika 73, 751).
 */
export function publishingChecks(report: Pick<CalibrationReport, 'patterns'>, bounds: PublishingBounds): BoundCheck[] {
  const findings = report.patterns.flatMap(one =>
    findingsOf(one, bounds).map(finding => ({ ...finding, pattern: one.pattern.name })),
  )
  const level = rejectionLevel(
    findings.map(({ pValue }) => pValue),
    bounds.falseAlarmRate,
  )
  return findings.map(({ found, ...one }) => {
    const isWithin = one.value <= one.bound + ROUNDING || one.pValue > level
    return { ...one, isWithin, sentence: `${one.pattern}: ${found} (p = ${one.pValue.toPrecision(2)})` }
  })
}

/** Largest p-value that is rejected; below all of them where none is. */
export function rejectionLevel(pValues: readonly number[], rate: number): number {
  const sorted = Float64Array.from(pValues).sort()
  for (let i = sorted.length - 1; i >= 0; i--) if (sorted[i] <= (rate * (i + 1)) / sorted.length) return sorted[i]
  return -1
}

function findingsOf(one: PatternCalibration, bounds: PublishingBounds): Finding[] {
  return [
    ...one.parameters.flatMap(parameter => [
      rankFinding(parameter, one.ecdfPoints, bounds),
      ...coverageFindings(parameter, one.starCount, bounds),
    ]),
    tarpFinding(one.tarp, bounds),
    ...(one.classes?.perClass ?? []).map(single => classFinding(single, bounds)),
  ]
}

function rankFinding(parameter: ParameterCalibration, places: readonly number[], bounds: PublishingBounds): Finding {
  const value = parameter.ecdf.reduce((largest, level, k) => Math.max(largest, Math.abs(level - places[k])), 0)
  return {
    check: `ranks of ${parameter.name}`,
    value,
    bound: bounds.maxRankDeviation,
    pValue: Math.min(1, 2 * Math.min(parameter.chiSquarePValue, parameter.kolmogorovPValue)),
    found: `quantiles of ${parameter.name} are off by up to ${points(value)} where ${points(bounds.maxRankDeviation)} are allowed`,
  }
}

function coverageFindings(parameter: ParameterCalibration, starCount: number, bounds: PublishingBounds): Finding[] {
  return parameter.central
    .filter(({ level }) => bounds.judgedLevels.includes(level))
    .map(({ level, covered }) => {
      const value = Math.abs(covered - level)
      const percent = `${Math.round(100 * level)}%`
      return {
        check: `${percent} coverage of ${parameter.name}`,
        value,
        bound: bounds.maxCoverageDeviation,
        pValue: binomialPValue(Math.round(covered * starCount), starCount, level),
        found: `${percent} intervals of ${parameter.name} hold ${(100 * covered).toFixed(1)}% of the truths where ${points(bounds.maxCoverageDeviation)} off are allowed`,
      }
    })
}

function tarpFinding(tarp: TarpSummary, bounds: PublishingBounds): Finding {
  const value = tarp.coverage.reduce((largest, one, k) => Math.max(largest, Math.abs(one - tarp.levels[k])), 0)
  // Several references a star make the curve less noisy than its stars: the bootstrap tells as how many it counts.
  const pValue = tarp.noiseDeviation > 0 ? kolmogorovTail((KOLMOGOROV_95 * value) / tarp.noiseDeviation) : 1
  return {
    check: 'joint coverage (TARP)',
    value,
    bound: bounds.maxTarpDeviation,
    pValue,
    found: `joint coverage (TARP) is off by up to ${points(value)} where ${points(bounds.maxTarpDeviation)} are allowed`,
  }
}

/** Kolmogorov's statistic stays below it 19 times in 20. */
const KOLMOGOROV_95 = 1.3581

function classFinding({ name, bins }: OneClassCalibration, bounds: PublishingBounds): Finding {
  const value = calibrationError(bins).debiased
  const smallest = Math.min(...bins.map(bernsteinPValue))
  return {
    check: `probabilities of ${name}`,
    value,
    bound: bounds.maxClassError,
    pValue: Math.min(1, bins.length * smallest),
    found: `probabilities of ${name} are off by ${value.toFixed(3)} where ${bounds.maxClassError} is allowed`,
  }
}

/** Two-sided, exact: twice the smaller tail, at most 1. */
export function binomialPValue(count: number, trials: number, chance: number): number {
  const atMost = count === trials ? 1 : regularisedBeta(1 - chance, trials - count, count + 1)
  const atLeast = count === 0 ? 1 : regularisedBeta(chance, count, trials - count + 1)
  return Math.min(1, 2 * Math.min(atMost, atLeast))
}

/**
 * Bound on the chance of a bin's gap. It holds for any number of stars and any probabilities, where a normal law
 * fails for the many that are near 0 or 1.
 * Source: Bernstein's inequality, e.g. Boucheron et al. 2013, Concentration Inequalities, section 2.8.
 */
function bernsteinPValue(bin: OneClassCalibration['bins'][number]): number {
  const gap = bin.count * Math.abs(bin.observed - bin.meanPredicted)
  const variance = (bin.count * bin.standardErr) ** 2
  return gap === 0 ? 1 : Math.min(1, 2 * Math.exp((-gap * gap) / (2 * (variance + gap / 3))))
}

/** A fraction in points of a hundred. */
function points(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} points`
}
