// How the stars of a component move: a velocity ellipsoid about a rotation that lags behind the circular one.
import type { Rng } from '../../math/rng.ts'
import { type GalaxyComponent, sun } from './components.ts'

/**
 * The bulge turns like a solid body, then evenly: a choice by which its mean velocity along the line of sight rises by 100 km/s/kpc within 4 degrees of
 * the centre and reaches 75 km/s farther out, as Howard+ 2008, ApJ 688, 1060 measure at b = -4 (BRAVA).
 */
const BULGE_KM_S = 115
const BULGE_SOLID_KPC = 0.8
/** The dispersion gradient is a fit about the Sun; within this it is not carried on. */
const HEAT_INNER_KPC = 3

/** Mean rotation of a component at a radius, km/s; positive as the Sun moves. */
export function rotationKmS(component: GalaxyComponent, radiusKpc: number): number {
  if (component.density.law === 'bulge') return BULGE_KM_S * Math.min(1, radiusKpc / BULGE_SOLID_KPC)
  return sun.rotationKmS - component.lagKmS
}

/** Factor of the first two dispersions against their values at the Sun. */
export function heatAt(component: GalaxyComponent, radiusKpc: number): number {
  return Math.exp((component.heatPerKpc * (Math.max(HEAT_INNER_KPC, radiusKpc) - sun.radiusKpc)) / 2)
}

/**
 * Velocity of a star relative to the Sun: Gaussian along cylindrical axes; the vertex deviation and the tilt above the plane are left out.
 *
 * @param xKpc, yKpc from the Galactic centre, x away from the Sun, y along its rotation
 * @param out [3] receives U, V, W in km/s: towards the centre, along rotation, towards the north pole
 */
export function drawVelocity(
  component: GalaxyComponent,
  xKpc: number,
  yKpc: number,
  rng: Rng,
  out: Float64Array,
): void {
  const radius = Math.sqrt(xKpc * xKpc + yKpc * yKpc)
  const [cos, sin] = radius === 0 ? [-1, 0] : [xKpc / radius, yKpc / radius]
  const heat = heatAt(component, radius)
  const [sigmaR, sigmaPhi, sigmaZ] = component.sigmaKmS
  const outward = heat * sigmaR * rng.normal()
  const around = rotationKmS(component, radius) + heat * sigmaPhi * rng.normal()
  const up = sigmaZ * rng.normal()
  const [u, v, w] = sun.velocityKmS
  out[0] = outward * cos + around * sin - u
  out[1] = outward * sin - around * cos - v - sun.rotationKmS
  out[2] = up - w
}
