// A part of the sky that a list is asked for: a cone or a box, and the cells that it touches.
import { cellsWithin } from '../../models/index.ts'
import { ARCSEC_PER_DEG, FusionError, RAD_PER_DEG } from '../../schemas/index.ts'
import { LIST_ORDER } from './cellLists.ts'

/** Beyond it looking at every star is no slower than listing cells. */
const MAX_LISTED_DEG = 20

export interface SkyRegion {
  /** Nested cells of `LIST_ORDER` without which no star of the region lies; null is the whole sky. */
  readonly cells: readonly number[] | null
  contains(raDeg: number, decDeg: number): boolean
}

/**
 * Stars not farther than the radius, on the sphere; accurate to parts of a milliarcsecond at any radius.
 * @param radiusDeg 0 to 180
 * @throws FusionError QUESTION_INVALID for a place or a radius that there is not
 */
export function coneRegion(raDeg: number, decDeg: number, radiusDeg: number): SkyRegion {
  checkRange('right ascension', raDeg, 0, 360)
  checkRange('declination', decDeg, -90, 90)
  checkRange('radius', radiusDeg, 0, 180)
  const limit = Math.sin((radiusDeg * RAD_PER_DEG) / 2) ** 2
  const cosDec = Math.cos(decDeg * RAD_PER_DEG)
  return {
    cells: cellsAround(raDeg, decDeg, radiusDeg),
    contains(ra, dec) {
      const byDec = Math.sin(((dec - decDeg) * RAD_PER_DEG) / 2) ** 2
      const byRa = Math.sin(((ra - raDeg) * RAD_PER_DEG) / 2) ** 2
      return byDec + cosDec * Math.cos(dec * RAD_PER_DEG) * byRa <= limit
    },
  }
}

/**
 * Stars between two right ascensions and two declinations, borders included; where the first right ascension is the
 * larger, the box goes through 0.
 * @throws FusionError QUESTION_INVALID for places that there are not
 */
export function boxRegion(raMinDeg: number, raMaxDeg: number, decMinDeg: number, decMaxDeg: number): SkyRegion {
  for (const ra of [raMinDeg, raMaxDeg]) checkRange('right ascension', ra, 0, 360)
  checkRange('declination', decMinDeg, -90, 90)
  checkRange('declination', decMaxDeg, decMinDeg, 90)
  const isThroughZero = raMinDeg > raMaxDeg
  const widthDeg = raMaxDeg - raMinDeg + (isThroughZero ? 360 : 0)
  const [raDeg, decDeg] = [(raMinDeg + widthDeg / 2) % 360, (decMinDeg + decMaxDeg) / 2]
  // Along the middle parallel, then along the meridian: no great circle to a point of the box is longer than that way.
  const reachDeg = (widthDeg / 2) * Math.cos(decDeg * RAD_PER_DEG) + (decMaxDeg - decMinDeg) / 2
  return {
    cells: cellsAround(raDeg, decDeg, reachDeg),
    contains(ra, dec) {
      if (dec < decMinDeg || dec > decMaxDeg) return false
      return isThroughZero ? ra >= raMinDeg || ra <= raMaxDeg : ra >= raMinDeg && ra <= raMaxDeg
    },
  }
}

/**
 * Numbers separated by commas, as an address has them: `cone=56.75,24.12,5`.
 * @throws FusionError QUESTION_INVALID
 */
export function parseNumbers(name: string, text: string, words: readonly string[]): readonly number[] {
  const parts = text.split(',').map(part => part.trim())
  const numbers = parts.map(Number)
  if (parts.length !== words.length || parts.includes('') || !numbers.every(Number.isFinite)) {
    const shown = JSON.stringify(text.slice(0, 60))
    throw new FusionError('QUESTION_INVALID', `The ${name} ${shown} is not ${words.join(',')}: give those, in degrees.`)
  }
  return numbers
}

function cellsAround(raDeg: number, decDeg: number, radiusDeg: number): readonly number[] | null {
  if (radiusDeg > MAX_LISTED_DEG) return null
  // A hair more, so that rounding loses no star at the border.
  return cellsWithin(raDeg, decDeg, radiusDeg * ARCSEC_PER_DEG + 0.01, LIST_ORDER)
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return
  throw new FusionError('QUESTION_INVALID', `The ${name} ${value} is not from ${min} to ${max} degrees: correct it.`)
}
