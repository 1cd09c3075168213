// Cubic splines through given points, for laws that are published as such.
import { intervalOf } from './grid.ts'

/** Ends of a spline: the second derivative vanishes there, or the first two pieces (and the last two) are one cubic. */
export type SplineEnds = 'natural' | 'notAKnot'

export interface CubicSpline {
  /** Beyond the first and last point the outermost cubic goes on. */
  value(x: number): number
  slope(x: number): number
}

/**
 * Cubic spline through the points, twice continuously differentiable.
 *
 * @param xs ascending, at least 4
 * @throws RangeError when there are fewer points, the lengths differ or xs do not ascend
 *
 * Accuracy: fourth order in the spacing inside, second order near natural ends.
 */
export function cubicSpline(xs: ArrayLike<number>, ys: ArrayLike<number>, ends: SplineEnds): CubicSpline {
  const n = xs.length
  if (n < 4 || ys.length !== n) throw new RangeError(`cubicSpline: needs 4 points, got ${n} x and ${ys.length} y`)
  const h = Float64Array.from({ length: n - 1 }, (_, i) => xs[i + 1] - xs[i])
  if (!h.every(step => step > 0)) throw new RangeError('cubicSpline: xs do not ascend')
  // Tridiagonal system for the second derivatives m; with not-a-knot ends m[0] and m[n-1] are eliminated first.
  const low = new Float64Array(n)
  const diagonal = new Float64Array(n)
  const high = new Float64Array(n)
  const m = new Float64Array(n)
  for (let i = 1; i < n - 1; i++) {
    low[i] = h[i - 1]
    diagonal[i] = 2 * (h[i - 1] + h[i])
    high[i] = h[i]
    m[i] = 6 * ((ys[i + 1] - ys[i]) / h[i] - (ys[i] - ys[i - 1]) / h[i - 1])
  }
  if (ends === 'notAKnot') {
    const first = h[0] / h[1]
    diagonal[1] += low[1] * (1 + first)
    high[1] -= low[1] * first
    const last = h[n - 2] / h[n - 3]
    diagonal[n - 2] += high[n - 2] * (1 + last)
    low[n - 2] -= high[n - 2] * last
  }
  for (let i = 2; i < n - 1; i++) {
    const factor = low[i] / diagonal[i - 1]
    diagonal[i] -= factor * high[i - 1]
    m[i] -= factor * m[i - 1]
  }
  m[n - 2] /= diagonal[n - 2]
  for (let i = n - 3; i >= 1; i--) m[i] = (m[i] - high[i] * m[i + 1]) / diagonal[i]
  if (ends === 'notAKnot') {
    m[0] = m[1] - (h[0] / h[1]) * (m[2] - m[1])
    m[n - 1] = m[n - 2] + (h[n - 2] / h[n - 3]) * (m[n - 2] - m[n - 3])
  }
  return {
    value(x) {
      const i = intervalOf(xs, x)
      const a = xs[i + 1] - x
      const b = x - xs[i]
      const linear = (ys[i] / h[i] - (m[i] * h[i]) / 6) * a + (ys[i + 1] / h[i] - (m[i + 1] * h[i]) / 6) * b
      return (m[i] * a ** 3 + m[i + 1] * b ** 3) / (6 * h[i]) + linear
    },
    slope(x) {
      const i = intervalOf(xs, x)
      const a = xs[i + 1] - x
      const b = x - xs[i]
      const curve = (m[i + 1] * b ** 2 - m[i] * a ** 2) / (2 * h[i])
      return curve + (ys[i + 1] - ys[i]) / h[i] - ((m[i + 1] - m[i]) * h[i]) / 6
    },
  }
}
