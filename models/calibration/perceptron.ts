// Calibration: a small network that tells two classes apart, taught until its loss falls no more, as scikit-learn does by default.
import type { Rng } from '../math/rng.ts'
import { shuffled } from './twoSample.ts'

export interface PerceptronOptions {
  /** Units of each hidden layer; they are rectified linear. */
  readonly hiddenWidths: readonly number[]
  readonly maxEpochs: number
  readonly batchRows: number
  readonly learningRate: number
  /** Weight of half the sum of squared weights, over the rows of a batch, in the loss. */
  readonly decay: number
  /** Training ends when more than `patientEpochs` in a row each fail to lower the best loss by this. */
  readonly tolerance: number
  readonly patientEpochs: number
}

/** What scikit-learn's MLPClassifier does when it is told nothing but the sizes. */
export const perceptronDefaults: Omit<PerceptronOptions, 'hiddenWidths'> = {
  maxEpochs: 200,
  batchRows: 200,
  learningRate: 1e-3,
  decay: 1e-4,
  tolerance: 1e-4,
  patientEpochs: 10,
}

export interface Perceptron {
  /** Log odds of the second class. @param point [width] */
  logOdds(point: Float64Array): number
  readonly epochCount: number
}

/** One layer: weights [from, to] row by row, then [to] biases, with the gradient and Adam's two means of each. */
interface Layer {
  readonly from: number
  readonly to: number
  readonly values: Float64Array
  readonly gradient: Float64Array
  readonly mean: Float64Array
  readonly square: Float64Array
  /** [to] what the layer gave for the last point, and the slope of the loss on it. */
  readonly out: Float64Array
  readonly slope: Float64Array
}

/**
 * Trains on rows of points by Adam on the mean log loss.
 *
 * @param points [N, width] row by row; @param isSecond the class of each row
 * @throws RangeError when the points are not so many rows
 */
export function trainPerceptron(
  points: Float64Array,
  isSecond: readonly boolean[],
  width: number,
  rng: Rng,
  options: PerceptronOptions,
): Perceptron {
  if (points.length !== isSecond.length * width) {
    throw new RangeError(`trainPerceptron: ${points.length} values for ${isSecond.length} rows of ${width}`)
  }
  const sizes = [width, ...options.hiddenWidths, 1]
  const layers = sizes.slice(1).map((to, i) => createLayer(sizes[i], to, rng))
  const batchRows = Math.min(options.batchRows, isSecond.length)
  let [best, idle, epoch, step] = [Infinity, 0, 0, 0]
  while (epoch < options.maxEpochs && idle <= options.patientEpochs) {
    const order = shuffled(isSecond.length, rng)
    let loss = 0
    for (let start = 0; start < order.length; start += batchRows) {
      const rows = order.slice(start, start + batchRows)
      for (const layer of layers) layer.gradient.fill(0)
      for (const row of rows) {
        const point = points.subarray(row * width, (row + 1) * width)
        const odds = forward(layers, point)
        // log(1 + exp(-odds)) for the second class, log(1 + exp(odds)) for the first, without overflow.
        const wrong = isSecond[row] ? -odds : odds
        loss += Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong)))
        backward(layers, point, 1 / (1 + Math.exp(-odds)) - (isSecond[row] ? 1 : 0))
      }
      step++
      loss += update(layers, rows.length, step, options) * rows.length
    }
    epoch++
    loss /= order.length
    idle = loss > best - options.tolerance ? idle + 1 : 0
    best = Math.min(best, loss)
  }
  return { logOdds: point => forward(layers, point), epochCount: epoch }
}

/** Uniform weights and biases of the width that keeps variances level (Glorot & Bengio 2010). */
function createLayer(from: number, to: number, rng: Rng): Layer {
  const bound = Math.sqrt(6 / (from + to))
  const values = Float64Array.from({ length: (from + 1) * to }, () => bound * (2 * rng.uniform() - 1))
  const zeros = () => new Float64Array(values.length)
  return {
    from,
    to,
    values,
    gradient: zeros(),
    mean: zeros(),
    square: zeros(),
    out: new Float64Array(to),
    slope: new Float64Array(to),
  }
}

function forward(layers: readonly Layer[], point: Float64Array): number {
  let input = point
  for (let l = 0; l < layers.length; l++) {
    const { from, to, values, out } = layers[l]
    for (let k = 0; k < to; k++) out[k] = values[from * to + k]
    for (let j = 0; j < from; j++) {
      const value = input[j]
      // Half of the units are silent: their rows are passed over.
      if (value === 0) continue
      const row = j * to
      for (let k = 0; k < to; k++) out[k] += value * values[row + k]
    }
    if (l < layers.length - 1) for (let k = 0; k < to; k++) if (out[k] < 0) out[k] = 0
    input = out
  }
  return input[0]
}

/** Adds the gradient of one point's loss, whose slope on the log odds is `error`. */
function backward(layers: readonly Layer[], point: Float64Array, error: number): void {
  layers[layers.length - 1].slope[0] = error
  for (let l = layers.length - 1; l >= 0; l--) {
    const { from, to, values, gradient, slope } = layers[l]
    const input = l === 0 ? point : layers[l - 1].out
    for (let k = 0; k < to; k++) gradient[from * to + k] += slope[k]
    for (let j = 0; j < from; j++) {
      const value = input[j]
      if (value === 0) {
        if (l > 0) layers[l - 1].slope[j] = 0
        continue
      }
      const row = j * to
      let back = 0
      for (let k = 0; k < to; k++) {
        gradient[row + k] += value * slope[k]
        back += values[row + k] * slope[k]
      }
      if (l > 0) layers[l - 1].slope[j] = back
    }
  }
}

/** One step of Adam (Kingma & Ba 2015). @returns the penalty on the weights, before the step, a row of the batch */
function update(layers: readonly Layer[], rowCount: number, step: number, options: PerceptronOptions): number {
  const rate = (options.learningRate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step)
  let penalty = 0
  for (const { from, to, values, gradient, mean, square } of layers) {
    for (let i = 0; i < values.length; i++) {
      let slope = gradient[i] / rowCount
      if (i < from * to) {
        penalty += values[i] * values[i]
        slope += (options.decay * values[i]) / rowCount
      }
      mean[i] = 0.9 * mean[i] + 0.1 * slope
      square[i] = 0.999 * square[i] + 0.001 * slope * slope
      values[i] -= (rate * mean[i]) / (Math.sqrt(square[i]) + 1e-8)
    }
  }
  return (0.5 * options.decay * penalty) / rowCount
}
