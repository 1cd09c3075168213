// Calibration: whether stars called young with 70% are young 7 times in 10.

export interface ReliabilityBin {
  /** Smallest and largest probability that fell in. */
  readonly low: number
  readonly high: number
  readonly count: number
  readonly meanPredicted: number
  /** Fraction of them that was so. */
  readonly observed: number
  /** Standard error of `observed` were the predictions right. */
  readonly standardErr: number
}

export type Binning =
  /** Same number in each bin: the error of each is alike. */
  | 'equalCount'
  /** Same span of probability: what most diagrams show. */
  | 'equalWidth'

export interface CalibrationError {
  /** Mean over predictions of |observed - predicted| of their bin. Noise alone makes it positive. */
  readonly expected: number
  /** Largest such gap of a bin. */
  readonly largest: number
  /** What `expected` would be by chance alone, were the predictions right. */
  readonly chance: number
  /** Root mean square gap with the noise's share taken off, zero when noise explains all. */
  readonly debiased: number
}

/**
 * Predictions of one event sorted into bins, for a reliability diagram. Empty bins are left out.
 *
 * @param predicted [N] probabilities
 * @param isTrue [N] whether it was so
 * @throws RangeError when lengths differ, nothing is there, or a probability is outside 0 to 1
 */
export function reliabilityBins(
  predicted: Float64Array,
  isTrue: readonly boolean[],
  binCount: number,
  binning: Binning,
): ReliabilityBin[] {
  checkPredictions(predicted, isTrue)
  const n = predicted.length
  const order = Array.from(predicted.keys()).sort((a, b) => predicted[a] - predicted[b])
  const groups: number[][] = []
  if (binning === 'equalWidth') {
    for (let b = 0; b < binCount; b++) groups.push([])
    for (const i of order) groups[Math.min(binCount - 1, Math.floor(predicted[i] * binCount))].push(i)
  } else {
    let at = 0
    for (let b = 0; b < binCount && at < n; b++) {
      let end = Math.max(at + 1, Math.round(((b + 1) * n) / binCount))
      // Equal predictions stay together: a border through a tie would depend on the order of the input.
      while (end < n && predicted[order[end]] === predicted[order[end - 1]]) end++
      groups.push(order.slice(at, end))
      at = end
    }
  }
  return groups.filter(group => group.length > 0).map(group => binOf(group, predicted, isTrue))
}

function binOf(group: readonly number[], predicted: Float64Array, isTrue: readonly boolean[]): ReliabilityBin {
  const count = group.length
  let [sum, hits, variance] = [0, 0, 0]
  for (const i of group) {
    sum += predicted[i]
    variance += predicted[i] * (1 - predicted[i])
    if (isTrue[i]) hits++
  }
  return {
    low: predicted[group[0]],
    high: predicted[group[count - 1]],
    count,
    meanPredicted: sum / count,
    observed: hits / count,
    standardErr: Math.sqrt(variance) / count,
  }
}

/**
 * Calibration errors of a reliability diagram.
 *
 * Source: Naeini et al. 2015 (AAAI) for `expected` and `largest`; `chance` is the mean of a half-normal for each bin;
 * `debiased` after Kumar et al. 2019 (NeurIPS, arXiv:1909.10155), with the variance the predictions themselves claim.
 */
export function calibrationError(bins: readonly ReliabilityBin[]): CalibrationError {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0)
  const mean = (value: (bin: ReliabilityBin) => number) =>
    bins.reduce((sum, bin) => sum + bin.count * value(bin), 0) / total
  const gap = (bin: ReliabilityBin) => Math.abs(bin.observed - bin.meanPredicted)
  return {
    expected: mean(gap),
    largest: Math.max(...bins.map(gap)),
    chance: mean(bin => bin.standardErr * Math.sqrt(2 / Math.PI)),
    debiased: Math.sqrt(
      Math.max(
        0,
        mean(bin => gap(bin) ** 2 - bin.standardErr ** 2),
      ),
    ),
  }
}

/**
 * Brier score of several classes, 0 to 2: mean over stars of the squared distance to the truth's corner.
 *
 * @param probabilities [N x K] star after star
 * @param truths [N] index of the true class
 * Source: Brier 1950 (Mon. Weather Rev. 78, 1), the original form that sums over classes.
 */
export function brierScore(probabilities: Float64Array, truths: Int32Array): number {
  const K = classCount(probabilities, truths)
  let sum = 0
  probabilities.forEach((p, i) => {
    sum += (p - (i % K === truths[Math.floor(i / K)] ? 1 : 0)) ** 2
  })
  return sum / truths.length
}

/**
 * Mean of -ln p(true class), in nats. A probability of zero counts as 1e-15: one sure mistake costs 34.5 and not infinity.
 *
 * @param probabilities [N x K] star after star
 * @param truths [N] index of the true class
 */
export function logLoss(probabilities: Float64Array, truths: Int32Array): number {
  const K = classCount(probabilities, truths)
  return truths.reduce((sum, k, i) => sum - Math.log(Math.max(1e-15, probabilities[i * K + k])), 0) / truths.length
}

/**
 * Area under the receiver operating curve: the chance that a true one is ranked above a false one, ties half.
 *
 * @returns null when all are true or none is: there is nothing to rank
 * Source: Hanley & McNeil 1982 (Radiology 143, 29), the Mann-Whitney form.
 */
export function rocArea(predicted: Float64Array, isTrue: readonly boolean[]): number | null {
  checkPredictions(predicted, isTrue)
  const order = Array.from(predicted.keys()).sort((a, b) => predicted[a] - predicted[b])
  let [wins, falseBelow, trueCount] = [0, 0, 0]
  for (let at = 0; at < order.length; ) {
    let [trueHere, falseHere] = [0, 0]
    const value = predicted[order[at]]
    for (; at < order.length && predicted[order[at]] === value; at++) {
      if (isTrue[order[at]]) trueHere++
      else falseHere++
    }
    wins += trueHere * (falseBelow + falseHere / 2)
    falseBelow += falseHere
    trueCount += trueHere
  }
  return trueCount === 0 || falseBelow === 0 ? null : wins / (trueCount * falseBelow)
}

/** [N] probabilities of one class, out of [N x K]. */
export function classColumn(probabilities: Float64Array, classCountK: number, index: number): Float64Array {
  return Float64Array.from(
    { length: probabilities.length / classCountK },
    (_, i) => probabilities[i * classCountK + index],
  )
}

function classCount(probabilities: Float64Array, truths: Int32Array): number {
  const K = probabilities.length / truths.length
  if (!Number.isInteger(K) || K < 2) {
    throw new RangeError(`${probabilities.length} probabilities do not fit ${truths.length} stars`)
  }
  if (!truths.every(k => k >= 0 && k < K)) throw new RangeError(`a true class is not one of ${K}`)
  return K
}

function checkPredictions(predicted: Float64Array, isTrue: readonly boolean[]): void {
  if (predicted.length === 0 || predicted.length !== isTrue.length) {
    throw new RangeError(`${predicted.length} predictions for ${isTrue.length} outcomes`)
  }
  if (!predicted.every(p => p >= 0 && p <= 1)) throw new RangeError('a probability is outside 0 to 1')
}
