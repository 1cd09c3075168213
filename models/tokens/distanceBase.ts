// What the parallax alone says of the distance, exactly; the network learns only what photometry adds.
// A distance is diffused as its Gaussian quantile under this one-dimensional posterior.
import { intervalOf } from '../math/grid.ts'
import { quickProbit } from '../math/special.ts'
import { knotProbabilities, type QuantileMap } from './quantileMap.ts'

const NODES = 257
/** Half width of the table in parallax errors. */
const REACH_SIGMA = 8
/** Quantiles beyond this are cut: the table must stay strictly increasing in double precision. */
const Z_MAX = 6

/** A strictly increasing table between log distance and Gaussian quantile. */
export interface DistanceBase {
  readonly logDistancePc: Float64Array
  readonly z: Float64Array
  /** Log distance at the median, dex(pc). */
  readonly median: number
  /** Half the distance between the 16% and 84% quantiles, dex. */
  readonly halfWidthDex: number
}

/**
 * Posterior of log distance given a parallax, under a prior of log distance.
 *
 * @param prior of logDistancePc
 * @param parallaxMas measured parallax, may be negative; null when not measured
 * @param parallaxErrMas its 1-sigma Gaussian error, > 0
 * @returns the quantile table
 * @throws RangeError when the error is not positive
 *
 * Accuracy: trapezoid of the likelihood over 256 cells, each within 16/256 sigma of the parallax.
 * The table is used in both directions, so a sample goes to its quantile and back exactly.
 * Source: Bayes' rule with a Gaussian parallax likelihood, as in Bailer-Jones 2015, PASP 127, 994.
 */
export function distanceBase(prior: QuantileMap, parallaxMas: number | null, parallaxErrMas: number): DistanceBase {
  const first = prior.values[0]
  const last = prior.values[prior.values.length - 1]
  let low = first
  let high = last
  if (parallaxMas !== null) {
    if (!(parallaxErrMas > 0)) throw new RangeError(`distanceBase: parallax error ${parallaxErrMas} is not positive`)
    const nearest = parallaxMas + REACH_SIGMA * parallaxErrMas
    const farthest = parallaxMas - REACH_SIGMA * parallaxErrMas
    if (nearest > 0) low = Math.min(Math.max(low, 3 - Math.log10(nearest)), last - 1e-3)
    if (farthest > 0) high = Math.max(Math.min(high, 3 - Math.log10(farthest)), low + 1e-3)
  }
  const x = new Float64Array(NODES)
  for (let j = 0; j < NODES; j++) x[j] = low + ((high - low) * j) / (NODES - 1)
  const logLikelihood = new Float64Array(NODES)
  if (parallaxMas !== null) {
    for (let j = 0; j < NODES; j++) logLikelihood[j] = -0.5 * ((parallaxMas - 10 ** (3 - x[j])) / parallaxErrMas) ** 2
  }
  // Against underflow where even the best distance is many sigma away.
  const best = logLikelihood.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const cumulative = new Float64Array(NODES)
  const probabilities = probabilitiesOf(prior)
  let previousCdf = interpolate(prior.values, probabilities, x[0])
  for (let j = 1; j < NODES; j++) {
    const cdf = interpolate(prior.values, probabilities, x[j])
    const likelihood = 0.5 * (Math.exp(logLikelihood[j - 1] - best) + Math.exp(logLikelihood[j] - best))
    cumulative[j] = cumulative[j - 1] + Math.max(cdf - previousCdf, 1e-12) * likelihood
    previousCdf = cdf
  }
  return strictTable(x, cumulative)
}

const probabilityTables = new WeakMap<QuantileMap, Float64Array>()

/** Computed once a prior: the error function is dear, and each star needs hundreds of values. */
function probabilitiesOf(prior: QuantileMap): Float64Array {
  let table = probabilityTables.get(prior)
  if (table === undefined) {
    table = knotProbabilities(prior)
    probabilityTables.set(prior, table)
  }
  return table
}

function strictTable(x: Float64Array, cumulative: Float64Array): DistanceBase {
  const total = cumulative[NODES - 1]
  const kept: number[] = []
  const z: number[] = []
  for (let j = 0; j < NODES; j++) {
    const below = Math.max(1e-9, cumulative[j] / total)
    const above = Math.max(1e-9, 1 - cumulative[j] / total)
    const quantile = below < above ? quickProbit(below) : -quickProbit(above)
    const clipped = Math.min(Z_MAX, Math.max(-Z_MAX, quantile))
    // Of a flat run the last node below and the first above are kept: the tails carry no probability.
    if (z.length > 0 && clipped - z[z.length - 1] < 1e-7) {
      if (clipped < 0) kept[kept.length - 1] = x[j]
      continue
    }
    kept.push(x[j])
    z.push(clipped)
  }
  const table = { logDistancePc: Float64Array.from(kept), z: Float64Array.from(z) }
  const at = (quantile: number) => interpolate(table.z, table.logDistancePc, quantile)
  return { ...table, median: at(0), halfWidthDex: 0.5 * (at(1) - at(-1)) }
}

/** Gaussian quantile of a log distance; distances beyond the table count as its ends. */
export function distanceToLatent(base: DistanceBase, logDistancePc: number): number {
  return interpolate(base.logDistancePc, base.z, logDistancePc)
}

/** Log distance at a Gaussian quantile; quantiles beyond the table give its ends. */
export function distanceFromLatent(base: DistanceBase, z: number): number {
  return interpolate(base.z, base.logDistancePc, z)
}

/** How fast the log distance grows with its quantile there: 0 beyond the table. */
export function distanceSlope({ logDistancePc, z }: DistanceBase, quantile: number): number {
  if (!(quantile >= z[0] && quantile < z[z.length - 1])) return 0
  const k = intervalOf(z, quantile)
  return (logDistancePc[k + 1] - logDistancePc[k]) / (z[k + 1] - z[k])
}

function interpolate(from: Float64Array, to: Float64Array, at: number): number {
  const k = intervalOf(from, at)
  const fraction = Math.min(1, Math.max(0, (at - from[k]) / (from[k + 1] - from[k])))
  return to[k] + fraction * (to[k + 1] - to[k])
}
