// Are these two detections one source? The arithmetic of the question; sourceGroups.ts asks it.
import { RAD_PER_ARCSEC } from '../../schemas/index.ts'

/**
 * Log Bayes factor that two detections are one source rather than two.
 *
 * @param separationArcsec great-circle distance at a common epoch, >= 0
 * @param sigmaAArcsec, sigmaBArcsec 1-sigma circular position errors of the two, > 0
 * @returns natural log, dimensionless; above 0 favours one source
 * @throws RangeError for an error that is not above zero
 *
 * Accuracy: flat-sky limit, within 1e-8 (relative; absolute below 1) while all inputs stay under 10 arcsec.
 * Source: Budavari & Szalay 2008, ApJ 679, 301 (arXiv:0707.1611), the two-catalogue case.
 */
export function logMatchFactor(separationArcsec: number, sigmaAArcsec: number, sigmaBArcsec: number): number {
  if (!(sigmaAArcsec > 0 && sigmaBArcsec > 0)) {
    throw new RangeError(
      `logMatchFactor: position errors ${sigmaAArcsec} and ${sigmaBArcsec} arcsec; both must exceed 0`,
    )
  }
  const varianceArcsec2 = sigmaAArcsec ** 2 + sigmaBArcsec ** 2
  return Math.log(2 / (varianceArcsec2 * RAD_PER_ARCSEC ** 2)) - separationArcsec ** 2 / (2 * varianceArcsec2)
}

/** Of true pairs, the share that is farther apart than the stated errors allow: binaries, blends, saturated stars. */
export const TAIL_FRACTION = 0.02
/** Spread that these have in addition, 1 sigma on each axis. */
export const TAIL_ARCSEC = 0.5

/**
 * `logMatchFactor` where a few true pairs lie farther apart than their errors say: a mixture of two normal
 * distributions. Without it a bright star whose survey position is off by half an arcsec would be two stars.
 */
export function logTailedMatchFactor(separationArcsec: number, sigmaAArcsec: number, sigmaBArcsec: number): number {
  const core = Math.log1p(-TAIL_FRACTION) + logMatchFactor(separationArcsec, sigmaAArcsec, sigmaBArcsec)
  const wideArcsec = Math.sqrt(sigmaBArcsec ** 2 + TAIL_ARCSEC ** 2)
  const tail = Math.log(TAIL_FRACTION) + logMatchFactor(separationArcsec, sigmaAArcsec, wideArcsec)
  const top = Math.max(core, tail)
  return top + Math.log(Math.exp(core - top) + Math.exp(tail - top))
}

/**
 * Log prior probability that a detection belongs to one given source of a catalogue: `fraction` of all detections have
 * a counterpart there, and of the N sources that a whole sky of the local density would hold, each is as likely as any.
 *
 * @param fraction of detections with a counterpart in the catalogue, 0 to 1
 * @param densityPerArcsec2 sources of the catalogue per square arcsec of sky thereabouts, > 0
 *
 * Source: Budavari & Szalay 2008, section 2.4, where N takes the place of the two catalogues' own sizes.
 */
export function logMatchPrior(fraction: number, densityPerArcsec2: number): number {
  const skyArcsec2 = (4 * Math.PI) / RAD_PER_ARCSEC ** 2
  return Math.log(fraction) - Math.log(densityPerArcsec2 * skyArcsec2)
}

/**
 * Posterior probabilities of hypotheses that exclude one another, from their log weights (log prior + log factor).
 *
 * @param logWeights [n] natural logs; -Infinity is impossible, and one at least must be possible
 * @returns [n] summing to one
 */
export function normalizeWeights(logWeights: readonly number[]): number[] {
  const top = Math.max(...logWeights)
  const weights = logWeights.map(logWeight => Math.exp(logWeight - top))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map(weight => weight / sum)
}
