// Symmetric positive definite matrices, row-major, small enough to be dense.

/**
 * Replaces the lower triangle of a symmetric matrix by its Cholesky factor L, A = L L^T.
 *
 * @param a [size * size]; only the lower triangle is read and written
 * @returns false when the matrix is not positive definite, which leaves it half done
 */
export function factorInPlace(a: Float64Array, size: number): boolean {
  for (let i = 0; i < size; i++) {
    const rowI = i * size
    for (let j = 0; j <= i; j++) {
      const rowJ = j * size
      const sum = a[rowI + j] - dot(a, rowI, a, rowJ, j)
      if (j < i) a[rowI + j] = sum / a[rowJ + j]
      else if (sum > 0) a[rowI + i] = Math.sqrt(sum)
      else return false
    }
  }
  return true
}

/** Solves L y = b in place. */
export function solveLowerInPlace(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    const row = i * size
    let sum = b[i]
    for (let k = 0; k < i; k++) sum -= factor[row + k] * b[k]
    b[i] = sum / factor[row + i]
  }
}

/** Solves L^T y = b in place. */
export function solveUpperInPlace(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = size - 1; i >= 0; i--) {
    const row = i * size
    const value = b[i] / factor[row + i]
    b[i] = value
    for (let k = 0; k < i; k++) b[k] -= factor[row + k] * value
  }
}

/**
 * The inverse of the matrix whose Cholesky factor this is.
 *
 * @param out [size * size] receives the whole symmetric inverse
 */
export function invertInto(factor: Float64Array, size: number, out: Float64Array): void {
  const column = new Float64Array(size)
  for (let j = 0; j < size; j++) {
    column.fill(0)
    column[j] = 1
    solveLowerInPlace(factor, size, column)
    solveUpperInPlace(factor, size, column)
    out.set(column, j * size)
  }
}

/**
 * The diagonal of the inverse alone, for a sixth of the work.
 *
 * @param out [size]; @param column [size] is written over
 */
export function inverseDiagonalInto(factor: Float64Array, size: number, out: Float64Array, column: Float64Array): void {
  for (let j = 0; j < size; j++) {
    let value = 1 / factor[j * size + j]
    let sum = value * value
    column[j] = value
    for (let i = j + 1; i < size; i++) {
      value = -dot(factor, i * size + j, column, j, i - j) / factor[i * size + i]
      column[i] = value
      sum += value * value
    }
    out[j] = sum
  }
}

/** Four sums at a time: one alone would wait for itself. */
function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, count: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let k = 0
  for (; k + 3 < count; k += 4) {
    s0 += a[fromA + k] * b[fromB + k]
    s1 += a[fromA + k + 1] * b[fromB + k + 1]
    s2 += a[fromA + k + 2] * b[fromB + k + 2]
    s3 += a[fromA + k + 3] * b[fromB + k + 3]
  }
  for (; k < count; k++) s0 += a[fromA + k] * b[fromB + k]
  return s0 + s1 + (s2 + s3)
}
