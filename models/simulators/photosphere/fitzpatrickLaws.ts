// Fitzpatrick 1999 and Fitzpatrick et al. 2019: splines through the optical, a parametrized ultraviolet, and a table.
import { type CubicSpline, cubicSpline } from '../../math/cubicSpline.ts'
import { type ExtinctionForm, TERM_COUNT, ultravioletBump, ultravioletRise } from './extinctionForm.ts'

/** Bluer than 2700 A the ultraviolet form holds; the spline of the optical is tied to it at 2700 and 2600 A. */
const ULTRAVIOLET_X = 1 / 0.27

/** E(lambda - V) / E(B - V) = C1 + C2 x + C3 D(x) + C4 F(x), with C2 = -0.824 + 4.717 / R_V and C1 = 2.03 - 3.007 C2. */
function ultravioletTerms(x: number, out: Float64Array): void {
  out[0] = 1
  out[1] = 2.03 - 0.824 * (x - 3.007) + 3.23 * ultravioletBump(x, 4.596, 0.99) + 0.41 * ultravioletRise(x)
  out[2] = 4.717 * (x - 3.007)
  out[3] = 0
}

/** Points of the optical spline: 1/um, then the factors of 1, 1/R_V, 1/R_V^2 and R_V (table 4 of the paper). */
const opticalPoints: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0],
  [1 / 2.65, 0.265 / 3.1, 0, 0, 0],
  [1 / 1.22, 0.829 / 3.1, 0, 0, 0],
  [1 / 0.6, 1.0044, -0.426, 0, 0],
  [1 / 0.547, 1.0016, -0.05, 0, 0],
  [1 / 0.467, 1.0016, 0.701, 0, 0],
  [1 / 0.411, 1.0032, 1.208, 0, -0.00033],
]

function opticalSplines(): readonly CubicSpline[] {
  const points = [...opticalPoints]
  const terms = new Float64Array(TERM_COUNT)
  for (const x of [ULTRAVIOLET_X, 1 / 0.26]) {
    ultravioletTerms(x, terms)
    points.push([x, ...terms])
  }
  const xs = points.map(point => point[0])
  // A spline is linear in its values: one for each power of R_V gives the spline at any R_V.
  return Array.from({ length: TERM_COUNT }, (_, t) =>
    cubicSpline(
      xs,
      points.map(point => point[1 + t]),
      'natural',
    ),
  )
}

const optical = opticalSplines()

export const fitzpatrick99Form: ExtinctionForm = {
  rvRange: [2, 6],
  rangeUm: [0.1, 1 / 0.3],
  continuation: 'beyond 3.33 um as lambda^-1.61: no silicates',
  source: 'Fitzpatrick 1999, PASP 111, 63',
  termsInto(x, out) {
    if (x >= ULTRAVIOLET_X) ultravioletTerms(x, out)
    else for (let t = 0; t < TERM_COUNT; t++) out[t] = optical[t].value(x)
  },
}

