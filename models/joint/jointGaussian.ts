// The normal distribution with a table's means and covariances, and what it says of any variables given any others. The
// network is left what this gets wrong.
import { factorInPlace, solveLowerInPlace, solveUpperInPlace } from '../math/cholesky.ts'
import { type Axes, axesOf } from '../math/symmetricAxes.ts'

export interface Gaussian {
  /** [V] */
  readonly mean: Float64Array
  /** [V, V] */
  readonly covariance: Float64Array
}

/** Added to each variance, of about 1: variables may be copies of one another. */
const RIDGE = 1e-6

/** @param rows [N, V] */
export function fitGaussian(rows: Float64Array, width: number): Gaussian {
  const count = rows.length / width
  const mean = new Float64Array(width)
  for (let i = 0; i < rows.length; i++) mean[i % width] += rows[i] / count
  const covariance = new Float64Array(width * width)
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < width; i++) {
      const left = rows[r * width + i] - mean[i]
      for (let j = 0; j <= i; j++) covariance[i * width + j] += (left * (rows[r * width + j] - mean[j])) / count
    }
  }
  for (let i = 0; i < width; i++) {
    covariance[i * width + i] += RIDGE
    for (let j = 0; j < i; j++) covariance[j * width + i] = covariance[i * width + j]
  }
  return { mean, covariance }
}

/**
 * The Gaussian of a directed graph: each variable a regression on those it is drawn from, and on nothing else. Where
 * that is how the rows were made, slopes that are nothing are not estimated.
 *
 * @param rows [N, V]; @param parents [V] of each variable those that it is drawn from, in no circle
 * @throws RangeError when the graph has a circle
 */
export function fitAlongGraph(rows: Float64Array, parents: readonly (readonly number[])[]): Gaussian {
  const width = parents.length
  const whole = fitGaussian(rows, width)
  const covariance = new Float64Array(width * width)
  const done: number[] = []
  while (done.length < width) {
    const next = parents.findIndex((own, i) => !done.includes(i) && own.every(parent => done.includes(parent)))
    if (next < 0) throw new RangeError('fitAlongGraph: the graph has a circle')
    const own = parents[next]
    const { slopes, covariance: left } = regressOn(whole, width, [next], own)
    for (const other of done) {
      const value = own.reduce((sum, parent, k) => sum + slopes[k] * covariance[parent * width + other], 0)
      covariance[next * width + other] = value
      covariance[other * width + next] = value
    }
    const explained = own.reduce((sum, parent, k) => sum + slopes[k] * covariance[next * width + parent], 0)
    covariance[next * width + next] = left[0] + explained
    done.push(next)
  }
  return { mean: whole.mean, covariance }
}

/** Mean log density of rows [N, V], without the constant of a standard normal. */
export function meanLogDensity({ mean, covariance }: Gaussian, rows: Float64Array): number {
  const width = mean.length
  const factor = covariance.slice()
  if (!factorInPlace(factor, width)) return Number.NEGATIVE_INFINITY
  let logDeterminant = 0
  for (let i = 0; i < width; i++) logDeterminant += 2 * Math.log(factor[i * width + i])
  const away = new Float64Array(width)
  let squares = 0
  for (let r = 0; r < rows.length; r += width) {
    for (let i = 0; i < width; i++) away[i] = rows[r + i] - mean[i]
    solveLowerInPlace(factor, width, away)
    for (let i = 0; i < width; i++) squares += away[i] * away[i]
  }
  return -0.5 * (logDeterminant + squares / (rows.length / width))
}

/** How what is asked depends on what is given, whatever the values. */
export interface Regression {
  readonly asked: readonly number[]
  readonly given: readonly number[]
  /** [A, G] */
  readonly slopes: Float64Array
  /** [A, A] */
  readonly covariance: Float64Array
  /** Of the covariance: along each, noise is taken away by itself. */
  readonly axes: Axes
}

