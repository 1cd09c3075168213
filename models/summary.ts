// Samples of one parameter -> the numbers people quote.
import type { Summary } from '../schemas/index.ts'

/**
 * Mean, standard deviation and quantiles of a marginal posterior.
 *
 * @param parameter name, with its unit
 * @param samples [S] finite values, S >= 1
 * @returns quantiles interpolate between order statistics (definition 7 of Hyndman & Fan 1996)
 * @throws RangeError when there is no sample
 */
export function summarize(parameter: string, samples: Float32Array): Summary {
  const count = samples.length
  if (count === 0) throw new RangeError(`summarize: ${parameter} has no samples`)
  const sorted = samples.slice().sort()
  let sum = 0
  for (let i = 0; i < count; i++) sum += samples[i]
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < count; i++) squares += (samples[i] - mean) ** 2
  const variance = squares / Math.max(1, count - 1)
  const at = (probability: number) => {
    const rank = probability * (count - 1)
    const low = Math.min(Math.floor(rank), count - 1)
    const high = Math.min(low + 1, count - 1)
    return sorted[low] + (rank - low) * (sorted[high] - sorted[low])
  }
  return {
    parameter,
    mean,
    sd: Math.sqrt(variance),
    q025: at(0.025),
    q16: at(0.158655),
    q50: at(0.5),
    q84: at(0.841345),
    q975: at(0.975),
  }
}
