// Special functions that tests of calibration and noise models lean on.

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** Natural log of the gamma function for x > 0, relative accuracy 1e-14 (Lanczos, g = 7, n = 9). */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma: ${x} is not positive`)
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const z = x - 1
  let sum = LANCZOS[0]
  for (let i = 1; i < 9; i++) sum += LANCZOS[i] / (z + i)
  const t = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}

/**
 * Regularised upper incomplete gamma function Q(a, x), a > 0, x >= 0; accuracy 1e-13.
 * Source: series and continued fraction of Numerical Recipes 6.2 (modified Lentz).
 */
export function upperGamma(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) throw new RangeError(`upperGamma: a ${a} must be positive and x ${x} not negative`)
  if (x === 0) return 1
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
}

/** Regularised lower incomplete gamma function P(a, x) = 1 - Q(a, x), accurate where it is small too. */
export function lowerGamma(a: number, x: number): number {
  if (!(a > 0) || !(x >= 0)) throw new RangeError(`lowerGamma: a ${a} must be positive and x ${x} not negative`)
  if (x === 0) return 0
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = a + 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= x / n
    sum += term
  }
  return sum * Math.exp(-x + a * Math.log(x) - logGamma(a))
}

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    const step = c * d
    h *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return h * Math.exp(-x + a * Math.log(x) - logGamma(a))
}

/** Error function, absolute accuracy 1e-14. */
export function erf(x: number): number {
  return x < 0 ? -lowerGamma(0.5, x * x) : lowerGamma(0.5, x * x)
}

/** Complementary error function, relative accuracy 1e-12 for positive x. */
export function erfc(x: number): number {
  return x < 0 ? 1 + lowerGamma(0.5, x * x) : upperGamma(0.5, x * x)
}

/** Standard normal cumulative distribution. */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x / Math.SQRT2)
}

/**
 * Inverse of the standard normal cumulative distribution for 0 < p < 1; relative accuracy 1e-12.
 * Source: Acklam's rational approximation, then one Halley step.
 */
export function probit(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`probit: ${p} is not between 0 and 1`)
  // The upper half by symmetry, where 1 - p keeps its digits.
  if (p > 0.5) return -probit(1 - p)
  const x = quickProbit(p)
  const error = 0.5 * erfc(-x / Math.SQRT2) - p
  const step = error * Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2)
  return x - step / (1 + (x * step) / 2)
}

/** The probit to 1.2e-9 relative, for 0 < p <= 0.5 and tables that only need to be consistent. Source: Acklam 2003. */
export function quickProbit(p: number): number {
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p))
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    )
  }
  const q = p - 0.5
  const r = q * q
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
      1)
  )
}

/** Probability that chi-square with `dof` degrees of freedom is at least `chi2`. */
export function chiSquarePValue(chi2: number, dof: number): number {
  return upperGamma(dof / 2, chi2 / 2)
}

/**
 * Regularised incomplete beta function I_x(a, b), a, b > 0, 0 <= x <= 1; accuracy 1e-12.
 * Source: continued fraction of Numerical Recipes 6.4 (modified Lentz).
 */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1))
    throw new RangeError(`regularisedBeta: x ${x}, a ${a}, b ${b} out of range`)
  if (x === 0 || x === 1) return x
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a
  return 1 - (front * betaFraction(1 - x, b, a)) / b
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d)
    c = 1 + even / c
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d)
    c = 1 + odd / c
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return h
}

/** log(sum(exp(values))) without overflow; -Infinity for no values. */
export function logSumExp(values: ArrayLike<number>): number {
  let highest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < values.length; i++) if (values[i] > highest) highest = values[i]
  if (!Number.isFinite(highest)) return highest
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i] - highest)
  return highest + Math.log(sum)
}

/** Natural log of the normal density. */
export function logNormal(x: number, mean: number, sd: number): number {
  const z = (x - mean) / sd
  return -0.5 * z * z - Math.log(sd) - 0.9189385332046727
}
