// Where a star stands, as surveys care: who looked there, how often, how crowded and how bright the sky is.
import { RAD_PER_DEG } from '../../../schemas/index.ts'
import { galacticOf } from '../galaxy/galacticFrame.ts'
import { cloudMaps, deBruijne, legacyImaging, panStarrsMinDecDeg } from './footprints.ts'
import { type SurveyName, surveyNames } from './surveyFacts.ts'

/** Obliquity of the ecliptic, J2000. */
const OBLIQUITY_RAD = 23.4392911 * RAD_PER_DEG
/** Held by the caller, used again for the next star. */
export interface SkyPlace {
  /** [7] 1 where the survey looked, in the order of `surveyNames`. */
  readonly covered: Uint8Array
  /** Gaia's errors over their mean on the sky: parallax, motion in right ascension, motion in declination. */
  readonly gaiaFactors: Float64Array
  /** Depth that AllWISE lacks against its mean on the sky, mag; negative where it looked more often. */
  wiseLossMag: number
  /** log10 of stars with G < 20 per square degree. */
  logDensity: number
  /** Depth that bright nebulae take from the 12 and 22 um bands, mag. */
  nebulaMag: number
}

/** A mean place that every survey covers, without crowds or nebulae. */
export function createSkyPlace(): SkyPlace {
  return {
    covered: new Uint8Array(surveyNames.length).fill(1),
    gaiaFactors: new Float64Array(3).fill(1),
    wiseLossMag: 0,
    logDensity: 4,
    nebulaMag: 0,
  }
}

const place = (name: SurveyName) => surveyNames.indexOf(name)
const IRAC = place('irac')
const MIPS = place('mips24')
const PAN_STARRS = place('panStarrs')
const SDSS = place('sdss')

const clouds = cloudMaps.map(({ raDeg, decDeg, radiusDeg }) => ({
  ...unit(raDeg * RAD_PER_DEG, decDeg * RAD_PER_DEG),
  cosRadius: Math.cos(radiusDeg * RAD_PER_DEG),
}))

function unit(raRad: number, decRad: number) {
  return { x: Math.cos(decRad) * Math.cos(raRad), y: Math.cos(decRad) * Math.sin(raRad), z: Math.sin(decRad) }
}

/**
 * Who looked at a direction and how well. Star density is the smooth mean of the Galaxy, to be overwritten where the caller knows better;
 * a place in one of the mapped clouds gets no nebula of itself, which the caller sets too.
 *
 * @throws RangeError when raDeg is not in 0-360 or decDeg not in -90-90
 */
export function locateInto(raDeg: number, decDeg: number, out: SkyPlace): void {
  if (!(raDeg >= 0 && raDeg <= 360 && decDeg >= -90 && decDeg <= 90))
    throw new RangeError(`locateInto: ${raDeg}, ${decDeg} is no place on the sky`)
  const ra = raDeg * RAD_PER_DEG
  const dec = decDeg * RAD_PER_DEG
  const sinDec = Math.sin(dec)
  const cosDec = Math.cos(dec)
  const sinBeta = sinDec * Math.cos(OBLIQUITY_RAD) - cosDec * Math.sin(ra) * Math.sin(OBLIQUITY_RAD)
  const { lDeg, bDeg } = galacticOf(raDeg, decDeg)

  out.covered.fill(1)
  out.covered[PAN_STARRS] = decDeg > panStarrsMinDecDeg ? 1 : 0
  out.covered[SDSS] = isImagedBySdss(raDeg, decDeg, bDeg) ? 1 : 0
  const isMapped = isInCloudMap(ra, dec) ? 1 : 0
  out.covered[IRAC] = isMapped
  out.covered[MIPS] = isMapped

  const row = deBruijne.rows[Math.min(deBruijne.rows.length - 1, Math.floor(Math.abs(sinBeta) * deBruijne.rows.length))]
  for (let k = 0; k < 3; k++) out.gaiaFactors[k] = row[k] / deBruijne.mean[k]
  // Scans cross at the ecliptic poles: frames go as 1 / cos(beta), depth as their root; the mean over the sphere is taken off.
  const cosBeta = Math.sqrt(Math.max(0, 1 - sinBeta * sinBeta))
  out.wiseLossMag = 0.167 + 1.25 * Math.log10(Math.max(0.03, cosBeta))
  out.logDensity = meanLogDensity(lDeg * RAD_PER_DEG, bDeg)
  out.nebulaMag = 0
}

/**
 * log10 of stars with G < 20 per square degree: an exponential layer that thickens towards the Galactic centre.
 * Good to 0.2 dex away from dark clouds; integrates to about the 1.1e9 stars that Gaia has there.
 */
export function meanLogDensity(lRad: number, bDeg: number): number {
  const centre = 0.5 * (1 + Math.cos(lRad))
  return 3.4 + (1.45 + 1.15 * centre ** 2) * Math.exp(-Math.abs(bDeg) / (15 + 8 * centre))
}

function isImagedBySdss(raDeg: number, decDeg: number, bDeg: number): boolean {
  return legacyImaging.some(
    ({ minRaDeg, maxRaDeg, minDecDeg, maxDecDeg, minAbsBDeg }) =>
      (minRaDeg < maxRaDeg ? raDeg > minRaDeg && raDeg < maxRaDeg : raDeg > minRaDeg || raDeg < maxRaDeg) &&
      decDeg > minDecDeg &&
      decDeg < maxDecDeg &&
      Math.abs(bDeg) > minAbsBDeg,
  )
}

function isInCloudMap(raRad: number, decRad: number): boolean {
  const { x, y, z } = unit(raRad, decRad)
  for (const cloud of clouds) if (x * cloud.x + y * cloud.y + z * cloud.z > cloud.cosRadius) return true
  return false
}
