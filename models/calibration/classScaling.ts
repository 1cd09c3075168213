// Class probabilities of one pattern, corrected by what they were found to get wrong: one slope and a shift of each class.
import { factorInPlace, solveLowerInPlace, solveUpperInPlace } from '../math/cholesky.ts'

/** Corrected probabilities are the softmax of slope * log probability + shift of the class. */
export interface ClassScaling {
  readonly slope: number
  /** [K], the first of them 0. */
  readonly shifts: readonly number[]
}

/** A class of which there is one star in thousands must not be shifted to infinity: shifts have a prior of this width. */
const SHIFT_SD = 3
const MAX_STEPS = 50
const FLOOR = 1e-12

/** @returns [K] that sum to one */
export function scaleClasses(probabilities: ArrayLike<number>, { slope, shifts }: ClassScaling): Float64Array {
  const logits = shifts.map((shift, k) => slope * Math.log(Math.max(FLOOR, probabilities[k])) + shift)
  const top = Math.max(...logits)
  const powers = Float64Array.from(logits, logit => Math.exp(logit - top))
  const sum = powers.reduce((total, one) => total + one, 0)
  return powers.map(one => one / sum)
}

/**
 * The scaling under which the classes of stars are the likeliest, by Newton's method on a convex function.
 *
 * @param probabilities [N x K] of stars that the model has not seen, star after star
 * @param truths [N] index of the true class
 * @throws RangeError when shapes do not fit
 * Source: Alexandari, Kundaje & Shrikumar 2020 (ICML, arXiv:1901.06852), bias-corrected temperature scaling.
 */
export function fitClassScaling(probabilities: Float64Array, truths: Int32Array, classCount: number): ClassScaling {
  const stars = truths.length
  if (stars === 0 || probabilities.length !== stars * classCount) {
    throw new RangeError(`fitClassScaling: ${probabilities.length} probabilities of ${stars} stars`)
  }
  const logs = probabilities.map(one => Math.log(Math.max(FLOOR, one)))
  // Unknowns: the slope, then the shifts of all classes but the first.
  const size = classCount
  let at = Float64Array.from({ length: size }, (_, u) => (u === 0 ? 1 : 0))
  let loss = lossAt(logs, truths, at)
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, hessian } = derivativesAt(logs, truths, at)
    if (!factorInPlace(hessian, size)) break
    const move = Float64Array.from(gradient)
    solveLowerInPlace(hessian, size, move)
    solveUpperInPlace(hessian, size, move)
    let share = 1
    let next = at
    let nextLoss = loss
    // Newton's step may overshoot far from the minimum.
    for (; share > 1e-6; share /= 2) {
      next = at.map((value, u) => value - share * move[u])
      nextLoss = lossAt(logs, truths, next)
      if (nextLoss <= loss) break
    }
    if (!(nextLoss < loss - 1e-12 * stars)) break
    at = next
    loss = nextLoss
  }
  return { slope: at[0], shifts: [0, ...at.subarray(1)] }
}

function scaledAt(logs: Float64Array, star: number, at: Float64Array): Float64Array {
  const K = at.length
  const logits = Float64Array.from({ length: K }, (_, k) => at[0] * logs[star * K + k] + (k === 0 ? 0 : at[k]))
  const top = Math.max(...logits)
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - top), 0)
  return logits.map(logit => logit - top - Math.log(sum))
}

function lossAt(logs: Float64Array, truths: Int32Array, at: Float64Array): number {
  let loss = 0
  for (let u = 1; u < at.length; u++) loss += (at[u] / SHIFT_SD) ** 2 / 2
  truths.forEach((truth, star) => {
    loss -= scaledAt(logs, star, at)[truth]
  })
  return loss
}

function derivativesAt(logs: Float64Array, truths: Int32Array, at: Float64Array) {
  const K = at.length
  const gradient = Float64Array.from(at, (value, u) => (u === 0 ? 0 : value / SHIFT_SD ** 2))
  const hessian = new Float64Array(K * K)
  for (let u = 0; u < K; u++) hessian[u * K + u] = u === 0 ? 1e-9 : SHIFT_SD ** -2
  truths.forEach((truth, star) => {
    const p = scaledAt(logs, star, at).map(Math.exp)
    const x = logs.subarray(star * K, (star + 1) * K)
    const mean = p.reduce((sum, one, k) => sum + one * x[k], 0)
    const square = p.reduce((sum, one, k) => sum + one * x[k] ** 2, 0)
    gradient[0] += mean - x[truth]
    hessian[0] += square - mean ** 2
    for (let k = 1; k < K; k++) {
      gradient[k] += p[k] - (k === truth ? 1 : 0)
      const mixed = p[k] * (x[k] - mean)
      hessian[k] += mixed
      hessian[k * K] += mixed
      for (let j = 1; j < K; j++) hessian[k * K + j] += (j === k ? p[k] : 0) - p[k] * p[j]
    }
  })
  return { gradient, hessian }
}
