// A circumstellar disk of a simple kind: three black bodies that add to the star from H to W4.

/** Effective wavelengths of the ten bands, micron (pivot wavelengths of the passbands). */
export const bandWavelengthUm = [
  0.6218, 0.511, 0.7769, 1.2355, 1.6458, 2.1603, 3.3682, 4.6179, 12.0718, 22.1944,
] as const

/** Second radiation constant hc/k, micron kelvin (CODATA 2018). */
const C2_UM_K = 14387.7688
/** A disk adds nothing shortward of H: accretion light is not modelled. */
const FIRST_BAND = 4

export interface DiskComponent {
  readonly temperatureK: number
  /** Luminosity of the component over the star's. */
  readonly luminosityRatio: number
}

/**
 * Brightening of each band by a disk, magnitudes <= 0.
 *
 * The flux ratio of a component is L_i / L* (T*^4 / T_i^4) B(T_i) / B(T*), both black bodies, so with dust cooler than the star the
 * excess grows with wavelength for every disk. Dust and star suffer the same extinction.
 *
 * @param temperaturesK, luminosityRatios [K] the components
 * @param out [10] receives the change of magnitude, 0 for G, BP, RP, J
 * @throws RangeError when a component is as hot as the star
 */
export function diskExcessInto(
  teffK: number,
  temperaturesK: Float64Array,
  luminosityRatios: Float64Array,
  out: Float64Array,
): void {
  out.fill(0)
  for (let k = 0; k < temperaturesK.length; k++)
    if (!(temperaturesK[k] < teffK))
      throw new RangeError(`diskExcess: dust of ${temperaturesK[k]} K around a star of ${teffK} K`)
  for (let b = FIRST_BAND; b < bandWavelengthUm.length; b++) {
    const starExponent = C2_UM_K / (bandWavelengthUm[b] * teffK)
    let ratio = 0
    for (let k = 0; k < temperaturesK.length; k++) {
      const t = temperaturesK[k]
      const planck = Math.expm1(starExponent) / Math.expm1(C2_UM_K / (bandWavelengthUm[b] * t))
      ratio += luminosityRatios[k] * (teffK / t) ** 4 * planck
    }
    out[b] = -2.5 * Math.log10(1 + ratio)
  }
}

/** The same for one disk. */
export function diskExcess(teffK: number, components: readonly DiskComponent[]): Float64Array {
  const out = new Float64Array(bandWavelengthUm.length)
  diskExcessInto(
    teffK,
    Float64Array.from(components, c => c.temperatureK),
    Float64Array.from(components, c => c.luminosityRatio),
    out,
  )
  return out
}
