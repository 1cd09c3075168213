// Calibration: the band that the distribution function of uniform ranks leaves nowhere, with a stated chance.
import { firstAtLeast } from '../math/grid.ts'

export interface EcdfEnvelope {
  /** Points of (0, 1) where the distribution function is looked at. */
  readonly points: Float64Array
  /** The band there, as fractions of the ranks. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** Coverage at each point alone that makes the whole band cover `level`. */
  readonly pointLevel: number
  /** Exact chance that uniform ranks stay inside everywhere: `level` or a little more, since counts are whole. */
  readonly simultaneousLevel: number
}

/**
 * Simultaneous band of the empirical distribution function of n uniform ranks, exact for finite n.
 *
 * @param rankCount n, 1 or more
 * @param pointCount equally spaced points looked at, the ends left out
 * @param level simultaneous coverage inside (0, 1), such as 0.95
 * @throws RangeError when an argument is out of range
 *
 * Source: Saeilynoja, Buerkner & Vehtari 2022 (Stat. Comput. 32, 32), algorithm 2: the counts are a Markov chain.
 */
export function ecdfEnvelope(rankCount: number, pointCount: number, level: number): EcdfEnvelope {
  if (!(rankCount >= 1) || !(pointCount >= 1) || !(level > 0 && level < 1)) {
    throw new RangeError(`ecdfEnvelope: ${rankCount} ranks, ${pointCount} points, level ${level}`)
  }
  const logFactorial = logFactorials(rankCount)
  const points = Float64Array.from({ length: pointCount }, (_, k) => (k + 1) / (pointCount + 1))
  const cumulative = Array.from(points, point => binomialCumulative(rankCount, point, logFactorial))
  let [low, high] = [level, 1]
  let best = bandAt(high, cumulative)
  // The coverage is a step function of the point level: halve until the steps are far below what is drawn.
  for (let step = 0; step < 14; step++) {
    const middle = (low + high) / 2
    const band = bandAt(middle, cumulative)
    if (chanceInside(rankCount, points, band, logFactorial) >= level) {
      high = middle
      best = band
    } else low = middle
  }
  return {
    points,
    lower: best.lower.map(count => count / rankCount),
    upper: best.upper.map(count => count / rankCount),
    pointLevel: high,
    simultaneousLevel: chanceInside(rankCount, points, best, logFactorial),
  }
}

/** Counts [low, high] within which one bin of a rank histogram stays with the given chance (equal tails). */
export function binCountBand(rankCount: number, binCount: number, level: number): readonly [number, number] {
  const band = bandAt(level, [binomialCumulative(rankCount, 1 / binCount, logFactorials(rankCount))])
  return [band.lower[0], band.upper[0]]
}

/** Distribution function of the ranks at the points of an envelope. */
export function ecdfAt(ranks: Float64Array, points: Float64Array): Float64Array {
  const sorted = Float64Array.from(ranks).sort()
  let below = 0
  return points.map(point => {
    while (below < sorted.length && sorted[below] <= point) below++
    return below / sorted.length
  })
}

interface CountBand {
  readonly lower: Float64Array
  readonly upper: Float64Array
}

function bandAt(pointLevel: number, cumulative: readonly Float64Array[]): CountBand {
  const tail = (1 - pointLevel) / 2
  // Smallest counts whose cumulative chance reaches the tail from either side.
  const lower = Float64Array.from(cumulative, cdf => Math.max(0, firstAtLeast(cdf, tail)))
  const upper = Float64Array.from(cumulative, cdf => firstAtLeast(cdf, 1 - tail))
  return { lower, upper }
}

/** Chance that the chain of counts stays inside the band: forward recursion over the points. */
function chanceInside(n: number, points: Float64Array, band: CountBand, logFactorial: Float64Array): number {
  let [fromLow, previousPoint] = [0, 0]
  let chances = Float64Array.of(1)
  for (let k = 0; k < points.length; k++) {
    const step = (points[k] - previousPoint) / (1 - previousPoint)
    const [logP, logQ] = [Math.log(step), Math.log1p(-step)]
    const next = new Float64Array(band.upper[k] - band.lower[k] + 1)
    for (let i = 0; i < chances.length; i++) {
      const left = n - fromLow - i
      if (chances[i] === 0) continue
      const top = Math.min(next.length - 1, n - band.lower[k])
      for (let j = Math.max(0, fromLow + i - band.lower[k]); j <= top; j++) {
        const gained = band.lower[k] + j - fromLow - i
        const logWays = logFactorial[left] - logFactorial[gained] - logFactorial[left - gained]
        next[j] += chances[i] * Math.exp(logWays + gained * logP + (left - gained) * logQ)
      }
    }
    chances = next
    fromLow = band.lower[k]
    previousPoint = points[k]
  }
  return Math.min(
    1,
    chances.reduce((sum, chance) => sum + chance, 0),
  )
}

function binomialCumulative(n: number, p: number, logFactorial: Float64Array): Float64Array {
  let sum = 0
  return Float64Array.from({ length: n + 1 }, (_, k) => {
    const logWays = logFactorial[n] - logFactorial[k] - logFactorial[n - k]
    sum += Math.exp(logWays + k * Math.log(p) + (n - k) * Math.log1p(-p))
    return sum
  })
}

function logFactorials(n: number): Float64Array {
  const values = new Float64Array(n + 1)
  for (let k = 2; k <= n; k++) values[k] = values[k - 1] + Math.log(k)
  return values
}
