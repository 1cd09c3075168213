// Step 5 of the walk: a star's samples, corrected by what the network was found to get wrong in stars of its pattern.
import { spectrumNames } from '../encoders/modalities.ts'
import { modelObservables, modelParameters, PARAMETER_COUNT } from '../tokens/layout.ts'
import type { ClassScaling } from './classScaling.ts'
import { type RankMap, recalibrate } from './conformal.ts'

/** What posteriors of a pattern are moved by. */
export interface Correction {
  /** [7] in the order of the latents; of spectra alone the fifth is of the luminosity itself, see `isOfSpectraAlone`. */
  readonly maps: readonly RankMap[]
  /** Of the class probabilities; absent where none was measured. */
  readonly classes?: ClassScaling
}

/** For stars that have just these observables and spectra. */
export interface PatternCorrection extends Correction {
  readonly given: readonly string[]
}

const LUMINOSITY = modelParameters.indexOf('logLuminosityLsun')

/**
 * Without parallax and magnitudes a spectrum tells the luminosity and next to nothing of the angular size, in whose latent the luminosity
 * otherwise is: what is to be right then is the luminosity.
 */
export const isOfSpectraAlone = (given: readonly string[]) =>
  !given.some(name => (modelObservables as readonly string[]).includes(name))

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
 * @param maps [7], null for a latent that stays
 * @returns [S x 7]
 */
export function correctLatents(latents: Float32Array, maps: readonly (RankMap | null)[]): Float32Array {
  const draws = latents.length / PARAMETER_COUNT
  if (draws < 2) return latents
  const corrected = new Float32Array(latents.length)
  maps.forEach((map, p) => {
    const own = new Float32Array(draws)
    for (let s = 0; s < draws; s++) own[s] = latents[s * PARAMETER_COUNT + p]
    const moved = map === null ? own : recalibrate(own, map, -Z_MAX, Z_MAX)
    for (let s = 0; s < draws; s++) corrected[s * PARAMETER_COUNT + p] = moved[s]
  })
  return corrected
}

/** The maps of a pattern as those of its latents, and that of the luminosity where it has one of its own. */
export function splitMaps(given: readonly string[], maps: readonly RankMap[]) {
  if (!isOfSpectraAlone(given)) return { latents: maps, luminosity: null }
  return { latents: maps.map((map, p) => (p === LUMINOSITY ? null : map)), luminosity: maps[LUMINOSITY] }
}
