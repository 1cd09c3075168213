// Star -> magnitudes in the ten bands: model spectra through the passbands, extinction applied to the spectrum.
import { loadGrid } from '../grids/gridFile.ts'
import { interpolate, placeOn } from '../math/grid.ts'

export const bands = ['gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag', 'w3Mag', 'w4Mag'] as const
export type Band = (typeof bands)[number]

/** Families of model atmospheres, a declared nuisance. */
export const atmospheres = ['btSettl', 'kurucz'] as const
export type Atmosphere = (typeof atmospheres)[number]

/** ATLAS9 lacks the molecules of cool stars: below the first temperature BT-Settl alone, above the second the star's own family. */
export const KURUCZ_FADE_TEFF_K = [3900, 4300] as const
/**
 * Cool dwarfs are redder in BP and G than BT-Settl has them: magnitudes to add at full strength.
 * Differences of the mean dwarf sequence of Pecaut & Mamajek 2013 (version 2022.04.16) from the tables here, at one temperature.
 */
const coolDefect = {
  teffK: Float64Array.of(1500, 2630, 2740, 2810, 2930, 3060, 3110, 3210, 3270, 3430, 3560, 3700),
  gMag: Float64Array.of(0.08, 0.08, 0.06, 0.05, 0.06, 0.07, 0.05, 0.05, 0.03, 0.03, 0.01, 0),
  bpMag: Float64Array.of(0.5, 0.5, 0.6, 0.46, 0.38, 0.35, 0.28, 0.26, 0.21, 0.17, 0.05, 0),
} as const

/**
 * Adds the defect of cool dwarfs' model colours to G and BP.
 * @param strength 0 leaves the model spectra as they are, 1 meets the mean dwarf sequence; a declared nuisance
 * @param out [10] magnitudes in the order of `bands`
 */
export function addCoolDefect(logTeffK: number, strength: number, out: Float64Array): void {
  const { teffK } = coolDefect
  const place = placeOn(teffK, 10 ** logTeffK)
  if (place < 0 || place === teffK.length - 1) return
  const low = Math.floor(place)
  const at = (column: Float64Array) => column[low] + (column[low + 1] - column[low]) * (place - low)
  out[0] += strength * at(coolDefect.gMag)
  out[1] += strength * at(coolDefect.bpMag)
}

/** Largest extinction of the tables. */
export const MAX_AV_MAG = 30

export interface PhotometryInput {
  readonly logTeffK: number
  readonly logRadiusRsun: number
  readonly loggDex: number
  readonly fehDex: number
  readonly avMag: number
  readonly rv: number
}

export interface Photometry {
  /**
   * Vega magnitudes at 10 pc, reddened, without disk.
   * @param atmosphere index into `atmospheres`
   * @param out [10] in the order of `bands`; meaningless when the answer is false
   * @returns false outside the tables
   */
  magnitudesInto(
    logTeffK: number,
    logRadiusRsun: number,
    loggDex: number,
    fehDex: number,
    avMag: number,
    rv: number,
    atmosphere: number,
    out: Float64Array,
  ): boolean
  /** The same for one star; undefined outside the tables. */
  magnitudes(star: PhotometryInput, atmosphere: Atmosphere): ReadonlyMap<Band, number> | undefined
}

/**
 * Magnitudes are interpolated linearly in [Fe/H], log g and temperature; A_band / A_V linearly in temperature, log g,
 * R_V and A_V, so that the extinction of a band changes with the star's colour and with A_V itself.
 *
 * Accuracy: interpolation of extinction within 1% of integrating the spectrum. Law: Gordon+ 2023, R_V 2.3 to 5.5.
 * Source: models/grids/ORIGIN.md.
 */
export function createPhotometry(): Photometry {
  const tables = ['btsettl', 'kurucz'].map(name => ({
    magnitudes: loadGrid(`${name}Magnitudes`),
    extinctions: loadGrid(`${name}Extinctions`),
  }))
  const width = bands.length
  const bare = new Float64Array(width)
  const ratio = new Float64Array(width)
  const other = new Float64Array(width)
  const place3 = new Float64Array(3)
  const place4 = new Float64Array(4)
  const clampTo = (axis: Float64Array, x: number) => Math.min(axis[axis.length - 1], Math.max(axis[0], x))

  function fromTable(
    index: number,
    teffK: number,
    loggDex: number,
    fehDex: number,
    avMag: number,
    rv: number,
    out: Float64Array,
  ): boolean {
    const { magnitudes, extinctions } = tables[index]
    place3[0] = placeOn(magnitudes.axes[0], fehDex)
    place3[1] = placeOn(magnitudes.axes[1], teffK)
    place3[2] = placeOn(magnitudes.axes[2], loggDex)
    if (!interpolate(magnitudes, place3, bare)) return false
    place4[0] = placeOn(extinctions.axes[0], teffK)
    // Gravity hardly matters to extinction: beyond its few nodes the nearest one holds.
    place4[1] = placeOn(extinctions.axes[1], clampTo(extinctions.axes[1], loggDex))
    place4[2] = placeOn(extinctions.axes[2], rv)
    place4[3] = placeOn(extinctions.axes[3], avMag)
    if (!interpolate(extinctions, place4, ratio)) return false
    for (let b = 0; b < width; b++) out[b] = bare[b] + avMag * ratio[b]
    return true
  }

  function magnitudesInto(
    logTeffK: number,
    logRadiusRsun: number,
    loggDex: number,
    fehDex: number,
    avMag: number,
    rv: number,
    atmosphere: number,
    out: Float64Array,
  ): boolean {
    const teffK = 10 ** logTeffK
    const [fadeFrom, fadeTo] = KURUCZ_FADE_TEFF_K
    const weight = atmosphere === 0 ? 0 : Math.min(1, Math.max(0, (teffK - fadeFrom) / (fadeTo - fadeFrom)))
    if (weight < 1 && !fromTable(0, teffK, loggDex, fehDex, avMag, rv, out)) return false
    if (weight > 0) {
      if (!fromTable(1, teffK, loggDex, fehDex, avMag, rv, other)) return false
      for (let b = 0; b < width; b++) out[b] = weight === 1 ? other[b] : out[b] * (1 - weight) + other[b] * weight
    }
    for (let b = 0; b < width; b++) out[b] -= 5 * logRadiusRsun
    return true
  }

  const result = new Float64Array(width)
  return {
    magnitudesInto,
    magnitudes(star, atmosphere) {
      const { logTeffK, logRadiusRsun, loggDex, fehDex, avMag, rv } = star
      const index = atmospheres.indexOf(atmosphere)
      if (!magnitudesInto(logTeffK, logRadiusRsun, loggDex, fehDex, avMag, rv, index, result)) return undefined
      return new Map(bands.map((band, b) => [band, result[b]]))
    },
  }
}
