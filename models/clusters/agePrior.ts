// The prior of one star's log age, cut into bins: what a stack of stars must divide out again.

export interface AgePrior {
  /** [K + 1] borders of the bins, dex(yr), evenly spaced. */
  readonly edges: Float64Array
  /** [K] prior probability of each bin; they sum to one. */
  readonly masses: Float64Array
}

/**
 * Prior probability of bins of log age, counted over draws.
 *
 * @param draws [N] log ages from the prior, N >= 1000
 * @param binWidthDex bins are evenly spaced between the smallest and the largest draw, at most this wide
 * @throws RangeError when there are too few draws, they are all alike, or the width is not positive
 */
export function agePrior(draws: ArrayLike<number>, binWidthDex: number): AgePrior {
  if (draws.length < 1000) throw new RangeError(`agePrior: ${draws.length} draws are fewer than 1000`)
  if (!(binWidthDex > 0)) throw new RangeError(`agePrior: bin width ${binWidthDex} is not positive`)
  let [low, high] = [draws[0], draws[0]]
  for (let i = 1; i < draws.length; i++) {
    low = Math.min(low, draws[i])
    high = Math.max(high, draws[i])
  }
  if (!(high > low)) throw new RangeError('agePrior: all draws are alike')
  const count = Math.max(1, Math.ceil((high - low) / binWidthDex))
  const width = (high - low) / count
  const edges = Float64Array.from({ length: count + 1 }, (_, k) => low + k * width)
  const masses = new Float64Array(count)
  for (let i = 0; i < draws.length; i++) {
    masses[Math.min(count - 1, Math.floor((draws[i] - low) / width))] += 1 / draws.length
  }
  return { edges, masses }
}
