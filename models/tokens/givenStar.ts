// What a caller tells of a star -> the arrays that tokens are written from.
import { FusionError } from '../../schemas/index.ts'
import type { GivenSpectrum, StarInput } from '../posterior.ts'
import { modelObservables, modelSpectra, SPECTRUM_FEATURES } from './layout.ts'
import { type SpectrumBasis, spectrumFeaturesInto } from './spectrumFeatures.ts'
import { emptyStar, type ObservedStar } from './tokenizer.ts'

const slotOf = new Map<string, number>(modelObservables.map((name, i) => [name, i]))

/**
 * What a star's given values are to the network; quantities it does not know are left out.
 *
 * @param errFloors [11] errors added in quadrature, in the units of the observables
 * @param spectra one basis for each of `modelSpectra`, or none where the network reads no spectra
 * @throws FusionError VALUE_OUT_OF_RANGE for a value or an error that is not finite, or an error that is not above zero
 */
export function observeStar(
  star: StarInput,
  errFloors: readonly number[],
  spectra: readonly SpectrumBasis[] = [],
): ObservedStar {
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
  for (const given of star.spectra ?? []) {
    const s = (modelSpectra as readonly string[]).indexOf(given.name)
    if (s < 0 || s >= spectra.length) continue
    checkSpectrum(star.key, given, spectra[s])
    if (spectrumFeaturesInto(spectra[s], given, observed.spectra, s * SPECTRUM_FEATURES)) observed.hasSpectrum[s] = 1
  }
  return observed
}

/** Observables and spectra that a star has, in the order of their slots. */
export function givenNames({ present, hasSpectrum }: ObservedStar): readonly string[] {
  return [
    ...modelObservables.filter((_, o) => present[o] === 1),
    ...modelSpectra.filter((_, s) => hasSpectrum[s] === 1),
  ]
}

function checkSpectrum(key: string, { name, coefficients, errors }: GivenSpectrum, { mean }: SpectrumBasis): void {
  const isRight =
    coefficients.length === mean.length &&
    errors.length === mean.length &&
    Array.from(coefficients).every(Number.isFinite) &&
    Array.from(errors).every(err => err > 0 && Number.isFinite(err))
  if (isRight) return
  throw new FusionError(
    'VALUE_OUT_OF_RANGE',
    `Star ${key}: ${name} has ${coefficients.length} coefficients and ${errors.length} errors; ${mean.length} finite coefficients and as many errors above zero are needed.`,
  )
}
