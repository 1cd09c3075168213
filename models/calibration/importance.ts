// Corrects samples by what they should have been drawn from, and says how many they are worth.

export interface Importance {
  /** [N] how much each sample counts; they sum to 1. */
  readonly weights: Float64Array
  /** How many independent samples of the target would be as good: between 1 and N; 0 where all weights are nothing. */
  readonly effectiveSize: number
  /** Natural log of the target's integral: of the evidence, where the target is a likelihood times a prior. Null where all weights are nothing. */
  readonly logEvidence: number | null
  /** Standard error of that. */
  readonly logEvidenceErr: number | null
}

/**
 * Source: Kong 1992 (effective size); Dax et al. 2023, arXiv:2210.05686, for networks' posteriors.
 *
 * @param logTarget [N] natural log of the target's density, which need not be normalised; -Infinity where it is nothing
 * @param logProposal [N] natural log of the density that the samples were drawn from, normalised
 * @throws RangeError when they are not as many, there are none, or a weight is not a number
 */
export function importanceOf(logTarget: ArrayLike<number>, logProposal: ArrayLike<number>): Importance {
  const n = logTarget.length
  if (n === 0 || logProposal.length !== n) {
    throw new RangeError(`importanceOf: ${n} targets and ${logProposal.length} proposals are no pairs`)
  }
  const logs = Float64Array.from({ length: n }, (_, i) => logTarget[i] - logProposal[i])
  if (logs.some(value => Number.isNaN(value) || value === Number.POSITIVE_INFINITY)) {
    throw new RangeError('importanceOf: a weight is not a number')
  }
  const highest = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (highest === Number.NEGATIVE_INFINITY) {
    return { weights: new Float64Array(n), effectiveSize: 0, logEvidence: null, logEvidenceErr: null }
  }
  const raw = logs.map(value => Math.exp(value - highest))
  const sum = raw.reduce((a, b) => a + b, 0)
  const weights = raw.map(value => value / sum)
  const effectiveSize = 1 / weights.reduce((total, w) => total + w * w, 0)
  return {
    weights,
    effectiveSize,
    logEvidence: highest + Math.log(sum / n),
    // Of a mean of n independent weights whose mean square over squared mean is n / effectiveSize.
    logEvidenceErr: Math.sqrt(Math.max(0, 1 / effectiveSize - 1 / n)),
  }
}
