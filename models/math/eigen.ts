// Eigenvectors of small symmetric matrices.

const MAX_SWEEPS = 60
/** Off-diagonal over diagonal, both squared and summed: nothing is left to turn. */
const CONVERGED = 1e-24

export interface Eigen {
  /** [size] falling. */
  readonly values: Float64Array
  /** [size][size] one unit vector a row, in the order of the values; the largest component of each is positive. */
  readonly vectors: Float64Array
}

/**
 * By cyclic Jacobi rotations.
 *
 * @param matrix [size * size] symmetric, all finite; left as it is
 * @throws RangeError when it does not converge, which a matrix of finite numbers always does
 * Source: Golub & Van Loan 2013, Matrix Computations, section 8.5.
 */
export function symmetricEigen(matrix: ArrayLike<number>, size: number): Eigen {
  const a = Float64Array.from(matrix)
  const v = new Float64Array(size * size)
  for (let i = 0; i < size; i++) v[i * size + i] = 1
  for (let sweep = 0; !isDiagonal(a, size); sweep++) {
    if (sweep === MAX_SWEEPS) throw new RangeError(`symmetricEigen: not converged after ${MAX_SWEEPS} sweeps`)
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q)
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => a[j * size + j] - a[i * size + i])
  const vectors = new Float64Array(size * size)
  order.forEach((from, to) => {
    let largest = 0
    for (let k = 0; k < size; k++) {
      const value = v[k * size + from]
      if (Math.abs(value) > Math.abs(largest)) largest = value
    }
    for (let k = 0; k < size; k++) vectors[to * size + k] = Math.sign(largest) * v[k * size + from]
  })
  return { values: Float64Array.from(order, i => a[i * size + i]), vectors }
}

function isDiagonal(a: Float64Array, size: number): boolean {
  let [on, off] = [0, 0]
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      const square = a[i * size + j] ** 2
      if (i === j) on += square
      else off += square
    }
  return off <= CONVERGED * on
}

/** Turns axes p and q until a_pq is zero. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]
  if (apq === 0) return
  const tau = (a[q * size + q] - a[p * size + p]) / (2 * apq)
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau))
  const c = 1 / Math.hypot(1, t)
  const s = t * c
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [a[k * size + p], a[k * size + q]]
    a[k * size + p] = c * kp - s * kq
    a[k * size + q] = s * kp + c * kq
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [a[p * size + k], a[q * size + k]]
    a[p * size + k] = c * pk - s * qk
    a[q * size + k] = s * pk + c * qk
    const [vp, vq] = [v[k * size + p], v[k * size + q]]
    v[k * size + p] = c * vp - s * vq
    v[k * size + q] = s * vp + c * vq
  }
}
