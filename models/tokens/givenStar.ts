// What a caller tells of a star -> the arrays that tokens are written from.
import { FusionError } from '../../schemas/index.ts'
import type { StarInput } from '../posterior.ts'
import { modelObservables } from './layout.ts'
import { emptyStar, type ObservedStar } from './tokenizer.ts'

const slotOf = new Map<string, number>(modelObservables.map((name, i) => [name, i]))

/**
 * What a star's given values are to the network; quantities it does not know are left out.
 *
 * @param errFloors [11] errors added in quadrature, in the units of the observables
 * @throws FusionError VALUE_OUT_OF_RANGE for a value or an error that is not finite, or an error that is not above zero
 */
export function observeStar(star: StarInput, errFloors: readonly number[]): ObservedStar {
  const observed = emptyStar()
  for (const given of star.given) {
    const slot = slotOf.get(given.quantity)
    if (slot === undefined) continue
    if (!Number.isFinite(given.value) || !(given.err > 0) || !Number.isFinite(given.err)) {
      throw new FusionError(
        'VALUE_OUT_OF_RANGE',
        `Star ${star.key}: ${given.quantity} is ${given.value} with error ${given.err}; a finite value and an error above zero are needed.`,
      )
    }
    // Limits are not simulated yet, so the network never saw one: it would misread it as a detection.
    if (given.isLimit) continue
    observed.values[slot] = given.value
    observed.errs[slot] = Math.hypot(given.err, errFloors[slot])
    observed.present[slot] = 1
  }
  return observed
}
