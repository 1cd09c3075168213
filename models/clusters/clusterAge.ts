// One age for a cluster from the posteriors of its stars: robust to members that are none, binaries and model errors.
import type { AgePrior } from './agePrior.ts'

export interface ClusterAgeOptions {
  /** Candidate spreads of the members about the cluster's age, dex, equally probable beforehand. */
  readonly spreadsDex: readonly number[]
  /** Candidate shares of stars that say nothing of the cluster, equally probable beforehand. */
  readonly outlierShares: readonly number[]
}

/** Quantiles of a marginal posterior. */
export interface AgeInterval {
  readonly q025: number
  readonly q16: number
  readonly q50: number
  readonly q84: number
  readonly q975: number
}

export interface ClusterAge {
  /** Of the cluster's log age, dex(yr). */
  readonly logAgeYr: AgeInterval
  /** Posterior mean of the spread of members about it, dex: age spread and errors of the model together. */
  readonly spreadDex: number
  /** Posterior mean of the share of outliers. */
  readonly outlierShare: number
  readonly starCount: number
}

/**
 * Spreads start at 0.05 dex: no two grids of tracks agree better on any star. Half of the stars at most are outliers,
 * or it would not be this cluster.
 */
export const clusterAgeDefaults: ClusterAgeOptions = {
  spreadsDex: [0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.56],
  outlierShares: [0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5],
}

/**
 * Posterior of a cluster's log age A from independent posteriors of its stars, each under the same prior pi(a).
 *
 * A star's log age a has the density  (1 - f) N(a | A, tau^2) + f pi(a),  the normal cut to the range of the prior:
 * members scatter by tau about A, a share f does not belong. The likelihood of a star's data is the mean of that
 * density over pi(a) in its posterior,
 *
 *     L_i(A, tau, f) = (1 - f) E_i[ N(a | A, tau^2) / pi(a) ] + f,
 *
 * and the posterior of (A, tau, f) is the product over stars under a flat prior of A, and the candidates of tau and f.
 * The product bounds what one star can say: its likelihood ratio never exceeds 1 / f.
 *
 * @param samples [N][S] posterior samples of log age of each star, dex(yr)
 * @throws RangeError when there is no star, or one without samples
 *
 * Accuracy: A is found on the bins of the prior. Ratios are estimated from samples smoothed by Silverman's width, which
 * widens a star's likelihood by a tenth at most from 64 samples on. Errors that all stars share (of tracks, of colours) are in no interval
 * of this kind: they shift A itself.
 * Source: Hogg, Myers & Bovy 2010, ApJ 725, 2166, eq. 11 for the ratio; mixture with outliers after Hogg, Bovy & Lang
 * 2010 (arXiv:1008.4686), section 3.
 */
export function clusterAge(
  samples: readonly ArrayLike<number>[],
  prior: AgePrior,
  options: ClusterAgeOptions = clusterAgeDefaults,
): ClusterAge {
  if (samples.length === 0) throw new RangeError('clusterAge: the cluster has no star')
  const likelihoods = samples.map(one => ageLikelihood(one, prior))
  const { spreadsDex, outlierShares } = options
  const K = prior.masses.length
  const logPosterior = new Float64Array(spreadsDex.length * outlierShares.length * K)
  spreadsDex.forEach((tau, t) => {
    const kernels = normalRows(prior.edges, tau)
    for (const likelihood of likelihoods) {
      for (let k = 0; k < K; k++) {
        let member = 0
        const { first, weights } = kernels[k]
        for (let j = 0; j < weights.length; j++) member += weights[j] * likelihood[first + j]
        outlierShares.forEach((f, s) => {
          logPosterior[(t * outlierShares.length + s) * K + k] += Math.log((1 - f) * member + f)
        })
      }
    }
  })
  return summarizeAge(logPosterior, prior.edges, options, samples.length)
}

/**
 * Density of a star's posterior over its prior, bin by bin, so that its mean under the prior is one.
 * Samples and prior are smoothed alike before they are divided: a jump of the prior then leaves no trace.
 */
