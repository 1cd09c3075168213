// Whether memory grows: the slope of many samples, with how sure it is, and nothing supposed of how they scatter.
import { median } from './statistics.ts'

export interface MemorySample {
  readonly minutes: number
  readonly sizeMiB: number
}

export interface MemoryTrend {
  /** Median of the slopes between all pairs of points. */
  readonly slopeMiBPerHour: number
  /** Its 95% interval. */
  readonly lowMiBPerHour: number
  readonly highMiBPerHour: number
  /** Medians of spans of equal length, which the slope is of. */
  readonly points: readonly MemorySample[]
}

/** Compilers warm up and caches fill at first: this part is left out. */
const WARM_UP_SHARE = 0.25
const MOST_POINTS = 60
const FEWEST_POINTS = 8
/** Of the normal distribution, for 95%. */
const QUANTILE = 1.959964

/**
 * The slope after Theil and Sen. Samples next to each other resemble one another, so it is taken of medians over spans.
 *
 * @param samples in the order of time
 * @throws RangeError when there are too few of them
 *
 * Source: P. K. Sen, J. Am. Stat. Assoc. 63, 1379 (1968), for the interval by Kendall's statistic.
 */
export function memoryTrend(samples: readonly MemorySample[]): MemoryTrend {
  const kept = samples.slice(Math.floor(samples.length * WARM_UP_SHARE))
  const count = Math.min(MOST_POINTS, kept.length)
  if (count < FEWEST_POINTS) throw new RangeError(`the slope of ${kept.length} samples of memory`)
  const points = Array.from({ length: count }, (_, i) => {
    const span = kept.slice(Math.floor((i * kept.length) / count), Math.floor(((i + 1) * kept.length) / count))
    return { minutes: median(span.map(one => one.minutes)), sizeMiB: median(span.map(one => one.sizeMiB)) }
  })
  const slopes = points
    .flatMap((later, i) =>
      points.slice(0, i).map(one => (60 * (later.sizeMiB - one.sizeMiB)) / (later.minutes - one.minutes)),
    )
    .sort((a, b) => a - b)
  const half = (QUANTILE * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18)) / 2
  const at = (rank: number) => slopes[Math.max(0, Math.min(slopes.length - 1, rank))]
  return {
    slopeMiBPerHour: median(slopes),
    lowMiBPerHour: at(Math.floor(slopes.length / 2 - half)),
    highMiBPerHour: at(Math.ceil(slopes.length / 2 + half)),
    points,
  }
}
