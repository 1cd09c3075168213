// The coordinates in which a posterior is diffused: parameters as Gaussian quantiles of what is already known of them.
import { logRadiusRsun } from '../../schemas/index.ts'
import {
  type BrightnessBase,
  brightnessBase,
  luminosityOf,
  radiusFromLatent,
  radiusToLatent,
} from './brightnessBase.ts'
import { type DistanceBase, distanceBase, distanceFromLatent, distanceSlope, distanceToLatent } from './distanceBase.ts'
import { DISTANCE_INDEX, modelObservables, modelParameters, PARAMETER_COUNT } from './layout.ts'
import { fromLatent, type QuantileMap, slopeAt, toLatent } from './quantileMap.ts'
import type { ObservedStar } from './tokenizer.ts'

/** Prior quantiles that give latents their meaning. */
export interface LatentMaps {
  /** One a parameter, in model order. */
  readonly parameters: readonly QuantileMap[]
  /** Scatter of the angular size, one for each of `sizeBands` and one for stars without a magnitude. */
  readonly brightness: readonly QuantileMap[]
}

/** What a star's parallax and brightness say by themselves. */
export interface StarBases {
  readonly distance: DistanceBase
  readonly brightness: BrightnessBase
}

const PARALLAX = modelObservables.indexOf('parallaxMas')
const TEFF = modelParameters.indexOf('logTeffK')
const LUMINOSITY = modelParameters.indexOf('logLuminosityLsun')

/** @throws RangeError when a parallax has no positive error */
export function basesOf(star: ObservedStar, maps: LatentMaps): StarBases {
  const parallaxMas = star.present[PARALLAX] === 1 ? star.values[PARALLAX] : null
  return {
    distance: distanceBase(maps.parameters[DISTANCE_INDEX], parallaxMas, star.errs[PARALLAX]),
    brightness: brightnessBase(star, maps.brightness),
  }
}

/**
 * Latents of a star's parameters.
 *
 * @param values [7] parameters in model order and in the units of their names
 * @returns [7] latents; in the place of the luminosity stands the angular size, from which it follows
 */
export function toPosteriorLatents(values: ArrayLike<number>, bases: StarBases, maps: LatentMaps): Float64Array {
  const latents = new Float64Array(PARAMETER_COUNT)
  for (let p = 0; p < PARAMETER_COUNT; p++) latents[p] = toLatent(maps.parameters[p], values[p])
  latents[DISTANCE_INDEX] = distanceToLatent(bases.distance, values[DISTANCE_INDEX])
  const radius = logRadiusRsun(values[LUMINOSITY], values[TEFF])
  latents[LUMINOSITY] = radiusToLatent(bases.brightness, radius, values[DISTANCE_INDEX])
  return latents
}

/**
 * Parameters at latents, the inverse of `toPosteriorLatents`.
 *
 * @param latents [>= offset + 7]
 * @param values [7] receives the parameters
 */
export function fromPosteriorLatents(
  latents: ArrayLike<number>,
  offset: number,
  bases: StarBases,
  maps: LatentMaps,
  values: Float64Array,
): void {
  for (let p = 0; p < PARAMETER_COUNT; p++) values[p] = fromLatent(maps.parameters[p], latents[offset + p])
  values[DISTANCE_INDEX] = distanceFromLatent(bases.distance, latents[offset + DISTANCE_INDEX])
  const radius = radiusFromLatent(bases.brightness, latents[offset + LUMINOSITY], values[DISTANCE_INDEX])
  values[LUMINOSITY] = luminosityOf(radius, values[TEFF])
}

/**
 * Natural log of how much the parameters at latents spread as their latents do: a density of latents less this is one of parameters.
 *
 * @param latents [>= offset + 7]
 * @returns -Infinity beyond the support of a parameter, where many latents have one value
 */
export function logSpreadAt(latents: ArrayLike<number>, offset: number, bases: StarBases, maps: LatentMaps): number {
  // The luminosity is twice the radius and what other parameters say, the radius its own map and the distance: a triangle, of which the diagonal counts.
  let sum = Math.log(2)
  for (let p = 0; p < PARAMETER_COUNT; p++) {
    const z = latents[offset + p]
    if (p === DISTANCE_INDEX) sum += Math.log(distanceSlope(bases.distance, z))
    else sum += Math.log(slopeAt(p === LUMINOSITY ? bases.brightness.map : maps.parameters[p], z))
  }
  return sum
}
