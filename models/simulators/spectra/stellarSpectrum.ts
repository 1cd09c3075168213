// A star -> its light in the pixels of a spectrograph, without noise.
import { CM_PER_PC, CM_PER_RSUN } from '../../../schemas/index.ts'
import { createOpticalDust, type OpticalStar } from '../xp/xpStarlight.ts'
import { FINE_COUNT, fineAngstrom } from './fineGrid.ts'
import { convolveInto, MAX_VSINI_KM_PER_S, rotationKernel } from './rotation.ts'
import { expOfNodesInto, NODE_STEP, nodeCount } from './smoothFactor.ts'
import type { SpectralTemplates } from './spectralTemplates.ts'
import { createSpectrograph, MAX_VELOCITY_KM_PER_S, type Spectrograph } from './spectrograph.ts'
import type { SpectrographName } from './spectrographFacts.ts'
import { absorbLithium, addEmission, addVeil, type EmissionLine } from './youngLines.ts'

export interface SpectralStar extends OpticalStar {
  /** Against the frame of the wavelengths, positive away; -1500 to 1500. */
  readonly velocityKmPerS: number
  /** 0 to 500. */
  readonly vsiniKmPerS: number
  /** Equivalent width of Li I 6708 in absorption, 0 to 2. */
  readonly lithiumEwAngstrom: number
  /** Light of accretion over the photosphere's at 6500 Angstrom, 0 up, and the temperature of its black body. */
  readonly veil: { readonly ratio: number; readonly temperatureK: number }
  readonly emission: readonly EmissionLine[]
}

/** What a star without youth, rotation and velocity has. */
export const plainStar = {
  velocityKmPerS: 0,
  vsiniKmPerS: 0,
  lithiumEwAngstrom: 0,
  veil: { ratio: 0, temperatureK: 8000 },
  emission: [],
} as const satisfies Omit<SpectralStar, keyof OpticalStar>

export interface StarSpectra extends Pick<Spectrograph, 'angstrom' | 'widthAngstrom'> {
  /**
   * Mean F_lambda in each pixel, 1e-17 erg/s/cm2/Angstrom.
   * @param out [P]; untouched when the answer is false
   * @returns false outside the templates, the R_V of the law or the ranges of `SpectralStar`, and unless radius and distance are positive
   * @throws RangeError on an emission line whose width is not above zero
   */
  fluxInto(star: SpectralStar, out: Float64Array): boolean
}

const UNIT = 1e-17
const RSUN_PC = CM_PER_RSUN / CM_PER_PC
const MAX_LITHIUM_ANGSTROM = 2

/**
 * Photosphere with lithium, turned, then the veil and the emission lines (which do not turn), moved, spread over the pixels, and behind dust
 * at the wavelengths of the pixels.
 *
 * @param law a name of `extinctionLawNames`
 * @throws RangeError on another
 */
export function createStarSpectra(name: SpectrographName, templates: SpectralTemplates, law = 'g23'): StarSpectra {
  const spectrograph = createSpectrograph(name)
  const { angstrom, widthAngstrom } = spectrograph
  const lnDust = new Float64Array(nodeCount(angstrom.length))
  const nodeNm = lnDust.map((_, k) => (angstrom[0] / 10) * (angstrom[1] / angstrom[0]) ** (k * NODE_STEP))
  const dust = createOpticalDust(law, nodeNm)
  const passed = new Float64Array(angstrom.length)
  const flux = new Float32Array(FINE_COUNT)
  const turned = new Float32Array(FINE_COUNT)
  const energies = new Float64Array(angstrom.length)

  function fluxInto(star: SpectralStar, out: Float64Array): boolean {
    const { radiusRsun, distancePc, lithiumEwAngstrom, veil, vsiniKmPerS } = star
    const dilution = ((radiusRsun * RSUN_PC) / distancePc) ** 2 / UNIT
    if (!(radiusRsun > 0 && distancePc > 0 && dilution > 0 && dilution < Number.POSITIVE_INFINITY)) return false
    if (!isPossible(star)) return false
    lnDust.fill(0)
    if (!dust.dimLn(star.avMag, star.rv, lnDust)) return false
    if (!templates.fluxInto(star, flux)) return false
    expOfNodesInto(lnDust, passed)
    absorbLithium(flux, lithiumEwAngstrom)
    let light = flux
    if (vsiniKmPerS > 0) {
      convolveInto(flux, rotationKernel(vsiniKmPerS), turned)
      light = turned
    }
    addVeil(light, veil.ratio, veil.temperatureK)
    addEmission(light, star.emission)
    // Bins are even in the logarithm: a bin's light is its flux times its wavelength, up to a constant.
    for (let i = 0; i < FINE_COUNT; i++) light[i] *= fineAngstrom[i]
    spectrograph.energiesInto(light, star.velocityKmPerS, energies)
    for (let p = 0; p < out.length; p++) {
      out[p] = (energies[p] / (2 * angstrom[p])) * dilution * passed[p]
    }
    return true
  }
  return { angstrom, widthAngstrom, fluxInto }
}

function isPossible(star: SpectralStar): boolean {
  const { velocityKmPerS, vsiniKmPerS, lithiumEwAngstrom, veil } = star
  return (
    Math.abs(velocityKmPerS) <= MAX_VELOCITY_KM_PER_S &&
    vsiniKmPerS >= 0 &&
    vsiniKmPerS <= MAX_VSINI_KM_PER_S &&
    lithiumEwAngstrom >= 0 &&
    lithiumEwAngstrom <= MAX_LITHIUM_ANGSTROM &&
    veil.ratio >= 0 &&
    veil.ratio < Number.POSITIVE_INFINITY &&
    veil.temperatureK > 0 &&
    star.emission.every(({ ewAngstrom }) => Number.isFinite(ewAngstrom))
  )
}
