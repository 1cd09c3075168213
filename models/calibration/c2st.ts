// Calibration: the classifier two-sample test as the benchmark of simulation-based inference has it.
import { createRng } from '../math/rng.ts'
import { perceptronDefaults, trainPerceptron } from './perceptron.ts'
import { foldsOf, standardised } from './twoSample.ts'

export interface C2stOptions {
  /** Each point is judged by a classifier that has not seen it. */
  readonly foldCount: number
  /** Bound on the passes over the data; training ends before, when the loss falls no more. */
  readonly maxEpochs: number
  readonly seed: number
}

export const c2stDefaults: C2stOptions = { foldCount: 5, maxEpochs: 10_000, seed: 1 }

/** Units of each of two hidden layers, a column. */
const UNITS = 10

/**
 * Cross-validated accuracy of a network that is taught to tell first from second: scikit-learn's MLPClassifier with two
 * hidden layers of ten units a column, as sbibm's `c2st` and the published scores have it. Columns are standardised by
 * the first set.
 *
 * `twoSampleAccuracy` costs a fraction of it and sees as much of smooth differences; this one is for scores that are set
 * beside published ones.
 *
 * @param first, second [N, width] and [M, width] row by row; sets of equal size, or the larger share is an easy guess
 * @returns accuracy: 0.5 when the sets cannot be told apart, 1 when they always can; its noise is about 0.5 / sqrt(N + M)
 * @throws RangeError when rows are not whole or a set has fewer rows than folds
 *
 * Source: Lueckmann et al. 2021 (AISTATS, arXiv:2101.04653); Lopez-Paz & Oquab 2017 (ICLR, arXiv:1610.06545).
 */
export function c2st(
  first: Float64Array,
  second: Float64Array,
  width: number,
  options: C2stOptions = c2stDefaults,
): number {
  const [n, m] = [first.length / width, second.length / width]
  if (!Number.isInteger(n) || !Number.isInteger(m) || Math.min(n, m) < options.foldCount) {
    throw new RangeError(`c2st: ${first.length} and ${second.length} values in rows of ${width}`)
  }
  const points = standardised(first, second, width)
  const rng = createRng(options.seed)
  const rowAt = (row: number) => points.subarray(row * width, (row + 1) * width)
  // As the benchmark does: the mean of the folds' accuracies.
  let sum = 0
  for (const { taught, held } of foldsOf(n + m, options.foldCount, rng)) {
    const rows = new Float64Array(taught.length * width)
    taught.forEach((row, i) => {
      rows.set(rowAt(row), i * width)
    })
    const network = trainPerceptron(
      rows,
      taught.map(row => row >= n),
      width,
      rng,
      { ...perceptronDefaults, maxEpochs: options.maxEpochs, hiddenWidths: [UNITS * width, UNITS * width] },
    )
    sum += held.filter(row => network.logOdds(rowAt(row)) > 0 === row >= n).length / held.length
  }
  return sum / options.foldCount
}
