// How well posteriors of real stars hold what others have measured of them, group by group.
import { posteriorDraws } from '../calibration/posteriorDraws.ts'
import { agePrior } from '../clusters/agePrior.ts'
import { clusterAge } from '../clusters/clusterAge.ts'
import { createRng } from '../math/rng.ts'
import type { StarInput } from '../posterior.ts'
import { type ParameterScore, scoreDraws } from './adaptationScore.ts'
import { adaptedParameters } from './worldStars.ts'

/** What is known of some stars of a group. */
export interface SkyLabels {
  readonly group: string
  readonly parameter: (typeof adaptedParameters)[number]
  /** Whether all have one age, which their posteriors tell together. */
  readonly isCluster: boolean
  readonly labels: readonly {
    /** Row of the judged stars. */
    readonly star: number
    readonly value: number
    /** 1 sigma, >= 0. */
    readonly err: number
  }[]
}

/** Real stars: none is in both. */
export interface SkyStars {
  /** Without labels. */
  readonly adapted: readonly StarInput[]
  readonly judged: readonly StarInput[]
  readonly labels: readonly SkyLabels[]
}

/** Of the posteriors of a group; a label's error is added to every sample before the intervals are looked at. */
export interface SkyScore extends ParameterScore {
  readonly group: string
  readonly starCount: number
  /** Age of the cluster from all its posteriors, median, less the label; null where they are no cluster. */
  readonly stackBias: number | null
}

const PURPOSE = 0x51c4
const AGE_BIN_DEX = 0.03

/**
 * @param samples [stars x adaptedParameters x samples]
 * @param priorAges log ages of stars that the network was taught on, at least 1000
 * @throws RangeError when labels name a star that is not there, or a group has none
 */
export function scoreSky(
  labels: readonly SkyLabels[],
  samples: Float32Array,
  sampleCount: number,
  priorAges: ArrayLike<number>,
  seed: number,
): readonly SkyScore[] {
  const rng = createRng(seed, PURPOSE)
  const prior = agePrior(priorAges, AGE_BIN_DEX)
  return labels.map(({ group, parameter, isCluster, labels: known }) => {
    const p = adaptedParameters.indexOf(parameter)
    const each = known.map(({ star }) => {
      const from = (star * adaptedParameters.length + p) * sampleCount
      if (from + sampleCount > samples.length) throw new RangeError(`scoreSky: there is no star ${star} of ${group}`)
      return samples.subarray(from, from + sampleCount)
    })
    const noisy = each.map((one, k) => one.map(value => value + known[k].err * rng.normal()))
    const values = Float64Array.from(known, ({ value }) => value)
    const [plain, looked] = [each, noisy].map(
      all => scoreDraws(posteriorDraws([parameter], values, joined(all, sampleCount)), seed)[0],
    )
    return {
      ...{ ...plain, covered68: looked.covered68, covered90: looked.covered90 },
      ...{ group, starCount: known.length },
      stackBias: isCluster ? clusterAge(each, prior).logAgeYr.q50 - known[0].value : null,
    }
  })
}

function joined(parts: readonly Float32Array[], width: number): Float32Array {
  const out = new Float32Array(parts.length * width)
  for (const [k, part] of parts.entries()) out.set(part, k * width)
  return out
}
