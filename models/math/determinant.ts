// The determinant of a small dense matrix.

/**
 * Natural log of the determinant's size, by elimination with the largest pivot of each column.
 *
 * @param a [size * size], row by row; is overwritten
 * @returns -Infinity where the matrix is singular
 */
export function logDeterminantInPlace(a: Float64Array, size: number): number {
  let sum = 0
  for (let c = 0; c < size; c++) {
    let pivot = c
    for (let r = c + 1; r < size; r++) if (Math.abs(a[r * size + c]) > Math.abs(a[pivot * size + c])) pivot = r
    const largest = a[pivot * size + c]
    if (largest === 0) return Number.NEGATIVE_INFINITY
    for (let k = 0; k < size; k++) {
      const swapped = a[c * size + k]
      a[c * size + k] = a[pivot * size + k]
      a[pivot * size + k] = swapped
    }
    sum += Math.log(Math.abs(largest))
    for (let r = c + 1; r < size; r++) {
      const share = a[r * size + c] / largest
      for (let k = c; k < size; k++) a[r * size + k] -= share * a[c * size + k]
    }
  }
  return sum
}
