// Eigenvectors of small symmetric matrices, by Jacobi's rotations: slow for large ones, and never wrong.

export interface Axes {
  /** [size, size] one axis a row, orthonormal */
  readonly vectors: Float64Array
  /** [size] the eigenvalue of each */
  readonly values: Float64Array
}

const SWEEPS = 30
/** What is left beside the diagonal, of the root of the product of its two values. */
const TOLERANCE = 1e-12

/**
 * A = sum of values[k] vectors[k] vectors[k]^T, in no order.
 *
 * @param matrix [size * size] symmetric, row-major; left as it is
 *
 * Source: Golub & Van Loan 2013, Matrix Computations, section 8.5.
 */
export function axesOf(matrix: Float64Array, size: number): Axes {
  const a = matrix.slice()
  const vectors = new Float64Array(size * size)
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let isDone = true
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = a[p * size + q]
        if (Math.abs(off) <= TOLERANCE * Math.sqrt(Math.abs(a[p * size + p] * a[q * size + q]))) continue
        isDone = false
        const tau = (a[q * size + q] - a[p * size + p]) / (2 * off)
        const tangent = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau))
        const cosine = 1 / Math.sqrt(1 + tangent * tangent)
        const sine = tangent * cosine
        for (let k = 0; k < size; k++) rotate(a, k * size + p, k * size + q, cosine, sine)
        for (let k = 0; k < size; k++) rotate(a, p * size + k, q * size + k, cosine, sine)
        for (let k = 0; k < size; k++) rotate(vectors, p * size + k, q * size + k, cosine, sine)
      }
    }
    if (isDone) break
  }
  return { vectors, values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]) }
}

function rotate(a: Float64Array, i: number, j: number, cosine: number, sine: number): void {
  const first = a[i]
  const second = a[j]
  a[i] = cosine * first - sine * second
  a[j] = sine * first + cosine * second
}

/**
 * The same in order: the largest eigenvalue first, the largest component of each axis positive.
 *
 * @param matrix [size * size] symmetric, row-major; left as it is
 */
export function principalAxes(matrix: Float64Array, size: number): Axes {
  const { vectors, values } = axesOf(matrix, size)
  const order = [...values.keys()].sort((i, j) => values[j] - values[i])
  const turned = order.map(i => {
    const axis = vectors.subarray(i * size, (i + 1) * size)
    const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
    return axis.map(value => Math.sign(largest) * value)
  })
  return {
    vectors: Float64Array.from(turned.flatMap(axis => [...axis])),
    values: values.map((_, k) => values[order[k]]),
  }
}
