// Where the dust of a young stellar object lies: disk, envelope, cavities and ambient medium, as the grids of Robitaille 2017 have them.
import { CM_PER_AU, CM_PER_RSUN, RAD_PER_DEG, STEFAN_BOLTZMANN } from '../../../schemas/index.ts'
import { dust, dustRows, rowOf, WAVELENGTHS } from './dustOpacity.ts'
import { type Yso, ysoConstants } from './modelSets.ts'

export const G_PER_MSUN = 1.988409870698051e33

export interface YsoDust {
  /** Sublimation radius, and inner and outer edge of all dust, cm. */
  readonly sublimationCm: number
  readonly innerCm: number
  readonly outerCm: number
  /** Everything but the disk, g/cm3, at radius `r` in cm and cosine `mu` >= 0 of the polar angle. */
  surroundings(r: number, mu: number): number
  /** The disk, g/cm3; 0 where there is none. */
  disk(r: number, mu: number): number
  /** Of the disk, g. */
  readonly diskMassG: number
  /** Least ratio of the scale height to the radius within the disk; `null` without a disk. */
  readonly thinnest: number | null
  readonly isSpherical: boolean
  /** Temperature that dust has without the star, K. */
  readonly floorK: number
}

/**
 * Where dust in the open light of the star has a temperature: absorption of diluted starlight balances emission.
 *
 * @param shares [200] share of the star's luminosity in each bin of wavelength
 * @returns cm; the star's radius where it is as hot even there
 */
export function thinRadiusCm(
  yso: Pick<Yso, 'starRadiusRsun' | 'starTeffK'>,
  shares: Float64Array,
  atK: number,
): number {
  let absorbed = 0
  for (let i = 0; i < WAVELENGTHS; i++) absorbed += shares[i] * dust.absorption[i]
  const dilution = dustRows().emission[rowOf(atK)] / (4 * STEFAN_BOLTZMANN * yso.starTeffK ** 4 * absorbed)
  // 1 - (1 - 2 d)^2, which far from the star leaves nothing of d when it is subtracted.
  const near = Math.min(dilution, 0.5)
  return (yso.starRadiusRsun * CM_PER_RSUN) / Math.sqrt(4 * near * (1 - near))
}

/** @param shares [200] share of the star's luminosity in each bin of wavelength */
export function placeDust(yso: Omit<Yso, 'inclinationDeg'>, shares: Float64Array): YsoDust {
  const { envelope, cavity, disk } = yso
  const { ambientDensityGPerCm3, ambientK, backgroundK, sublimationK } = ysoConstants
  const sublimationCm = thinRadiusCm(yso, shares, sublimationK)
  const innerCm = sublimationCm * yso.innerRadiusRsub
  const around = envelope === null ? null : envelopeDensity(envelope)
  const diskOuter = disk === null ? 0 : disk.outerRadiusAu * CM_PER_AU
  const outerCm = yso.hasAmbient
    ? Math.max(thinRadiusCm(yso, shares, ambientK), around?.reachCm(ambientDensityGPerCm3) ?? 0, diskOuter, innerCm * 2)
    : Math.max(diskOuter, innerCm * 1.01)
  const inCavity = cavity === null ? null : cavityShape(cavity.openingDeg, cavity.power)
  const ambient = yso.hasAmbient ? ambientDensityGPerCm3 : 0
  const diskParts = disk === null ? null : diskDensity(disk, innerCm)
  return {
    sublimationCm,
    innerCm,
    outerCm,
    surroundings(r, mu) {
      let density = 0
      if (around !== null) {
        if (cavity !== null && inCavity?.(r, mu)) density = cavity.densityGPerCm3
        else density = around.at(r, mu)
      }
      return density > ambient ? density : ambient
    },
    disk: (r, mu) => (diskParts === null || r > diskOuter ? 0 : diskParts.at(r, mu)),
    diskMassG: disk === null || diskOuter <= innerCm ? 0 : disk.massMsun * G_PER_MSUN,
    thinnest: diskParts === null ? null : Math.min(diskParts.heightOver(innerCm), diskParts.heightOver(diskOuter)),
    isSpherical: disk === null && cavity === null && envelope?.kind !== 'ulrich',
    floorK: yso.hasAmbient ? ambientK : backgroundK,
  }
}

interface Surrounding {
  at(r: number, mu: number): number
  /** Where the density has fallen to this, cm. */
  reachCm(density: number): number
}

function envelopeDensity(envelope: NonNullable<Yso['envelope']>): Surrounding {
  const rho = envelope.densityGPerCm3
  if (envelope.kind === 'powerLaw') {
    const { power } = envelope
    const r0 = ysoConstants.envelopeReferenceAu * CM_PER_AU
    const at = ofRadius(r => rho * (r / r0) ** power)
    return { at, reachCm: density => r0 * (rho / density) ** (-1 / power) }
  }
  const rc = envelope.centrifugalRadiusAu * CM_PER_AU
  const spread = ofRadius(r => rho * (r / rc) ** -1.5)
  return {
    at: (r, mu) => ulrich(rho, r / rc, mu, spread(r)),
    // Far out the streamlines are radial and the density is rho / sqrt(2) (r / rc)^-1.5.
    reachCm: density => rc * (rho / Math.SQRT2 / density) ** (2 / 3),
  }
}

