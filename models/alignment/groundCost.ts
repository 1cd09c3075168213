// What it costs to move one embedding onto another, and how the points of one set are related among themselves.
import * as tf from '@tensorflow/tfjs'
import { checkMatrix, type Matrix } from './transportProblem.ts'

export const costKinds = ['squaredEuclidean', 'cosine'] as const
/** `cosine` is 1 minus the cosine of the angle. */
export type CostKind = (typeof costKinds)[number]

/** Keeps the length of an embedding of zeros from dividing by 0. */
const TINY_SQUARE = 1e-12

/**
 * Costs between two sets of points.
 *
 * @param source [m, d] @param target [n, d]
 * @returns [m, n], at least 0
 * @throws RangeError when the widths differ or a value is not finite
 */
export function groundCost(source: Matrix, target: Matrix, kind: CostKind): Matrix {
  checkMatrix('groundCost, source', source)
  checkMatrix('groundCost, target', target)
  if (source.columns !== target.columns)
    throw new RangeError(`groundCost: source points have ${source.columns} values and target points ${target.columns}`)
  const width = source.columns
  const [x, y] = kind === 'cosine' ? [unitRows(source), unitRows(target)] : [source.values, target.values]
  // Half the squared distance of unit vectors is 1 minus their cosine, without its cancellation.
  const factor = kind === 'cosine' ? 0.5 : 1
  const values = new Float64Array(source.rows * target.rows)
  for (let i = 0; i < source.rows; i++) {
    for (let j = 0; j < target.rows; j++) {
      let sum = 0
      for (let d = 0; d < width; d++) sum += (x[i * width + d] - y[j * width + d]) ** 2
      values[i * target.rows + j] = factor * sum
    }
  }
  return { rows: source.rows, columns: target.rows, values }
}

/** Costs among the points of one set, [n, n]: what Gromov-Wasserstein compares. */
export const relationMatrix = (points: Matrix, kind: CostKind): Matrix => groundCost(points, points, kind)

function unitRows({ rows, columns, values }: Matrix): Float64Array {
  const unit = Float64Array.from(values)
  for (let i = 0; i < rows; i++) {
    const row = unit.subarray(i * columns, (i + 1) * columns)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, TINY_SQUARE))
    for (let d = 0; d < columns; d++) row[d] /= length
  }
  return unit
}

/** Rows scaled to length 1, in the graph; a row of zeros stays. @param points [n, d] */
export function unitTensor(points: tf.Tensor): tf.Tensor {
  const squares = tf.sum(tf.square(points), -1, true)
  return tf.mul(points, tf.rsqrt(tf.add(squares, TINY_SQUARE)))
}

/**
 * `groundCost` in the graph, so that a gradient flows to the embeddings.
 *
 * @param source [m, d] @param target [n, d]
 * @returns [m, n]
 */
export function costTensor(source: tf.Tensor, target: tf.Tensor, kind: CostKind): tf.Tensor {
  const [x, y] = kind === 'cosine' ? [unitTensor(source), unitTensor(target)] : [source, target]
  const products = tf.matMul(x as tf.Tensor2D, y as tf.Tensor2D, false, true)
  if (kind === 'cosine') return tf.sub(1, products)
  const squares = (points: tf.Tensor) => tf.sum(tf.square(points), -1)
  const sums = tf.add(squares(x).reshape([-1, 1]), squares(y).reshape([1, -1]))
  return tf.sub(sums, tf.mul(products, 2))
}
