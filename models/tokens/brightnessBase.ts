// What the brightness alone says of the angular size; the network learns only what colours add.
// Radius over distance is diffused as a Gaussian quantile of its scatter about one magnitude: a radius known to a few
// percent would otherwise be a sliver of a prior that spans four decades.
import { SUN_TEFF_K } from '../../schemas/index.ts'
import { modelObservables } from './layout.ts'
import { fromLatent, type QuantileMap, toLatent } from './quantileMap.ts'
import type { ObservedStar } from './tokenizer.ts'

/** Bands that set the angular size, best first: in the near infrared it depends least on temperature and dust. */
export const sizeBands = [
  'ksMag',
  'hMag',
  'jMag',
  'w1Mag',
  'rpMag',
  'gMag',
  'bpMag',
  'w2Mag',
  'w3Mag',
  'w4Mag',
] as const
const sizeSlots = sizeBands.map(name => modelObservables.indexOf(name))

export interface BrightnessBase {
  /** Magnitude of the best band that was measured; 0 where none was. */
  readonly magnitude: number
  /** Prior quantiles of the scatter, for that band. */
  readonly map: QuantileMap
}

/** Scatter of the angular size about a magnitude, dex: constant for stars of one surface brightness. */
export function sizeScatter(logRadiusRsun: number, logDistancePc: number, magnitude: number): number {
  return logRadiusRsun - logDistancePc + 0.2 * magnitude
}

/** @param maps one for each of `sizeBands`, and a last one for stars without any magnitude */
export function brightnessBase(star: ObservedStar, maps: readonly QuantileMap[]): BrightnessBase {
  const best = sizeSlots.findIndex(slot => star.present[slot] === 1 && star.limits[slot] === 0)
  if (best < 0) return { magnitude: 0, map: maps[sizeBands.length] }
  return { magnitude: star.values[sizeSlots[best]], map: maps[best] }
}

/** Gaussian quantile of a radius at a distance. */
export function radiusToLatent(base: BrightnessBase, logRadiusRsun: number, logDistancePc: number): number {
  return toLatent(base.map, sizeScatter(logRadiusRsun, logDistancePc, base.magnitude))
}

/** log10 of the radius, solar radii, at a Gaussian quantile and a distance. */
export function radiusFromLatent(base: BrightnessBase, z: number, logDistancePc: number): number {
  return fromLatent(base.map, z) + logDistancePc - 0.2 * base.magnitude
}

/** Stefan-Boltzmann: log10 of the luminosity in solar units. */
export function luminosityOf(logRadiusRsun: number, logTeffK: number): number {
  return 2 * logRadiusRsun + 4 * (logTeffK - Math.log10(SUN_TEFF_K))
}
