// What the benchmarks say of repeated measurements: medians and how sure they are.

/** @throws RangeError when there is nothing to take the median of */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of nothing')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * A confidence interval of the median that supposes nothing of the distribution: the values of ranks `low` and `high`
 * (from 1), between which the true median lies with at least the given probability when the values are independent.
 *
 * @returns the widest ranks there are, 1 and n, where n values are too few for that probability
 *
 * Source: order statistics and the binomial distribution with p = 1/2, e.g. Conover, Practical Nonparametric
 * Statistics, 3rd ed., section 3.2.
 */
export function medianRanks(n: number, probability = 0.95): { readonly low: number; readonly high: number } {
  const tail = (1 - probability) / 2
  let term = 0.5 ** n
  let sum = term
  let low = 1
  // sum is P(Binomial(n, 1/2) <= low - 1); the rank may rise as long as it stays below the tail.
  for (let k = 1; k <= n / 2; k++) {
    term *= (n - k + 1) / k
    sum += term
    if (sum > tail) break
    low = k + 1
  }
  return { low, high: n + 1 - low }
}

export interface Spread {
  readonly median: number
  /** 95% interval of the median, or the whole range where there are fewer than six values. */
  readonly low: number
  readonly high: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const { low, high } = medianRanks(values.length)
  return { median: median(values), low: sorted[low - 1], high: sorted[high - 1] }
}

/**
 * The smallest of the values that at least this share of them does not exceed (nearest rank): always one that was measured.
 *
 * @throws RangeError when there are no values
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('a quantile of nothing')
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]
}

/**
 * Events per second between two shares of them, so that a slow beginning or end does not count.
 *
 * @param timesMs when each came, in order
 * @throws RangeError when fewer than two lie between
 */
export function windowRate(
  timesMs: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const first = Math.floor(from * timesMs.length)
  const last = Math.ceil(to * timesMs.length) - 1
  const seconds = (timesMs[last] - timesMs[first]) / 1000
  if (!(last > first && seconds > 0)) throw new RangeError(`the rate of ${timesMs.length} events`)
  return (last - first) / seconds
}
