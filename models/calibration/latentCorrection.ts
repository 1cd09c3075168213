// Step 5 of the walk: a star's samples, corrected by what the network was found to get wrong in stars of its pattern.
import { spectrumNames } from '../encoders/modalities.ts'
import { modelObservables, PARAMETER_COUNT } from '../tokens/layout.ts'
import { type RankMap, recalibrate } from './conformal.ts'

/** Maps of the levels of each latent, for stars that have just these observables and spectra. */
export interface PatternCorrection {
  readonly given: readonly string[]
  /** [7] in the order of the latents. */
  readonly maps: readonly RankMap[]
}

/** Quantiles beyond this are cut everywhere. */
const Z_MAX = 6

/** Names a pattern whatever the order of its names. */
export function patternKey(given: readonly string[]): string {
  return [...modelObservables, ...spectrumNames].map(name => (given.includes(name) ? '1' : '0')).join('')
}

/**
 * Moves each latent's draws to the corrected quantiles; their order stays, and so does how latents hang together.
 *
 * @param latents [S x 7] draw after draw; a single draw has no quantiles and is left alone
 * @param maps [7]
 * @returns [S x 7]
 */
export function correctLatents(latents: Float32Array, maps: readonly RankMap[]): Float32Array {
  const draws = latents.length / PARAMETER_COUNT
  if (draws < 2) return latents
  const corrected = new Float32Array(latents.length)
  maps.forEach((map, p) => {
    const own = new Float32Array(draws)
    for (let s = 0; s < draws; s++) own[s] = latents[s * PARAMETER_COUNT + p]
    const moved = recalibrate(own, map, -Z_MAX, Z_MAX)
    for (let s = 0; s < draws; s++) corrected[s * PARAMETER_COUNT + p] = moved[s]
  })
  return corrected
}
