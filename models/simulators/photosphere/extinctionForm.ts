// What all extinction laws have in common: they are sums of few powers of R_V, whose factors depend on wavelength alone.

/** Factors of 1, 1/R_V, 1/R_V^2 and R_V in A(lambda) / A(V). */
export const TERM_COUNT = 4

export interface ExtinctionForm {
  readonly rvRange: readonly [number, number]
  /** Where the law was measured; what is said beyond it is a continuation. */
  readonly rangeUm: readonly [number, number]
  /** How the law goes on beyond its range, in words. */
  readonly continuation: string
  /** Paper of the law. */
  readonly source: string
  /** @param x 1 / wavelength in 1/um; @param out [4] receives the factors; within the range of the law */
  termsInto(x: number, out: Float64Array): void
}

/** Polynomial from the constant up. */
export function polynomial(coefficients: readonly number[], y: number): number {
  let sum = 0
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * y + coefficients[i]
  return sum
}

/** The 2175 A bump of Fitzpatrick & Massa 1990, ApJS 72, 163, without its strength; x, centre and width in 1/um. */
export function ultravioletBump(x: number, centre: number, width: number): number {
  return x ** 2 / ((x ** 2 - centre ** 2) ** 2 + (x * width) ** 2)
}

/** The far-ultraviolet rise of the same paper, without its strength; x in 1/um. */
export function ultravioletRise(x: number): number {
  const y = Math.max(0, x - 5.9)
  return 0.5392 * y ** 2 + 0.05644 * y ** 3
}
