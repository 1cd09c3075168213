// A star as its network is told of it: the tokens of its measurements, with the bases that its latents stand on.
import type { StarInput } from '../posterior.ts'
import { observeStar } from './givenStar.ts'
import { FEATURE_COUNT, OBSERVED_SLOTS } from './layout.ts'
import { basesOf, type LatentMaps, type StarBases } from './posteriorLatents.ts'
import type { SpectrumBasis } from './spectrumFeatures.ts'
import { type ObservedStar, writeTokens } from './tokenizer.ts'

export interface EncodedStar {
  readonly observed: ObservedStar
  readonly bases: StarBases
  /** [16, 8] */
  readonly features: Float32Array
  /** [16] 1 where there is a token. */
  readonly mask: Float32Array
}

/**
 * @param errFloors, spectra as of `observeStar`
 * @throws FusionError as `observeStar` does
 */
export function encodeStar(
  star: StarInput,
  errFloors: readonly number[],
  spectra: readonly SpectrumBasis[],
  maps: LatentMaps,
): EncodedStar {
  const observed = observeStar(star, errFloors, spectra)
  const bases = basesOf(observed, maps)
  const features = new Float32Array(OBSERVED_SLOTS * FEATURE_COUNT)
  const mask = new Float32Array(OBSERVED_SLOTS)
  writeTokens(observed, bases.distance, features, 0, mask, 0)
  return { observed, bases, features, mask }
}
