// Linear equations that join only near neighbours: symmetric, banded and positive.

/**
 * Cholesky without roots, in place. Two rows are taken out at a time, which halves the passes over the rest; every element is still
 * lessened by one row after the other, so that the sums are those of the plain method.
 *
 * @param band [count, stride] element [j, a] joins unknowns j and j + a, for a from 0 to `width`; spent
 * @param stride above `width`
 * @param values [count] the right side, replaced by the solution
 */
export function solveBand(
  band: Float64Array,
  stride: number,
  width: number,
  count: number,
  values: Float64Array,
): void {
  let j = 0
  for (; j + 1 < count; j += 2) {
    const first = j * stride
    const second = first + stride
    const last = Math.min(width, count - 1 - j)
    const factor = band[first + 1] / band[first]
    for (let b = 1; b <= last; b++) band[second + b - 1] -= factor * band[first + b]
    values[j + 1] -= factor * values[j]
    const pivot = band[first]
    const nextPivot = band[second]
    for (let a = 2; a <= last; a++) {
      const target = first + a * stride
      const from = first + a
      const nextFrom = second + a - 1
      const one = band[from] / pivot
      const two = band[nextFrom] / nextPivot
      const shared = last - a
      for (let c = 0; c <= shared; c++)
        band[target + c] = band[target + c] - one * band[from + c] - two * band[nextFrom + c]
      // The second row reaches one further.
      if (j + 1 + width < count) band[target + shared + 1] -= two * band[nextFrom + shared + 1]
      values[j + a] = values[j + a] - one * values[j] - two * values[j + 1]
    }
    if (j + 1 + width < count) {
      const end = second + width
      const two = band[end] / nextPivot
      band[second + width * stride] -= two * band[end]
      values[j + 1 + width] -= two * values[j + 1]
    }
  }
  for (j = count - 1; j >= 0; j--) {
    let sum = values[j]
    const last = Math.min(width, count - 1 - j)
    for (let a = 1; a <= last; a++) sum -= band[j * stride + a] * values[j + a]
    values[j] = sum / band[j * stride]
  }
}