/** Keeps what was found for the last radius: dust is laid from radius to radius. */
function ofRadius(find: (r: number) => number): (r: number) => number {
  let known = Number.NaN
  let value = 0
  return r => {
    if (r !== known) {
      known = r
      value = find(r)
    }
    return value
  }
}

/**
 * Ulrich 1976 (ApJ 210, 377): dust that falls in with angular momentum, along parabolas.
 * @param x radius over the centrifugal radius
 * @param spread density where the streamlines are radial, but for a factor
 */
export function ulrich(rho: number, x: number, mu: number, spread = rho * x ** -1.5): number {
  const mu0 = streamlineCosine(x, mu)
  if (mu0 === 0) {
    // In the plane: the limits of the formula on either side of the centrifugal radius, and a bound on it.
    const gap = Math.max(Math.abs(x - 1), 1e-3)
    return x > 1 ? spread / (Math.sqrt(2 - 1 / x) * (gap / x)) : spread / (2 * (1 / x - 1 + 1e-3))
  }
  const ratio = Math.min(mu / mu0, 1)
  return spread / (Math.sqrt(1 + ratio) * (ratio + (2 * mu0 * mu0) / x))
}

/** Cosine of the polar angle from which what is at `x` and `mu` came: mu0^3 + mu0 (x - 1) - mu x = 0, its root from mu to 1. */
function streamlineCosine(x: number, mu: number): number {
  if (mu <= 0) return x >= 1 ? 0 : Math.sqrt(1 - x)
  const p = (x - 1) / 3
  const q = (mu * x) / 2
  const d = q * q + p * p * p
  if (d >= 0) {
    const c = Math.cbrt(q + Math.sqrt(d))
    return c - p / c
  }
  const m = Math.sqrt(-p)
  return 2 * m * Math.cos(Math.acos(Math.min(1, q / (m * m * m))) / 3)
}

function cavityShape(openingDeg: number, power: number): (r: number, mu: number) => boolean {
  const r0 = ysoConstants.cavityReferenceAu * CM_PER_AU
  const opening = openingDeg * RAD_PER_DEG
  const w0 = r0 * Math.sin(opening)
  const z0 = r0 * Math.cos(opening)
  return (r, mu) => w0 > 0 && r * mu > z0 * ((r * Math.sqrt(1 - mu * mu)) / w0) ** power
}

function diskDensity(disk: NonNullable<Yso['disk']>, innerCm: number) {
  const r0 = ysoConstants.diskReferenceAu * CM_PER_AU
  const outer = disk.outerRadiusAu * CM_PER_AU
  const { surfacePower: p, flaringPower: beta } = disk
  const h0 = disk.height100Au * CM_PER_AU
  const area = (r: number) => (Math.abs(p + 2) < 1e-6 ? Math.log(r) : (r / r0) ** (p + 2) / (p + 2))
  const surface0 = (disk.massMsun * G_PER_MSUN) / (2 * Math.PI * r0 * r0 * (area(outer) - area(innerCm)))
  // Nowhere at a radius is the disk higher than in its plane: beyond ten of these heights nothing needs to be reckoned.
  const highest = ofRadius(r => 10 * h0 * Math.max(1e-9, r / r0) ** beta)
  const rho0 = surface0 / (Math.sqrt(2 * Math.PI) * h0)
  return {
    heightOver: (r: number) => (h0 * (r / r0) ** beta) / r,
    at(r: number, mu: number) {
      const z = r * mu
      if (z > highest(r)) return 0
      const w = r * Math.sqrt(1 - mu * mu)
      const scaled = w / r0
      if (scaled < 1e-9) return 0
      const u = z / (h0 * scaled ** beta)
      return u > 9 ? 0 : rho0 * scaled ** (p - beta) * Math.exp(-0.5 * u * u)
    },
  }
}

/** Column along a straight line from the star at one polar angle, g/cm2. */
export function columnFromStar(place: YsoDust, mu: number, diskScale: number): number {
  const steps = 160
  const ratio = place.outerCm / place.innerCm - 1
  const first = Math.log(1e-4)
  const width = (Math.log(ratio) - first) / steps
  let sum = 0
  let before = place.innerCm
  for (let i = 0; i <= steps; i++) {
    const next = place.innerCm * (1 + Math.exp(first + width * i))
    const r = 0.5 * (before + next)
    sum += (place.surroundings(r, mu) + diskScale * place.disk(r, mu)) * (next - before)
    before = next
  }
  return sum
}
