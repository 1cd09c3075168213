// Cardelli, Clayton & Mathis 1989, and O'Donnell 1994 who replaced its optical part.
import { type ExtinctionForm, polynomial } from './extinctionForm.ts'

type Coefficients = readonly number[]

/** From the constant up, in y = x - 1.82. */
const cardelliOptical: readonly [Coefficients, Coefficients] = [
  [1, 0.17699, -0.50447, -0.02427, 0.72085, 0.01979, -0.7753, 0.32999],
  [0, 1.41338, 2.28305, 1.07233, -5.38434, -0.62251, 5.3026, -2.09002],
]
const odonnellOptical: readonly [Coefficients, Coefficients] = [
  [1, 0.104, -0.609, 0.701, 1.137, -1.718, -0.827, 1.647, -0.505],
  [0, 1.952, 2.908, -3.989, -7.985, 11.102, 5.491, -10.805, 3.347],
]

function cardelliTerms(x: number, optical: readonly [Coefficients, Coefficients], out: Float64Array): void {
  out.fill(0)
  if (x < 1.1) {
    out[0] = 0.574 * x ** 1.61
    out[1] = -0.527 * x ** 1.61
  } else if (x < 3.3) {
    out[0] = polynomial(optical[0], x - 1.82)
    out[1] = polynomial(optical[1], x - 1.82)
  } else if (x <= 8) {
    const y = Math.max(0, x - 5.9)
    out[0] = 1.752 - 0.316 * x - 0.104 / ((x - 4.67) ** 2 + 0.341) - 0.04473 * y ** 2 - 0.009779 * y ** 3
    out[1] = -3.09 + 1.825 * x + 1.206 / ((x - 4.62) ** 2 + 0.263) + 0.213 * y ** 2 + 0.1207 * y ** 3
  } else {
    out[0] = polynomial([-1.073, -0.628, 0.137, -0.07], x - 8)
    out[1] = polynomial([13.67, 4.257, -0.42, 0.374], x - 8)
  }
}

const reach = {
  rvRange: [2, 6],
  rangeUm: [0.1, 1 / 0.3],
  continuation: 'beyond 3.33 um as lambda^-1.61, its own infrared form: no silicates',
} as const

export const cardelliForm: ExtinctionForm = {
  ...reach,
  source: 'Cardelli, Clayton & Mathis 1989, ApJ 345, 245',
  termsInto: (x, out) => cardelliTerms(x, cardelliOptical, out),
}

export const odonnellForm: ExtinctionForm = {
  ...reach,
  source: "O'Donnell 1994, ApJ 422, 158; outside the optical Cardelli+ 1989",
  termsInto: (x, out) => cardelliTerms(x, odonnellOptical, out),
}
