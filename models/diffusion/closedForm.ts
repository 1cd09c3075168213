// Distributions whose score is known: mixtures of Gaussians under noise, and whatever is asked of them given some values.
import * as tf from '@tensorflow/tfjs'
import { factorInPlace, invertInto, solveLowerInPlace } from '../math/cholesky.ts'
import { indexAt, type Rng } from '../math/rng.ts'
import { logSumExp } from '../math/special.ts'

export interface GaussianPart {
  /** Weights of a mixture's parts sum to 1. */
  readonly weight: number
  /** [D] */
  readonly mean: readonly number[]
  /** [D][D] positive definite */
  readonly covariance: readonly (readonly number[])[]
}

export type GaussianMixture = readonly GaussianPart[]

const LOG_2PI = Math.log(2 * Math.PI)

/** Cholesky factor of a covariance with variance sigma^2 added to each coordinate. */
function factorOf(covariance: readonly (readonly number[])[], sigma: number): Float64Array {
  const size = covariance.length
  const factor = Float64Array.from(covariance.flat())
  for (let i = 0; i < size; i++) factor[i * (size + 1)] += sigma ** 2
  if (!factorInPlace(factor, size)) throw new RangeError('closedForm: a covariance is not positive definite')
  return factor
}

/** Log density of one noisy Gaussian, and what its deviation becomes under the inverse covariance. */
function lookAt(part: GaussianPart, x: ArrayLike<number>, sigma: number) {
  const size = part.mean.length
  const factor = factorOf(part.covariance, sigma)
  const deviation = Float64Array.from(part.mean, (m, i) => x[i] - m)
  const whitened = deviation.slice()
  solveLowerInPlace(factor, size, whitened)
  let logDensity = -0.5 * size * LOG_2PI
  for (let i = 0; i < size; i++) logDensity -= Math.log(factor[i * (size + 1)]) + 0.5 * whitened[i] ** 2
  const inverse = new Float64Array(size * size)
  invertInto(factor, size, inverse)
  const pulled = part.mean.map((_, i) => deviation.reduce((sum, d, j) => sum + inverse[i * size + j] * d, 0))
  return { logDensity, pulled }
}

/** log p(x) of the mixture with noise of variance sigma^2 on each coordinate. */
export function mixtureLogDensity(mixture: GaussianMixture, x: ArrayLike<number>, sigma: number): number {
  return logSumExp(mixture.map(part => Math.log(part.weight) + lookAt(part, x, sigma).logDensity))
}

/** [D] gradient of `mixtureLogDensity` in x. The clean value expected of x is x + sigma^2 of it (Tweedie's formula). */
export function mixtureScore(mixture: GaussianMixture, x: ArrayLike<number>, sigma: number): number[] {
  const parts = mixture.map(part => lookAt(part, x, sigma))
  const logs = parts.map(({ logDensity }, k) => Math.log(mixture[k].weight) + logDensity)
  const total = logSumExp(logs)
  return Array.from({ length: mixture[0].mean.length }, (_, i) =>
    parts.reduce((sum, { pulled }, k) => sum - Math.exp(logs[k] - total) * pulled[i], 0),
  )
}

/**
 * p(asked | given) of a mixture, whatever is neither left out.
 *
 * @param asked coordinates, in the order of the result's
 * @param given value by coordinate
 */
export function conditionMixture(
  mixture: GaussianMixture,
  asked: readonly number[],
  given: ReadonlyMap<number, number>,
): GaussianMixture {
  const known = [...given.keys()]
  const values = [...given.values()]
  const parts = mixture.map(({ weight, mean, covariance }) => {
    const block = (rows: readonly number[], columns: readonly number[]) =>
      rows.map(i => columns.map(j => covariance[i][j]))
    const own = { mean: asked.map(i => mean[i]), covariance: block(asked, asked) }
    if (known.length === 0) return { logWeight: Math.log(weight), ...own }
    const seen = { weight, mean: known.map(i => mean[i]), covariance: block(known, known) }
    const { logDensity, pulled } = lookAt(seen, values, 0)
    const inverse = new Float64Array(known.length ** 2)
    invertInto(factorOf(seen.covariance, 0), known.length, inverse)
    const across = block(asked, known)
    const gain = across.map(row =>
      known.map((_, j) => row.reduce((sum, c, l) => sum + c * inverse[l * known.length + j], 0)),
    )
    return {
      logWeight: Math.log(weight) + logDensity,
      mean: own.mean.map((m, i) => m + across[i].reduce((sum, c, j) => sum + c * pulled[j], 0)),
      covariance: own.covariance.map((row, i) =>
        row.map((c, l) => c - gain[i].reduce((sum, g, j) => sum + g * across[l][j], 0)),
      ),
    }
  })
  const total = logSumExp(parts.map(({ logWeight }) => logWeight))
  return parts.map(({ logWeight, mean, covariance }) => ({ weight: Math.exp(logWeight - total), mean, covariance }))
}

/**
 * The denoiser of a mixture for samplers: noisy [S, D] and sigma -> expected clean values [S, D], in float32.
 */
export function mixtureDenoiser(mixture: GaussianMixture): (x: tf.Tensor, sigma: number) => tf.Tensor {
  const size = mixture[0].mean.length
  return (x, sigma) => {
    const parts = mixture.map(({ weight, mean, covariance }) => {
      const factor = factorOf(covariance, sigma)
      const inverse = new Float64Array(size * size)
      invertInto(factor, size, inverse)
      // Covariance times inverse, without the loss of digits of 1 - sigma^2 inverse.
      const gain = covariance.map(row =>
        mean.map((_, j) => row.reduce((sum, c, l) => sum + c * inverse[l * size + j], 0)),
      )
      const deviation = tf.sub(x, tf.tensor2d([[...mean]]))
      const times = (m: number[][]) => tf.matMul(deviation as tf.Tensor2D, tf.tensor2d(m))
      const transposed = mean.map((_, i) => mean.map((__, j) => gain[j][i]))
      const rows = mean.map((_, i) => Array.from(inverse.subarray(i * size, (i + 1) * size)))
      const halfLogDet = mean.reduce((sum, _, i) => sum + Math.log(factor[i * (size + 1)]), 0)
      const logShare = tf.add(
        tf.mul(tf.sum(tf.mul(times(rows), deviation), 1, true), -0.5),
        Math.log(weight) - halfLogDet,
      )
      return { clean: tf.add(times(transposed), tf.tensor2d([[...mean]])), logShare }
    })
    const shares = tf.softmax(
      tf.concat(
        parts.map(({ logShare }) => logShare),
        1,
      ) as tf.Tensor2D,
    )
    return parts
      .map(({ clean }, k) => tf.mul(clean, tf.slice(shares, [0, k], [-1, 1])))
      .reduce((sum, term) => tf.add(sum, term))
  }
}

/** Fills out [D] with a draw. */
export function drawMixture(mixture: GaussianMixture, rng: Rng, out: Float64Array): void {
  const shares = mixture.map(({ weight }) => weight)
  const part = mixture[indexAt(shares, rng.uniform())]
  const size = out.length
  const factor = factorOf(part.covariance, 0)
  const normals = out.map(() => rng.normal())
  for (let i = 0; i < size; i++) {
    out[i] = part.mean[i]
    for (let j = 0; j <= i; j++) out[i] += factor[i * size + j] * normals[j]
  }
}
