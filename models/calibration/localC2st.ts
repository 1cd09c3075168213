// Calibration at one point: whether the posterior of a given observation, and not that of all on average, is right.
import { createRng, type Rng } from '../math/rng.ts'
import { type Perceptron, perceptronDefaults, trainPerceptron } from './perceptron.ts'
import { standardised } from './twoSample.ts'

/** Rows of equal number: an observation, its true parameters, and one draw of its posterior. */
export interface LocalPairs {
  readonly dimension: number
  readonly width: number
  /** [N x dimension] */
  readonly truths: Float64Array
  /** [N x dimension] one draw of each row's posterior. */
  readonly draws: Float64Array
  /** [N x width] */
  readonly observations: Float64Array
}

/** An observation with draws of its posterior. */
export interface LocalPoint {
  /** [width] */
  readonly observation: Float64Array
  /** [S x dimension] */
  readonly draws: Float64Array
}

export interface LocalOptions {
  /** Classifiers taught on exchanged rows, as many as decide the finest p-value: 1 / (count + 1). */
  readonly nullCount: number
  /** Units of each of two hidden layers, a column of the classifier. */
  readonly units: number
  readonly maxEpochs: number
  readonly seed: number
}

export const localDefaults: LocalOptions = { nullCount: 50, units: 4, maxEpochs: 60, seed: 1 }

export interface LocalTest {
  /** Mean over the draws of the squared distance of the classifier's probability from a half: 0 where it is at a loss. */
  readonly statistic: number
  readonly pValue: number
}

/**
 * Tells truths from draws by a classifier that also sees the observation, and asks it at single observations. Where it can
 * tell there, the posterior is wrong there. How far it strays from a half by chance alone is learned from classifiers for
 * which each row's truth and draw changed places or not by the toss of a coin, which alters nothing where posteriors are right.
 *
 * @returns a test of each point; p-values of one point are uniform where all posteriors are right
 * @throws RangeError when lengths do not fit
 *
 * Source: Linhart, Gramfort & Rodrigues 2023 (NeurIPS, arXiv:2306.03580), algorithms 1 and 2 with their permuted labels;
 * coins are tossed row by row, so that each observation stays in both classes.
 */
export async function localC2st(
  pairs: LocalPairs,
  points: readonly LocalPoint[],
  options: LocalOptions,
  signal?: AbortSignal,
): Promise<LocalTest[]> {
  const { dimension, width, truths, draws, observations } = pairs
  const count = truths.length / dimension
  if (!Number.isInteger(count) || draws.length !== truths.length || observations.length !== count * width) {
    throw new RangeError(`localC2st: ${truths.length} truths, ${draws.length} draws, ${observations.length} observed`)
  }
  for (const point of points) {
    if (point.observation.length === width && point.draws.length % dimension === 0 && point.draws.length > 0) continue
    throw new RangeError(`localC2st: a point of ${point.observation.length} observed and ${point.draws.length} drawn`)
  }
  const columns = dimension + width
  const first = joined(truths, observations, dimension, width)
  const both = standardised(first, joined(draws, observations, dimension, width), columns)
  const asked = points.map(({ observation, draws: of }) => {
    const repeated = new Float64Array((of.length / dimension) * width)
    for (let at = 0; at < repeated.length; at += width) repeated.set(observation, at)
    return standardised(first, joined(of, repeated, dimension, width), columns).subarray(first.length)
  })
  const rng = createRng(options.seed)
  const plain = Array.from({ length: 2 * count }, (_, row) => row >= count)
  const found = statistics(teach(both, plain, columns, options, rng), asked, columns)
  const exceeded = points.map(() => 0)
  for (let k = 0; k < options.nullCount; k++) {
    // A pause for timers and signals: teaching holds the thread.
    await new Promise(resolve => setImmediate(resolve))
    signal?.throwIfAborted()
    const isSecond = [...plain]
    for (let row = 0; row < count; row++) {
      const isExchanged = rng.uniform() < 0.5
      isSecond[row] = isExchanged
      isSecond[row + count] = !isExchanged
    }
    statistics(teach(both, isSecond, columns, options, rng), asked, columns).forEach((one, p) => {
      if (one >= found[p]) exceeded[p]++
    })
  }
  return found.map((statistic, p) => ({ statistic, pValue: (1 + exceeded[p]) / (options.nullCount + 1) }))
}

function teach(rows: Float64Array, isSecond: readonly boolean[], columns: number, options: LocalOptions, rng: Rng) {
  const hidden = options.units * columns
  return trainPerceptron(rows, isSecond, columns, rng, {
    ...perceptronDefaults,
    maxEpochs: options.maxEpochs,
    hiddenWidths: [hidden, hidden],
    learningRate: 3e-3,
  })
}

function statistics(network: Perceptron, asked: readonly Float64Array[], columns: number): number[] {
  return asked.map(rows => {
    let sum = 0
    for (let at = 0; at < rows.length; at += columns) {
      sum += (1 / (1 + Math.exp(-network.logOdds(rows.subarray(at, at + columns)))) - 0.5) ** 2
    }
    return sum / (rows.length / columns)
  })
}

function joined(left: Float64Array, right: Float64Array, leftWidth: number, rightWidth: number): Float64Array {
  const count = left.length / leftWidth
  const width = leftWidth + rightWidth
  const rows = new Float64Array(count * width)
  for (let row = 0; row < count; row++) {
    rows.set(left.subarray(row * leftWidth, (row + 1) * leftWidth), row * width)
    rows.set(right.subarray(row * rightWidth, (row + 1) * rightWidth), row * width + leftWidth)
  }
  return rows
}
