// Calibration: can a classifier tell two sets of samples apart? Accuracy 0.5 says it cannot (C2ST).
import { createRng, type Rng } from '../math/rng.ts'

export interface TwoSampleOptions {
  /** Each point is judged by a classifier that has not seen it. */
  readonly foldCount: number
  readonly hiddenWidth: number
  readonly epochCount: number
  readonly seed: number
}

export const twoSampleDefaults: TwoSampleOptions = { foldCount: 5, hiddenWidth: 24, epochCount: 40, seed: 1 }

const BATCH = 64
const LEARNING_RATE = 3e-3

/**
 * Classifier two-sample test: cross-validated accuracy of a small network (two hidden layers of tanh) that is
 * taught to tell first from second. Columns are standardised by the first set.
 *
 * @param first, second [N x P] and [M x P] row by row; use sets of equal size, or the larger share is an easy guess
 * @returns accuracy: 0.5 when the sets cannot be told apart, 1 when they always can; its noise is 0.5 / sqrt(N + M)
 * @throws RangeError when rows are not whole or a set has fewer rows than folds
 *
 * Source: Lopez-Paz & Oquab 2017 (ICLR, arXiv:1610.06545); as a score of posteriors, Lueckmann et al. 2021 (AISTATS).
 */
export function twoSampleAccuracy(
  first: Float64Array,
  second: Float64Array,
  width: number,
  options: TwoSampleOptions = twoSampleDefaults,
): number {
  const [n, m] = [first.length / width, second.length / width]
  if (!Number.isInteger(n) || !Number.isInteger(m) || Math.min(n, m) < options.foldCount) {
    throw new RangeError(`twoSampleAccuracy: ${first.length} and ${second.length} values in rows of ${width}`)
  }
  const points = standardised(first, second, width)
  const rng = createRng(options.seed)
  let correct = 0
  for (const { taught, held } of foldsOf(n + m, options.foldCount, rng)) {
    const learned = trained(taught, points, n, width, options, rng)
    for (const row of held) {
      const says = forward(learned, points.subarray(row * width, (row + 1) * width))
      if (says > 0 === row >= n) correct++
    }
  }
  return correct / (n + m)
}

/** Weights of the three layers in one array, with the activations of the last forward pass beside them. */
interface Network {
  readonly width: number
  readonly hidden: number
  readonly weights: Float64Array
  readonly first: Float64Array
  readonly second: Float64Array
}

function createNetwork(width: number, hidden: number, rng: Rng): Network {
  const weights = new Float64Array((width + 1) * hidden + (hidden + 1) * hidden + hidden + 1)
  const [end1, end2] = [(width + 1) * hidden, (width + 1) * hidden + (hidden + 1) * hidden]
  // Biases begin at zero; each is the last weight of its unit.
  for (let i = 0; i < weights.length; i++) {
    const fanIn = i < end1 ? width : hidden
    const within = i < end1 ? i : i < end2 ? i - end1 : i - end2
    weights[i] = within % (fanIn + 1) === fanIn ? 0 : rng.normal() / Math.sqrt(fanIn)
  }
  return { width, hidden, weights, first: new Float64Array(hidden), second: new Float64Array(hidden) }
}

/** Log odds of the second set. */
function forward(network: Network, point: Float64Array): number {
  const { width, hidden, weights, first, second } = network
  let at = 0
  for (let h = 0; h < hidden; h++) {
    let sum = 0
    for (let p = 0; p < width; p++) sum += weights[at++] * point[p]
    first[h] = Math.tanh(sum + weights[at++])
  }
  for (let h = 0; h < hidden; h++) {
    let sum = 0
    for (let j = 0; j < hidden; j++) sum += weights[at++] * first[j]
    second[h] = Math.tanh(sum + weights[at++])
  }
  let odds = 0
  for (let j = 0; j < hidden; j++) odds += weights[at++] * second[j]
  return odds + weights[at]
}

