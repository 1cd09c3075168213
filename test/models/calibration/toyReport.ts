// Calibration reports of posteriors that are right by construction, and wrong where a test wants it.
import {
  type CalibrationReport,
  calibratePattern,
  calibrationDefaults,
  calibrationReport,
  type MissingPattern,
} from '../../../models/calibration/calibrationReport.ts'
import { posteriorDraws } from '../../../models/calibration/posteriorDraws.ts'
import { createRng } from '../../../models/math/rng.ts'
import { modelParameters } from '../../../models/tokens/layout.ts'
import { starClasses, youngClasses } from '../../../schemas/index.ts'

export interface ReportFault {
  /** Index of the pattern that is wrong; all others are right. */
  readonly pattern: number
  readonly parameter: string
  /** Factor on the width of its posteriors. */
  readonly widthFactor?: number
  /** Shift in standard deviations. */
  readonly shift?: number
}

export interface ToyReportOptions {
  readonly model: string
  readonly patterns: readonly MissingPattern[]
  readonly starCount: number
  readonly seed: number
  readonly fault?: ReportFault
  /** What class probabilities are raised to before they are told: 1 is right. */
  readonly overconfidence?: number
}

const SAMPLES = 15

export function toyReport(options: ToyReportOptions): CalibrationReport {
  const { model, patterns, seed } = options
  const source = {
    title: 'Calibration on simulated stars',
    command: 'birthline calibrate --stars 2000 --samples 256 --seed 1',
    modelFingerprint: model,
    seed: `${seed}`,
    thresholds: calibrationDefaults.thresholds,
  }
  return calibrationReport(
    source,
    patterns.map((_, p) => toyPattern(options, p)),
  )
}

function toyPattern({ patterns, starCount, seed, fault, overconfidence = 1 }: ToyReportOptions, p: number) {
  const rng = createRng(seed, p)
  const width = modelParameters.length
  const normal = () => rng.normal()
  const truths = Float64Array.from({ length: starCount * width }, normal)
  const draws = new Float64Array(starCount * width * SAMPLES)
  for (let i = 0; i < draws.length; i++) {
    const isWrong = fault?.pattern === p && modelParameters[Math.floor(i / SAMPLES) % width] === fault.parameter
    draws[i] = isWrong ? (fault.shift ?? 0) + (fault.widthFactor ?? 1) * normal() : normal()
  }
  const count = 5 * starCount
  const classes = starClasses.length
  const probabilities = new Float64Array(count * classes)
  const classTruths = Int32Array.from({ length: count }, (_, i) => {
    const weights = Array.from({ length: classes }, () => Math.exp(3 * rng.normal()))
    const told = weights.map(weight => weight ** overconfidence)
    probabilities.set(shares(told), i * classes)
    return drawnFrom(shares(weights), rng.uniform())
  })
  return calibratePattern(
    posteriorDraws(modelParameters, truths, draws),
    { names: [...starClasses], probabilities, truths: classTruths, unions: new Map([['young', [...youngClasses]]]) },
    patterns[p],
    {
      ...calibrationDefaults,
      binCount: 10,
      tarp: { ...calibrationDefaults.tarp, referenceCount: 4, bootstrapCount: 60 },
    },
    rng,
  )
}

function shares(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map(weight => weight / sum)
}

/** @param place uniform in (0, 1) */
function drawnFrom(probabilities: readonly number[], place: number): number {
  let rest = place
  for (const [k, probability] of probabilities.entries()) {
    rest -= probability
    if (rest < 0) return k
  }
  return probabilities.length - 1
}
