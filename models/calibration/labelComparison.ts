// Calibration on real stars: posteriors against labels that were measured in another way and have errors of their own.
import type { Rng } from '../math/rng.ts'
import { type Coverage, centralCredibilities, coverageAt } from './coverage.ts'

/** One star: what the model says of a quantity, and what somebody else measured. */
export interface LabelledPosterior {
  /** [S] posterior samples of the quantity. */
  readonly samples: ArrayLike<number>
  readonly label: number
  /** 1 sigma of the label, normal, >= 0. */
  readonly labelErr: number
}

export interface LabelComparison {
  readonly starCount: number
  /** Median of (posterior median - label). */
  readonly bias: number
  /** Its standard error: 1.2533 times the scatter over the root of N. */
  readonly biasErr: number
  /** 1.4826 times the median absolute deviation of the differences. */
  readonly scatter: number
  /** Half of the median width of the 68% posteriors: what scatter they lead one to expect. */
  readonly typicalErr: number
  /** Median error of the labels. */
  readonly typicalLabelErr: number
  /** Equal-tailed 68% and 95% intervals, the label's error included. */
  readonly coverage68: Coverage
  readonly coverage95: Coverage
  /** Differences over their claimed errors, posterior and label in quadrature. */
  readonly z: ZScores
}

export interface ZScores {
  /** Zero were there no bias. */
  readonly median: number
  /** 1.4826 times the median absolute deviation: one were the errors right. */
  readonly scatter: number
  /** Share farther than 3 from zero: 0.3% were the errors right and normal. */
  readonly farShare: number
}

/** One star as a point of a figure. */
export interface LabelPoint {
  readonly label: number
  /** Posterior median. */
  readonly predicted: number
  /** (predicted - label) over the errors of both in quadrature. */
  readonly z: number
}

/** What a figure shows of each star. @throws RangeError when one has no samples */
export function labelPoints(stars: readonly LabelledPosterior[]): LabelPoint[] {
  return stars.map(({ samples, label, labelErr }) => {
    const { median: predicted, err } = medianAndErr(samples)
    return { label, predicted, z: scoreOf(predicted - label, err, labelErr) }
  })
}

/**
 * Compares posteriors with labels.
 *
 * A label with an error is a noisy look at the truth: it is placed among the posterior samples after each was given a
 * normal error of the same size, which makes its rank uniform when posteriors and label errors are right.
 *
 * @param stars [N], N >= 1
 * @param rng for those errors
 * @throws RangeError when there is no star, one has no samples, or a label error is negative
 */
export function compareLabels(stars: readonly LabelledPosterior[], rng: Rng): LabelComparison {
  if (stars.length === 0) throw new RangeError('compareLabels: no star to compare')
  const looks = stars.map(star => compareOne(star, rng))
  const differences = looks.map(look => look.difference)
  const scores = looks.map(look => look.z)
  const scatter = madSigma(differences)
  const credibilities = centralCredibilities(Float64Array.from(looks, look => look.rank))
  const [coverage68, coverage95] = coverageAt(credibilities, [0.68, 0.95])
  return {
    starCount: stars.length,
    bias: medianOf(differences),
    biasErr: (1.2533 * scatter) / Math.sqrt(stars.length),
    scatter,
    typicalErr: medianOf(looks.map(look => look.err)),
    typicalLabelErr: medianOf(stars.map(star => star.labelErr)),
    coverage68,
    coverage95,
    z: {
      median: medianOf(scores),
      scatter: madSigma(scores),
      farShare: scores.filter(z => Math.abs(z) > 3).length / scores.length,
    },
  }
}

function compareOne({ samples, label, labelErr }: LabelledPosterior, rng: Rng) {
  if (!(labelErr >= 0)) throw new RangeError(`compareLabels: a label error is ${labelErr}`)
  const { median, err } = medianAndErr(samples)
  const S = samples.length
  let below = 0
  for (let s = 0; s < S; s++) if (samples[s] + labelErr * rng.normal() < label) below++
  const difference = median - label
  return { difference, err, z: scoreOf(difference, err, labelErr), rank: (below + rng.uniform()) / (S + 1) }
}

function medianAndErr(samples: ArrayLike<number>): { readonly median: number; readonly err: number } {
  if (samples.length === 0) throw new RangeError('compareLabels: a star has no samples')
  const sorted = Float64Array.from(samples).sort()
  const at = (level: number) => sorted[Math.round(level * (sorted.length - 1))]
  return { median: medianOf(sorted), err: (at(0.841345) - at(0.158655)) / 2 }
}

function scoreOf(difference: number, err: number, labelErr: number): number {
  const claimed = Math.hypot(err, labelErr)
  return claimed > 0 ? difference / claimed : 0
}

/** Middle value, or the mean of the middle two. @throws RangeError when there is none */
export function medianOf(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('medianOf: no value')
  const sorted = Float64Array.from(values).sort()
  const half = (sorted.length - 1) / 2
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2
}

/** Standard deviation of a normal with the same median absolute deviation. */
export function madSigma(values: ArrayLike<number>): number {
  const middle = medianOf(values)
  return 1.4826 * medianOf(Float64Array.from(values, value => Math.abs(value - middle)))
}