export function ageLikelihood(samples: ArrayLike<number>, prior: AgePrior): Float64Array {
  const { edges, masses } = prior
  const K = masses.length
  const S = samples.length
  if (S === 0) throw new RangeError('ageLikelihood: a star has no samples')
  const width = edges[1] - edges[0]
  const counts = new Float64Array(K)
  for (let s = 0; s < S; s++) {
    counts[Math.min(K - 1, Math.max(0, Math.floor((samples[s] - edges[0]) / width)))] += 1 / S
  }
  const kernels = normalRows(edges, Math.max(width, silvermanWidth(samples)), false)
  const ratio = new Float64Array(K)
  for (let k = 0; k < K; k++) {
    const { first, weights } = kernels[k]
    let [found, expected] = [0, 0]
    for (let j = 0; j < weights.length; j++) {
      found += weights[j] * counts[first + j]
      expected += weights[j] * masses[first + j]
    }
    ratio[k] = expected > 0 ? found / expected : 0
  }
  const mean = ratio.reduce((sum, value, k) => sum + value * masses[k], 0)
  return ratio.map(value => value / mean)
}

/** Silverman 1986, eq. 3.31: 0.9 min(sd, half of the middle 68%) S^(-1/5). */
function silvermanWidth(samples: ArrayLike<number>): number {
  const sorted = Float64Array.from(samples).sort()
  const S = sorted.length
  const mean = sorted.reduce((sum, value) => sum + value, 0) / S
  const sd = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / S)
  const at = (level: number) => sorted[Math.round(level * (S - 1))]
  return 0.9 * Math.min(sd, (at(0.841345) - at(0.158655)) / 2) * S ** -0.2
}

interface KernelRow {
  readonly first: number
  readonly weights: Float64Array
}

/** Row k: a normal about the middle of bin k, cut at 4 sigma and at the ends of the bins; sums to one unless told not to. */
function normalRows(edges: Float64Array, sigma: number, isNormalized = true): KernelRow[] {
  const K = edges.length - 1
  const width = edges[1] - edges[0]
  const reach = Math.ceil((4 * sigma) / width)
  return Array.from({ length: K }, (_, k) => {
    const first = Math.max(0, k - reach)
    const weights = new Float64Array(Math.min(K - 1, k + reach) - first + 1)
    for (let j = 0; j < weights.length; j++) weights[j] = Math.exp(-0.5 * (((first + j - k) * width) / sigma) ** 2)
    const sum = isNormalized ? weights.reduce((a, b) => a + b, 0) : 1
    return { first, weights: weights.map(weight => weight / sum) }
  })
}

function summarizeAge(
  logPosterior: Float64Array,
  edges: Float64Array,
  { spreadsDex, outlierShares }: ClusterAgeOptions,
  starCount: number,
): ClusterAge {
  const K = edges.length - 1
  const best = logPosterior.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const ages = new Float64Array(K)
  let [spread, outliers, total] = [0, 0, 0]
  logPosterior.forEach((log, i) => {
    const weight = Math.exp(log - best)
    const cell = Math.floor(i / K)
    ages[i % K] += weight
    spread += weight * spreadsDex[Math.floor(cell / outlierShares.length)]
    outliers += weight * outlierShares[cell % outlierShares.length]
    total += weight
  })
  const at = (level: number) => binQuantile(ages, edges, level * total)
  return {
    logAgeYr: { q025: at(0.025), q16: at(0.158655), q50: at(0.5), q84: at(0.841345), q975: at(0.975) },
    spreadDex: spread / total,
    outlierShare: outliers / total,
    starCount,
  }
}

/** Where the running sum of the bins reaches a value; linear inside a bin. */
function binQuantile(masses: Float64Array, edges: Float64Array, wanted: number): number {
  let below = 0
  for (let k = 0; k < masses.length; k++) {
    if (below + masses[k] >= wanted && masses[k] > 0) {
      return edges[k] + (edges[k + 1] - edges[k]) * Math.min(1, Math.max(0, (wanted - below) / masses[k]))
    }
    below += masses[k]
  }
  return edges[edges.length - 1]
}

/** The members' posteriors joined, as many samples of each: where stars of the cluster are believed to be. */
export function mixtureAge(samples: readonly ArrayLike<number>[]): AgeInterval {
  if (samples.length === 0) throw new RangeError('mixtureAge: the cluster has no star')
  const count = Math.min(...samples.map(one => one.length))
  const joined = new Float64Array(count * samples.length)
  samples.forEach((one, i) => {
    for (let s = 0; s < count; s++) joined[i * count + s] = one[s]
  })
  joined.sort()
  const at = (level: number) => joined[Math.round(level * (joined.length - 1))]
  return { q025: at(0.025), q16: at(0.158655), q50: at(0.5), q84: at(0.841345), q975: at(0.975) }
}