/** @throws RangeError when the covariance of the given variables is not positive definite */
export function regressOn(
  { covariance }: Gaussian,
  width: number,
  asked: readonly number[],
  given: readonly number[],
): Regression {
  const [a, g] = [asked.length, given.length]
  const factor = new Float64Array(g * g)
  given.forEach((i, r) => {
    given.forEach((j, c) => {
      factor[r * g + c] = covariance[i * width + j]
    })
  })
  if (!factorInPlace(factor, g)) throw new RangeError('regressOn: the covariance is not positive definite')
  const slopes = new Float64Array(a * g)
  asked.forEach((i, r) => {
    const row = Float64Array.from(given, j => covariance[i * width + j])
    solveLowerInPlace(factor, g, row)
    solveUpperInPlace(factor, g, row)
    slopes.set(row, r * g)
  })
  const left = new Float64Array(a * a)
  for (let r = 0; r < a; r++) {
    for (let c = 0; c <= r; c++) {
      let value = covariance[asked[r] * width + asked[c]]
      for (let k = 0; k < g; k++) value -= slopes[r * g + k] * covariance[given[k] * width + asked[c]]
      left[r * a + c] = value
      left[c * a + r] = value
    }
  }
  return { asked, given, slopes, covariance: left, axes: axesOf(left, a) }
}

/** [A] expected values of what is asked. @param values [G] of what is given, in its order */
export function expectedValues({ mean }: Gaussian, regression: Regression, values: ArrayLike<number>): Float64Array {
  const { asked, given, slopes } = regression
  return Float64Array.from(asked, (i, r) => {
    let value = mean[i]
    for (let k = 0; k < given.length; k++) value += slopes[r * given.length + k] * (values[k] - mean[given[k]])
    return value
  })
}

/** What remains to be done at a noise level once the Gaussian has denoised, for any noisy values. */
export interface Shrinkage {
  readonly sigma: number
  readonly axes: Axes
  /** [A] share of what a noisy value is away, along an axis, that is kept. */
  readonly gains: Float64Array
  /** [A] standard deviation of the clean values about the Gaussian's guess. */
  readonly residualSd: Float64Array
  /** [A] standard deviation of the noisy values. */
  readonly noisySd: Float64Array
}

/** @throws RangeError when a noise level is not above zero */
export function shrinkageAt({ covariance, axes }: Regression, sigma: number): Shrinkage {
  if (!(sigma > 0)) throw new RangeError(`shrinkageAt: no noise level can be ${sigma}`)
  const { vectors, values } = axes
  const a = values.length
  const variance = sigma * sigma
  const gains = new Float64Array(a)
  const residualSd = new Float64Array(a)
  const noisySd = new Float64Array(a)
  for (let k = 0; k < a; k++) {
    // Rounding must not make a variance less than nothing.
    gains[k] = Math.max(LEAST_GAIN, values[k] / (values[k] + variance))
    for (let i = 0; i < a; i++) residualSd[i] += gains[k] * vectors[k * a + i] * vectors[k * a + i]
  }
  for (let i = 0; i < a; i++) {
    residualSd[i] = sigma * Math.sqrt(residualSd[i])
    noisySd[i] = Math.sqrt(covariance[i * a + i] + variance)
  }
  return { sigma, axes, gains, residualSd, noisySd }
}

const LEAST_GAIN = 1e-8

/**
 * The Gaussian's guess of the clean values.
 *
 * @param noisy [A]; @param centre [A] expected values; @param out [A] receives the guess
 */
export function denoiseGaussian(
  { axes: { vectors }, gains }: Shrinkage,
  noisy: ArrayLike<number>,
  centre: ArrayLike<number>,
  out: Float64Array,
): void {
  const a = centre.length
  for (let i = 0; i < a; i++) out[i] = centre[i]
  for (let k = 0; k < a; k++) {
    let along = 0
    for (let i = 0; i < a; i++) along += vectors[k * a + i] * (noisy[i] - centre[i])
    along *= gains[k]
    for (let i = 0; i < a; i++) out[i] += along * vectors[k * a + i]
  }
}
