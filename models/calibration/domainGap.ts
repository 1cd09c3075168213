// Calibration: how far simulated stars lie from real ones in what surveys measure, and what gives them away.
import { createRng } from '../math/rng.ts'
import { twoSampleAccuracy, twoSampleDefaults } from './twoSample.ts'

export interface DomainGap {
  /** Stars of each side that were compared. */
  readonly starCount: number
  /** Cross-validated accuracy of the classifier, mean over seeds: 0.5 is no gap, 1 a gap that shows in every star. */
  readonly accuracy: number
  /** Standard deviation over the seeds, which redraw stars and classifier; 0 for one seed. */
  readonly spread: number
  /** The features, the one that tells the two apart best by itself first. What only shows in several together is not here. */
  readonly separators: readonly Separator[]
}

export interface Separator {
  readonly feature: string
  /** 0 to 1; the best single cut is right in a share (1 + statistic) / 2 of the stars. */
  readonly ksStatistic: number
  /** Simulated less real, in the feature's unit. */
  readonly medianShift: number
  /** Half the distance of the 84th and 16th percentile, simulated over real. */
  readonly widthRatio: number
}

export interface GapSample {
  /** [N x P] row by row, no missing value among them. */
  readonly real: Float64Array
  /** [M x P] */
  readonly simulated: Float64Array
  /** [P] */
  readonly features: readonly string[]
}

export interface GapOptions {
  readonly seeds: readonly number[]
  /** Stars of a side at most; the two sides are cut to one size, or the larger share would be an easy guess. */
  readonly maxStars: number
}

export const gapDefaults: GapOptions = { seeds: [1, 2, 3], maxStars: 1000 }

/**
 * Classifier two-sample score of simulated against real stars, for all features together, and how each differs alone.
 *
 * @throws RangeError when rows are not whole, a value is not finite, or a side has fewer than `MIN_GAP_STARS` rows
 *
 * Accuracy: with N stars a side, two equal populations give 0.5 with a scatter of 0.35 / sqrt(N).
 * Source: Lopez-Paz & Oquab 2017 (ICLR, arXiv:1610.06545).
 */
export function domainGap(sample: GapSample, options: GapOptions = gapDefaults): DomainGap {
  const { real, simulated, features } = sample
  const width = features.length
  for (const [side, values] of [
    ['real', real],
    ['simulated', simulated],
  ] as const) {
    if (!Number.isInteger(values.length / width) || values.length / width < MIN_GAP_STARS)
      throw new RangeError(`domainGap: ${values.length} ${side} values in rows of ${width}`)
    if (!values.every(Number.isFinite)) throw new RangeError(`domainGap: a ${side} value is not a number`)
  }
  const starCount = Math.min(real.length / width, simulated.length / width, options.maxStars)
  const scored = options.seeds.map(seed => {
    const [a, b] = [pick(real, width, starCount, seed), pick(simulated, width, starCount, seed + 1)]
    return twoSampleAccuracy(a, b, width, { ...twoSampleDefaults, seed })
  })
  const accuracy = mean(scored)
  const variance = mean(scored.map(score => (score - accuracy) ** 2))
  const separators = features.map((feature, p): Separator => {
    const [r, s] = [columnOf(real, width, p).sort(), columnOf(simulated, width, p).sort()]
    return {
      feature,
      ksStatistic: kolmogorovSmirnov(r, s),
      medianShift: quantileOf(s, 0.5) - quantileOf(r, 0.5),
      widthRatio: (quantileOf(s, 0.84) - quantileOf(s, 0.16)) / (quantileOf(r, 0.84) - quantileOf(r, 0.16)),
    }
  })
  return {
    starCount,
    accuracy,
    spread: Math.sqrt((variance * scored.length) / Math.max(1, scored.length - 1)),
    separators: separators.toSorted((a, b) => b.ksStatistic - a.ksStatistic),
  }
}

/** With fewer a score says nothing. */
export const MIN_GAP_STARS = 40

/** Of two sorted samples: the largest difference of their cumulative distributions. */
function kolmogorovSmirnov(a: Float64Array, b: Float64Array): number {
  let [i, j, distance] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const at = Math.min(a[i], b[j])
    while (i < a.length && a[i] === at) i++
    while (j < b.length && b[j] === at) j++
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length))
  }
  return distance
}

/** `count` rows without replacement. */
function pick(values: Float64Array, width: number, count: number, seed: number): Float64Array {
  const rng = createRng(seed, 0x6a9)
  const order = Array.from({ length: values.length / width }, (_, i) => i)
  const out = new Float64Array(count * width)
  for (let i = 0; i < count; i++) {
    const j = i + rng.integer(order.length - i)
    const row = order[j]
    order[j] = order[i]
    out.set(values.subarray(row * width, (row + 1) * width), i * width)
  }
  return out
}

function columnOf(values: Float64Array, width: number, p: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, i) => values[i * width + p])
}

/** Of sorted values, linear between them. */
function quantileOf(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