/** 1 / wavelength in 1/um. */
const tableX = [
  0, 0.455, 0.606, 0.8, 1, 1.1, 1.2, 1.25, 1.3, 1.35, 1.4, 1.45, 1.5, 1.55, 1.6, 1.65, 1.7, 1.75, 1.8, 1.818, 1.85, 1.9,
  1.95, 2, 2.05, 2.1, 2.15, 2.2, 2.25, 2.273, 2.3, 2.35, 2.4, 2.45, 2.5, 2.55, 2.6, 2.65, 2.7, 2.75, 2.8, 2.85, 2.9,
  2.95, 3, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 3.9, 4, 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8, 4.9, 5, 5.1, 5.2,
  5.3, 5.4, 5.5, 5.6, 5.7, 5.8, 5.9, 6, 6.1, 6.2, 6.3, 6.4, 6.5, 6.6, 6.7, 6.8, 6.9, 7, 7.1, 7.2, 7.3, 7.4, 7.5, 7.6,
  7.7, 7.8, 7.9, 8, 8.1, 8.2, 8.3, 8.4, 8.5, 8.6, 8.7,
]
/** k(lambda - 55) of the mean curve, R = 3.02 on the monochromatic scale. */
const tableK = [
  -3.02, -2.747, -2.528, -2.222, -1.757, -1.567, -1.3, -1.216, -1.07, -0.973, -0.868, -0.75, -0.629, -0.509, -0.407,
  -0.32, -0.221, -0.133, -0.048, 0, 0.071, 0.188, 0.319, 0.438, 0.575, 0.665, 0.744, 0.838, 0.951, 1, 1.044, 1.113,
  1.181, 1.269, 1.346, 1.405, 1.476, 1.558, 1.632, 1.723, 1.791, 1.869, 1.948, 2.009, 2.09, 2.253, 2.408, 2.565, 2.746,
  2.933, 3.124, 3.328, 3.55, 3.815, 4.139, 4.534, 5.012, 5.56, 6.118, 6.565, 6.767, 6.681, 6.394, 6.038, 5.704, 5.432,
  5.226, 5.078, 4.978, 4.913, 4.877, 4.862, 4.864, 4.879, 4.904, 4.938, 4.982, 5.038, 5.105, 5.181, 5.266, 5.359, 5.46,
  5.569, 5.684, 5.805, 5.933, 6.067, 6.207, 6.352, 6.502, 6.657, 6.817, 6.981, 7.15, 7.323, 7.5, 7.681, 7.866, 8.054,
  8.246, 8.441,
]
/** Change of k with R. */
const tableSlope = [
  -1, -0.842, -0.728, -0.531, -0.36, -0.284, -0.223, -0.198, -0.173, -0.15, -0.13, -0.11, -0.096, -0.081, -0.063,
  -0.048, -0.032, -0.017, -0.005, 0, 0.007, 0.013, 0.012, 0.01, 0.004, 0.003, 0, 0.002, 0.001, 0, -0, 0.001, 0.001,
  -0.002, 0, -0.002, -0.002, -0.006, -0.009, -0.011, -0.017, -0.025, -0.029, -0.037, -0.043, -0.064, -0.092, -0.122,
  -0.161, -0.201, -0.249, -0.303, -0.366, -0.437, -0.517, -0.603, -0.692, -0.774, -0.843, -0.888, -0.908, -0.903, -0.88,
  -0.849, -0.816, -0.785, -0.76, -0.741, -0.729, -0.722, -0.722, -0.726, -0.734, -0.745, -0.76, -0.778, -0.798, -0.82,
  -0.845, -0.87, -0.898, -0.926, -0.956, -0.988, -1.02, -1.053, -1.087, -1.122, -1.158, -1.195, -1.232, -1.27, -1.309,
  -1.349, -1.389, -1.429, -1.471, -1.513, -1.555, -1.598, -1.641, -1.685,
]

const meanCurve = cubicSpline(tableX, tableK, 'notAKnot')
const slopeCurve = cubicSpline(tableX, tableSlope, 'notAKnot')
const LAST_X = 8.7

export const fitzpatrick19Form: ExtinctionForm = {
  rvRange: [2, 6],
  rangeUm: [1 / LAST_X, 1 / 0.3],
  continuation: 'beyond 3.33 um as lambda^-1.61, no silicates; short of 0.115 um straight on in 1 / lambda',
  source: 'Fitzpatrick et al. 2019, ApJ 886, 108, table 3',
  termsInto(x, out) {
    const within = Math.min(x, LAST_X)
    const k = meanCurve.value(within) + meanCurve.slope(within) * (x - within)
    const slope = slopeCurve.value(within) + slopeCurve.slope(within) * (x - within)
    // A(lambda) / A(55) = 1 + (k + 0.99 slope (R_V - 3.1)) / R_V, equation 8 and the text after it.
    out[0] = 1 + 0.99 * slope
    out[1] = k - 0.99 * 3.1 * slope
    out[2] = 0
    out[3] = 0
  },
}