/** Adds the gradient of one point's log loss. */
function backward(network: Network, point: Float64Array, error: number, gradient: Float64Array): void {
  const { width, hidden, weights, first, second } = network
  const base2 = (width + 1) * hidden
  const base3 = base2 + (hidden + 1) * hidden
  const fromFirst = new Float64Array(hidden)
  for (let h = 0; h < hidden; h++) {
    gradient[base3 + h] += error * second[h]
    const slope = error * weights[base3 + h] * (1 - second[h] ** 2)
    const row = base2 + h * (hidden + 1)
    for (let j = 0; j < hidden; j++) {
      gradient[row + j] += slope * first[j]
      fromFirst[j] += slope * weights[row + j]
    }
    gradient[row + hidden] += slope
  }
  gradient[base3 + hidden] += error
  for (let h = 0; h < hidden; h++) {
    const slope = fromFirst[h] * (1 - first[h] ** 2)
    const row = h * (width + 1)
    for (let p = 0; p < width; p++) gradient[row + p] += slope * point[p]
    gradient[row + width] += slope
  }
}

/** Adam (Kingma & Ba 2015) with a rate that falls to zero along a cosine. */
function trained(
  rows: readonly number[],
  points: Float64Array,
  firstCount: number,
  width: number,
  options: TwoSampleOptions,
  rng: Rng,
): Network {
  const network = createNetwork(width, options.hiddenWidth, rng)
  const { weights } = network
  const [gradient, mean, square] = [weights.map(() => 0), weights.map(() => 0), weights.map(() => 0)]
  const stepCount = options.epochCount * Math.ceil(rows.length / BATCH)
  let step = 0
  for (let epoch = 0; epoch < options.epochCount; epoch++) {
    const order = shuffled(rows.length, rng)
    for (let start = 0; start < rows.length; start += BATCH) {
      const batch = order.slice(start, start + BATCH)
      gradient.fill(0)
      for (const place of batch) {
        const row = rows[place]
        const point = points.subarray(row * width, (row + 1) * width)
        const odds = forward(network, point)
        backward(network, point, (1 / (1 + Math.exp(-odds)) - (row >= firstCount ? 1 : 0)) / batch.length, gradient)
      }
      step++
      const rate = LEARNING_RATE * 0.5 * (1 + Math.cos((Math.PI * step) / stepCount))
      for (let i = 0; i < weights.length; i++) {
        mean[i] = 0.9 * mean[i] + 0.1 * gradient[i]
        square[i] = 0.999 * square[i] + 0.001 * gradient[i] ** 2
        weights[i] -= (rate * (mean[i] / (1 - 0.9 ** step))) / (Math.sqrt(square[i] / (1 - 0.999 ** step)) + 1e-8)
      }
    }
  }
  return network
}

/** Both sets one below the other, columns standardised by the first: [N + M, width]. */
export function standardised(first: Float64Array, second: Float64Array, width: number): Float64Array {
  const n = first.length / width
  const means = new Float64Array(width)
  const squares = new Float64Array(width)
  first.forEach((value, i) => {
    means[i % width] += value / n
  })
  first.forEach((value, i) => {
    squares[i % width] += (value - means[i % width]) ** 2 / n
  })
  const both = new Float64Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  // A column that never changes in the first set stays as it is: its scale says nothing.
  return both.map(
    (value, i) => (value - means[i % width]) / (squares[i % width] > 0 ? Math.sqrt(squares[i % width]) : 1),
  )
}

export interface Fold {
  readonly taught: readonly number[]
  readonly held: readonly number[]
}

/** Rows by chance in so many folds, each held out once. */
export function foldsOf(count: number, foldCount: number, rng: Rng): readonly Fold[] {
  const order = shuffled(count, rng)
  return Array.from({ length: foldCount }, (_, fold) => ({
    taught: order.filter((_, place) => place % foldCount !== fold),
    held: order.filter((_, place) => place % foldCount === fold),
  }))
}

/** The whole numbers below `count` in the order of chance. */
export function shuffled(count: number, rng: Rng): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = rng.integer(i + 1)
    const kept = order[i]
    order[i] = order[j]
    order[j] = kept
  }
  return order
}
