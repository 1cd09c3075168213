// Calibration: how well a probability sorts, whatever its scale: the receiver operating curve.
import { rocArea } from './reliability.ts'

export interface RocCurve {
  /** Area under the curve: the chance that a true one is ranked above a false one, ties half. */
  readonly area: number
  readonly areaErr: number
  readonly trueCount: number
  readonly falseCount: number
  /** Corners from (0, 0) to (1, 1): share of the false and of the true ones at or above a threshold. */
  readonly falseShares: readonly number[]
  readonly trueShares: readonly number[]
}

/**
 * @param predicted [N] probabilities
 * @param isTrue [N] whether it was so
 * @returns null when all are true or none is
 * @throws RangeError when lengths differ, nothing is there, or a probability is outside 0 to 1
 *
 * Source: standard error of the area, Hanley & McNeil 1982 (Radiology 143, 29), with their exponential approximation.
 */
export function rocCurve(predicted: Float64Array, isTrue: readonly boolean[]): RocCurve | null {
  const area = rocArea(predicted, isTrue)
  if (area === null) return null
  const order = Array.from(predicted.keys()).sort((a, b) => predicted[b] - predicted[a])
  const trueCount = isTrue.filter(Boolean).length
  const falseCount = isTrue.length - trueCount
  const falseShares = [0]
  const trueShares = [0]
  let [hits, alarms] = [0, 0]
  for (let at = 0; at < order.length; ) {
    const value = predicted[order[at]]
    // Equal predictions pass a threshold together.
    for (; at < order.length && predicted[order[at]] === value; at++) {
      if (isTrue[order[at]]) hits++
      else alarms++
    }
    falseShares.push(alarms / falseCount)
    trueShares.push(hits / trueCount)
  }
  const q1 = area / (2 - area)
  const q2 = (2 * area ** 2) / (1 + area)
  const variance =
    (area * (1 - area) + (trueCount - 1) * (q1 - area ** 2) + (falseCount - 1) * (q2 - area ** 2)) /
    (trueCount * falseCount)
  return { area, areaErr: Math.sqrt(Math.max(0, variance)), trueCount, falseCount, falseShares, trueShares }
}
