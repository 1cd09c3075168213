// Step 5 of the walk: one star's measurements -> token features. A missing observable has no token.
import type { DistanceBase } from './distanceBase.ts'
import {
  FEATURE_COUNT,
  modelObservables,
  modelSpectra,
  OBSERVABLE_COUNT,
  SPECTRA_SLOT,
  SPECTRUM_FEATURES,
  SPECTRUM_SLOTS,
} from './layout.ts'
import { SPECTRUM_MAGNITUDE } from './spectrumFeatures.ts'

/** A star as parallel arrays over `modelObservables`. */
export interface ObservedStar {
  /** [11] values; where `present` is 0 the content is not read. */
  readonly values: Float64Array
  /** [11] 1-sigma errors, > 0 where present. */
  readonly errs: Float64Array
  /** [11] 1 where measured. */
  readonly present: Uint8Array
  /** [11] 1 where the value is a limit. */
  readonly limits: Uint8Array
  /** [2][16] numbers of the spectra, as `spectrumFeaturesInto` writes them. */
  readonly spectra: Float64Array
  /** [2] 1 where there is a spectrum. */
  readonly hasSpectrum: Uint8Array
}

/** A star of which nothing was measured. */
export function emptyStar(): ObservedStar {
  return {
    values: new Float64Array(OBSERVABLE_COUNT),
    errs: new Float64Array(OBSERVABLE_COUNT),
    present: new Uint8Array(OBSERVABLE_COUNT),
    limits: new Uint8Array(OBSERVABLE_COUNT),
    spectra: new Float64Array(modelSpectra.length * SPECTRUM_FEATURES),
    hasSpectrum: new Uint8Array(modelSpectra.length),
  }
}

/** Colours are taken against the first of these that was measured: near the star's peak, least often missing. */
const referenceBands = ['gMag', 'jMag', 'rpMag', 'ksMag', 'hMag', 'bpMag', 'w1Mag', 'w2Mag', 'w3Mag', 'w4Mag'].map(
  name => (modelObservables as readonly string[]).indexOf(name),
)
const PARALLAX = modelObservables.indexOf('parallaxMas')
/** Features stay in the range the network was trained on, whatever a survey delivers. */
const FEATURE_LIMIT = 8

/**
 * Writes the token features of one star.
 *
 * Slot 0 (the star): distance base. Slot 1 (parallax): value, error and significance.
 * Slots of magnitudes: colour against a reference band, apparent and absolute magnitude, error, limit, distance width.
 * Slots of spectra: their shapes, signal, and their brightness as that of a magnitude.
 *
 * @param star measurements, magnitudes in mag, parallax in mas
 * @param base what the parallax says of the distance
 * @param features [T x 8] written from `offset` on, T >= 16 slots
 * @param mask [T] written from `maskOffset` on: 1 where the slot holds a token
 */
export function writeTokens(
  star: ObservedStar,
  base: DistanceBase,
  features: Float32Array,
  offset: number,
  mask: Float32Array,
  maskOffset: number,
): void {
  const width = Math.log10(base.halfWidthDex)
  const modulus = 5 * base.median - 5
  const reference = referenceBands.find(i => star.present[i] === 1 && star.limits[i] === 0) ?? -1
  const referenceMag = reference < 0 ? 0 : star.values[reference]
  const put = (slot: number, numbers: readonly number[]) => {
    mask[maskOffset + slot] = 1
    for (let f = 0; f < FEATURE_COUNT; f++) {
      features[offset + slot * FEATURE_COUNT + f] = clip(numbers[f] ?? 0)
    }
  }
  put(0, [
    base.median - 2.5,
    width + 1,
    reference < 0 ? 0 : (referenceMag - 13) / 4,
    reference < 0 ? 0 : (referenceMag - modulus - 5) / 4,
    reference < 0 ? 1 : 0,
    reference === 1 ? 1 : 0,
    reference === 4 ? 1 : 0,
  ])
  for (let i = 0; i < OBSERVABLE_COUNT; i++) {
    if (star.present[i] === 0) continue
    const value = star.values[i]
    const logErr = Math.log10(star.errs[i])
    if (i === PARALLAX) {
      put(1 + i, [
        base.median - 2.5,
        width + 1,
        Math.asinh(value / star.errs[i] / 3) / 3,
        logErr + 1,
        Math.asinh(value) / 2,
      ])
      continue
    }
    const colour = reference < 0 ? 0 : value - referenceMag
    put(1 + i, [
      colour,
      (value - 13) / 4,
      (value - modulus - 5) / 4,
      logErr + 1.5,
      star.limits[i],
      width + 1,
      reference < 0 ? 0 : colour / 4,
      i === reference ? 1 : 0,
    ])
  }
  for (let s = 0; s < modelSpectra.length; s++) {
    if (star.hasSpectrum[s] === 0) continue
    const numbers = star.spectra.subarray(s * SPECTRUM_FEATURES, (s + 1) * SPECTRUM_FEATURES)
    const magnitude = numbers[SPECTRUM_MAGNITUDE]
    const whole = [...numbers]
    whole[SPECTRUM_MAGNITUDE] = (magnitude - 13) / 4
    whole[SPECTRUM_MAGNITUDE + 1] = reference < 0 ? 0 : magnitude - referenceMag
    for (let k = 0; k < SPECTRUM_SLOTS; k++)
      put(SPECTRA_SLOT + s * SPECTRUM_SLOTS + k, whole.slice(k * FEATURE_COUNT, (k + 1) * FEATURE_COUNT))
  }
}

function clip(value: number): number {
  return Math.min(FEATURE_LIMIT, Math.max(-FEATURE_LIMIT, value))
}
