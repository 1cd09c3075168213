// Calibration: what the class probabilities of one missing pattern are worth, class by class and all together.
import {
  brierScore,
  type CalibrationError,
  calibrationError,
  classColumn,
  logLoss,
  type ReliabilityBin,
  reliabilityBins,
  rocArea,
} from './reliability.ts'

export interface ClassPredictions {
  /** K names. */
  readonly names: readonly string[]
  /** [N x K] star after star; rows sum to one. */
  readonly probabilities: Float64Array
  /** [N] index of the true class. */
  readonly truths: Int32Array
  /** Sums of classes judged beside the classes, such as `young`; each with the names it is made of. */
  readonly unions: ReadonlyMap<string, readonly string[]>
}

export interface OneClassCalibration {
  readonly name: string
  /** Fraction of the stars that are of it. */
  readonly share: number
  readonly error: CalibrationError
  readonly bins: readonly ReliabilityBin[]
  /** Null where all or none of the stars are of it. */
  readonly rocArea: number | null
}

export interface ClassCalibration {
  readonly starCount: number
  /** Classes in their order, then the unions. */
  readonly perClass: readonly OneClassCalibration[]
  /** Mean and largest of the classes' expected calibration errors, unions left out. */
  readonly meanError: number
  readonly largestError: number
  readonly brier: number
  readonly logLoss: number
}

/** Bins of a reliability diagram: few enough that noise stays below the limit on the error, see `CalibrationError.chance`. */
const BIN_COUNT = 10

/**
 * Reliability of every class against the rest, in bins of equal count, with proper scores of all classes together.
 *
 * @throws RangeError when shapes do not fit or a union names an absent class
 * Source: class-wise calibration error of Kull et al. 2019 (NeurIPS, arXiv:1910.12656).
 */
export function classCalibration(predictions: ClassPredictions): ClassCalibration {
  const { names, probabilities, truths, unions } = predictions
  const columns = names.map((_, k) => classColumn(probabilities, names.length, k))
  const brier = brierScore(probabilities, truths)
  const singles = names.map((name, k) =>
    oneClass(
      name,
      columns[k],
      Array.from(truths, truth => truth === k),
    ),
  )
  const joined = Array.from(unions, ([name, members]) => {
    const indices = members.map(member => {
      const index = names.indexOf(member)
      if (index < 0) throw new RangeError(`classCalibration: ${name} names an absent class ${member}`)
      return index
    })
    // Rounding may carry a sum of probabilities past one.
    const sum = columns[0].map((_, i) => Math.min(1, sumAt(columns, indices, i)))
    return oneClass(
      name,
      sum,
      Array.from(truths, truth => indices.includes(truth)),
    )
  })
  const errors = singles.map(single => single.error.expected)
  return {
    starCount: truths.length,
    perClass: [...singles, ...joined],
    meanError: errors.reduce((total, error) => total + error, 0) / errors.length,
    largestError: Math.max(...errors),
    brier,
    logLoss: logLoss(probabilities, truths),
  }
}

function sumAt(columns: readonly Float64Array[], indices: readonly number[], i: number): number {
  return indices.reduce((sum, k) => sum + columns[k][i], 0)
}

function oneClass(name: string, predicted: Float64Array, isTrue: readonly boolean[]): OneClassCalibration {
  const bins = reliabilityBins(predicted, isTrue, BIN_COUNT, 'equalCount')
  return {
    name,
    share: isTrue.filter(Boolean).length / isTrue.length,
    error: calibrationError(bins),
    bins,
    rocArea: rocArea(predicted, isTrue),
  }
}
