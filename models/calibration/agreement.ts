// Calibration: whether posteriors of the same stars by different instruments agree, and how well they should.
import type { Summary } from '../../schemas/index.ts'
import { normalCdf } from '../math/special.ts'

export interface Agreement {
  readonly starCount: number
  /** Of the calibrated differences: their mean, half of their middle 68%, and the share beyond 2 either way. */
  readonly mean: number
  readonly width: number
  readonly beyondTwo: number
  /** The last two as calibrated posteriors of independent data would have them; their mean would be 0. */
  readonly expectedWidth: number
  readonly expectedBeyondTwo: number
}

type Interval = Pick<Summary, 'q16' | 'q50' | 'q84'>

const halfWidth = ({ q16, q84 }: Interval) => (q84 - q16) / 2

/** [N] differences of the medians, second less first, over the quadrature of half their 68% intervals; 0 where both are without width and equal. */
export function calibratedDifferences(first: readonly Interval[], second: readonly Interval[]): Float64Array {
  return Float64Array.from(first, (one, i) => {
    const difference = second[i].q50 - one.q50
    return difference === 0 ? 0 : difference / Math.hypot(halfWidth(one), halfWidth(second[i]))
  })
}

/**
 * What is expected holds where all is Gaussian. Of a prior of width t, exact posteriors of widths a and b of data that are independent given the
 * truth have medians that are drawn to the prior together, so that their difference has the variance a^2 + b^2 - 2 a^2 b^2 / t^2 and not a^2 + b^2:
 * less than 1 in units of the quadrature, and 0 where neither saw anything. Here each star has the widths of its own posteriors.
 *
 * @param first, second the same N stars
 * @param priorWidth half of the middle 68% of the truths
 * @throws RangeError where there is no star, or not as many of both
 */
export function agreementOf(first: readonly Interval[], second: readonly Interval[], priorWidth: number): Agreement {
  if (first.length === 0 || first.length !== second.length) {
    throw new RangeError(`agreementOf: ${first.length} and ${second.length} posteriors are not of the same stars`)
  }
  const differences = calibratedDifferences(first, second)
  const sds = first.map((one, i) => expectedSd(halfWidth(one), halfWidth(second[i]), priorWidth))
  const beyond = (limit: number) => 2 * meanOf(sds.map(sd => (sd === 0 ? 0 : normalCdf(-limit / sd))))
  return {
    starCount: differences.length,
    mean: meanOf(Array.from(differences)),
    width: middleHalf(differences),
    beyondTwo: differences.filter(one => Math.abs(one) > 2).length / differences.length,
    expectedWidth: limitOf(beyond, Math.max(...sds)),
    expectedBeyondTwo: beyond(2),
  }
}

/** Standard deviation of a calibrated difference; posteriors as wide as the prior or wider have seen nothing. */
function expectedSd(a: number, b: number, prior: number): number {
  const [a2, b2] = [a * a, b * b]
  return a2 + b2 === 0 ? 0 : Math.sqrt(Math.max(0, 1 - (2 * a2 * b2) / (prior * prior * (a2 + b2))))
}

/** Where the share beyond falls to 31.7%: half of the middle 68% of the mixture of Gaussians. */
function limitOf(beyond: (limit: number) => number, widest: number): number {
  let [low, high] = [0, widest]
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (beyond(middle) > 2 * normalCdf(-1)) low = middle
    else high = middle
  }
  return high
}

/** Half of the middle 68% of values. */
export function middleHalf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => {
    const place = share * (sorted.length - 1)
    const below = Math.floor(place)
    const above = Math.min(sorted.length - 1, below + 1)
    return sorted[below] + (place - below) * (sorted[above] - sorted[below])
  }
  return (at(normalCdf(1)) - at(normalCdf(-1))) / 2
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
