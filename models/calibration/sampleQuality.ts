// Calibration: what a sample above a threshold is worth on a sky of which each kind of star was judged by itself.
import type { Rng } from '../math/rng.ts'

/** Stars of one kind, of which some passed. */
export interface JudgedKind {
  /** Whether the sample is meant to hold them. */
  readonly isWanted: boolean
  /** Of this kind among the stars of the sky; all shares together make one. */
  readonly share: number
  readonly count: number
  readonly passed: number
}

export interface Estimate {
  readonly value: number
  /** Central interval of 95%. */
  readonly low: number
  readonly high: number
}

export interface SampleQuality {
  /** Share of the sample that is wanted; null where nothing passed. */
  readonly purity: Estimate | null
  /** Share of the wanted that is in the sample. */
  readonly completeness: Estimate
}

const DRAWS = 1000
const TAIL = 0.025

/**
 * Purity is the sum of share x rate over wanted kinds by that over all; rare kinds are judged on as many stars as common ones and weighed.
 * Intervals are from draws of each rate under Jeffreys' prior, Beta(passed + 1/2, failed + 1/2), so that a kind of which no star has passed does not count as
 * one of which none ever will.
 *
 * @throws RangeError when a kind has no star, or none is wanted
 * Source: Brown, Cai & DasGupta 2001, Statistical Science 16, 101.
 */
export function sampleQuality(kinds: readonly JudgedKind[], rng: Rng): SampleQuality {
  if (kinds.some(({ count, passed }) => !(count > 0 && passed >= 0 && passed <= count)))
    throw new RangeError('sampleQuality: a kind has no star, or more passed than there are')
  const wantedShare = kinds.reduce((sum, kind) => sum + (kind.isWanted ? kind.share : 0), 0)
  if (!(wantedShare > 0)) throw new RangeError('sampleQuality: no kind is wanted')
  const inSample = (rateOf: (kind: JudgedKind) => number) => {
    let [wanted, all] = [0, 0]
    for (const kind of kinds) {
      const part = kind.share * rateOf(kind)
      all += part
      if (kind.isWanted) wanted += part
    }
    return { purity: wanted / all, completeness: wanted / wantedShare }
  }
  const draws = Array.from({ length: DRAWS }, () =>
    inSample(({ count, passed }) => drawBeta(passed + 0.5, count - passed + 0.5, rng)),
  )
  const found = inSample(({ count, passed }) => passed / count)
  const isEmpty = kinds.every(({ passed }) => passed === 0)
  return {
    purity: isEmpty
      ? null
      : estimateOf(
          found.purity,
          draws.map(({ purity }) => purity),
        ),
    completeness: estimateOf(
      found.completeness,
      draws.map(({ completeness }) => completeness),
    ),
  }
}

function estimateOf(value: number, draws: readonly number[]): Estimate {
  const sorted = Float64Array.from(draws).sort()
  const at = (level: number) => sorted[Math.round(level * (sorted.length - 1))]
  // Where all or none have passed the middle of the draws lies inside.
  return { value, low: Math.min(value, at(TAIL)), high: Math.max(value, at(1 - TAIL)) }
}

function drawBeta(a: number, b: number, rng: Rng): number {
  const x = drawGamma(a, rng)
  return x / (x + drawGamma(b, rng))
}

/** Of any shape above zero, scale 1. Source: Marsaglia & Tsang 2000, ACM Transactions on Mathematical Software 26, 363. */
function drawGamma(shape: number, rng: Rng): number {
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = rng.normal()
    const v = (1 + c * x) ** 3
    if (v <= 0 || Math.log(rng.uniform()) >= 0.5 * x * x + d - d * v + d * Math.log(v)) continue
    return shape < 1 ? d * v * rng.uniform() ** (1 / shape) : d * v
  }
}
