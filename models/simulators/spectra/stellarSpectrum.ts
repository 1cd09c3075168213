// A star -> its light in the pixels of a spectrograph, without noise.
import { CM_PER_PC, CM_PER_RSUN } from '../../../schemas/index.ts'
import { createAtmospheres } from '../photosphere/atmosphere.ts'
import { BIN_COUNT, binEdgesUm } from '../photosphere/wavelengths.ts'
import { createOpticalDust, type OpticalStar } from '../xp/xpStarlight.ts'
import { areLineGains, scaleLines } from './lineGains.ts'
import { MAX_VSINI_KM_PER_S, turnInto } from './rotation.ts'
import { expOfNodesInto, nodeCount } from './smoothFactor.ts'
import type { SpectralTemplates } from './spectralTemplates.ts'
import { createSpectrograph, MAX_VELOCITY_KM_PER_S, type Spectrograph } from './spectrograph.ts'
import { type SpectrographName, spectrographs } from './spectrographFacts.ts'
import {
  absorbLithium,
  addBlackBody,
  addEmission,
  DUST_ANGSTROM,
  type EmissionLine,
  levelNear,
  VEIL_ANGSTROM,
} from './youngLines.ts'

export interface SpectralStar extends OpticalStar {
  /** Against the frame of the wavelengths, positive away; -1500 to 1500. */
  readonly velocityKmPerS: number
  /** 0 to 500. */
  readonly vsiniKmPerS: number
  /** How much stronger the lines are than those of the template, see `drawLineGains`; none where the template is taken at its word. */
  readonly lnLineGains: readonly number[]
  /** Equivalent width of Li I 6708 in absorption, 0 to 2. */
  readonly lithiumEwAngstrom: number
  /** Light of accretion over the photosphere's at 6500 Angstrom, 0 up, and the temperature of its black body. */
  readonly veil: { readonly ratio: number; readonly temperatureK: number }
  /** Light of warm dust over the photosphere's at 16,000 Angstrom, 0 up, and the temperature of its black body. */
  readonly warmDust: { readonly ratio: number; readonly temperatureK: number }
  readonly emission: readonly EmissionLine[]
}

/** What a star without youth, rotation and velocity has. */
export const plainStar = {
  velocityKmPerS: 0,
  vsiniKmPerS: 0,
  lnLineGains: [],
  lithiumEwAngstrom: 0,
  veil: { ratio: 0, temperatureK: 8000 },
  warmDust: { ratio: 0, temperatureK: 1500 },
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
 * Photosphere with its lines as strong as the star's and lithium, turned, then the veil, warm dust and the emission lines (which do not
 * turn), moved, spread over the pixels, and behind dust at the wavelengths of the pixels.
 *
 * @param law a name of `extinctionLawNames`
 * @throws RangeError on another
 */
export function createStarSpectra(name: SpectrographName, templates: SpectralTemplates, law = 'g23'): StarSpectra {
  const spectrograph = createSpectrograph(name)
  const { angstrom, widthAngstrom } = spectrograph
  const { grid, limbDarkening } = spectrographs[name]
  const lnDust = new Float64Array(nodeCount(angstrom.length, grid.nodeStep))
  const nodeNm = lnDust.map((_, k) => (angstrom[0] / 10) * (angstrom[1] / angstrom[0]) ** (k * grid.nodeStep))
  const dust = createOpticalDust(law, nodeNm)
  const passed = new Float64Array(angstrom.length)
  const atmospheres = createAtmospheres()
  const surface = new Float64Array(BIN_COUNT)
  const flux = new Float32Array(grid.count)
  const turned = new Float32Array(grid.count)
  const energies = new Float64Array(angstrom.length)

  /** So many times the photosphere's flux at a wavelength; beyond the grid, that of the model atmosphere. */
  function glowOf(star: SpectralStar, light: Float32Array, atAngstrom: number, ratio: number): number {
    if (ratio === 0) return 0
    const place = grid.placeOf(atAngstrom)
    if (place > 0 && place < grid.count) return ratio * levelNear(grid, light, atAngstrom)
    const bin = binEdgesUm.findIndex(edge => edge > atAngstrom / 1e4) - 1
    const { family, teffK, loggDex, fehDex } = star
    return atmospheres.surfaceFluxInto(family, teffK, loggDex, fehDex, surface) ? ratio * surface[bin] : Number.NaN
  }

  function fluxInto(star: SpectralStar, out: Float64Array): boolean {
    const { radiusRsun, distancePc, lithiumEwAngstrom, veil, warmDust, vsiniKmPerS } = star
    const dilution = ((radiusRsun * RSUN_PC) / distancePc) ** 2 / UNIT
    if (!(radiusRsun > 0 && distancePc > 0 && dilution > 0 && dilution < Number.POSITIVE_INFINITY)) return false
    if (!isPossible(star)) return false
    lnDust.fill(0)
    if (!dust.dimLn(star.avMag, star.rv, lnDust)) return false
    if (!templates.fluxInto(star, grid, flux)) return false
    expOfNodesInto(lnDust, passed, grid.nodeStep)
    scaleLines(grid, flux, star.lnLineGains)
    absorbLithium(grid, flux, lithiumEwAngstrom)
    let light = flux
    if (vsiniKmPerS > 0) {
      turnInto(grid, flux, vsiniKmPerS, limbDarkening, turned)
      light = turned
    }
    const hot = glowOf(star, light, VEIL_ANGSTROM, veil.ratio)
    const warm = glowOf(star, light, DUST_ANGSTROM, warmDust.ratio)
    if (Number.isNaN(hot + warm)) return false
    addBlackBody(grid, light, veil.temperatureK, VEIL_ANGSTROM, hot)
    addBlackBody(grid, light, warmDust.temperatureK, DUST_ANGSTROM, warm)
    addEmission(grid, light, star.emission)
    // Bins are even in the logarithm: a bin's light is its flux times its wavelength, up to a constant.
    for (let i = 0; i < grid.count; i++) light[i] *= grid.angstrom[i]
    spectrograph.energiesInto(light, star.velocityKmPerS, energies)
    for (let p = 0; p < out.length; p++) {
      out[p] = (energies[p] / (2 * angstrom[p])) * dilution * passed[p]
    }
    return true
  }
  return { angstrom, widthAngstrom, fluxInto }
}

function isPossible(star: SpectralStar): boolean {
  const { velocityKmPerS, vsiniKmPerS, lithiumEwAngstrom, veil, warmDust } = star
  return (
    Math.abs(velocityKmPerS) <= MAX_VELOCITY_KM_PER_S &&
    vsiniKmPerS >= 0 &&
    vsiniKmPerS <= MAX_VSINI_KM_PER_S &&
    lithiumEwAngstrom >= 0 &&
    lithiumEwAngstrom <= MAX_LITHIUM_ANGSTROM &&
    veil.ratio >= 0 &&
    veil.ratio < Number.POSITIVE_INFINITY &&
    veil.temperatureK > 0 &&
    warmDust.ratio >= 0 &&
    warmDust.ratio < Number.POSITIVE_INFINITY &&
    warmDust.temperatureK > 0 &&
    areLineGains(star.lnLineGains) &&
    star.emission.every(({ ewAngstrom }) => Number.isFinite(ewAngstrom))
  )
}
