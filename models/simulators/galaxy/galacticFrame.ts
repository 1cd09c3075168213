// Where the Galaxy's axes lie on the sky, and what a motion in space looks like from the Sun.
import { RAD_PER_DEG } from '../../../schemas/index.ts'

/** One AU per year in km/s: a proper motion of 1 arcsec/yr at 1 pc. */
export const KM_S_PER_AU_YR = 4.740470463533349

/** Rows: the Galactic x (centre), y (rotation), z (north pole) axes in ICRS. Source: ESA SP-1200 (1997), vol. 1, equation 1.5.11. */
const galacticAxes = [
  [-0.0548755604162154, -0.873437090234885, -0.4838350155487132],
  [0.4941094278755837, -0.4448296299600112, 0.746982244497219],
  [-0.867666149019004, -0.1980763734312015, 0.4559837761750669],
] as const

/** Galactic longitude and latitude of an ICRS position, all in degrees. */
export function galacticOf(raDeg: number, decDeg: number): { readonly lDeg: number; readonly bDeg: number } {
  const ra = raDeg * RAD_PER_DEG
  const dec = decDeg * RAD_PER_DEG
  const icrs = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)]
  const [x, y, z] = galacticAxes.map(row => row[0] * icrs[0] + row[1] * icrs[1] + row[2] * icrs[2])
  return { lDeg: angleDeg(y, x), bDeg: Math.atan2(z, Math.hypot(x, y)) / RAD_PER_DEG }
}

/** Right ascension and declination of a Galactic position, all in degrees. */
export function equatorialOf(lDeg: number, bDeg: number): { readonly raDeg: number; readonly decDeg: number } {
  const out = new Float64Array(skySlotCount)
  skyInto(
    Math.cos(bDeg * RAD_PER_DEG) * Math.cos(lDeg * RAD_PER_DEG),
    Math.cos(bDeg * RAD_PER_DEG) * Math.sin(lDeg * RAD_PER_DEG),
    Math.sin(bDeg * RAD_PER_DEG),
    0,
    0,
    0,
    out,
  )
  return { raDeg: out[skySlot.raDeg], decDeg: out[skySlot.decDeg] }
}

/** Places of `skyInto`'s numbers. */
export const skySlot = {
  raDeg: 0,
  decDeg: 1,
  lDeg: 2,
  bDeg: 3,
  distancePc: 4,
  parallaxMas: 5,
  pmRaCosDecMasPerYr: 6,
  pmDecMasPerYr: 7,
  radialVelocityKmS: 8,
} as const
export const skySlotCount = 9

/**
 * What is seen from the Sun of a star in space.
 *
 * @param xPc, yPc, zPc from the Sun towards the Galactic centre, along its rotation, towards the north pole
 * @param uKmS, vKmS, wKmS relative to the Sun along the same axes
 * @param out [skySlotCount] from `offset` on; proper motion is that of straight motion, without light travel time
 */
export function skyInto(
  xPc: number,
  yPc: number,
  zPc: number,
  uKmS: number,
  vKmS: number,
  wKmS: number,
  out: Float64Array,
  offset = 0,
): void {
  const [ax, ay, az] = galacticAxes
  const distance = Math.sqrt(xPc * xPc + yPc * yPc + zPc * zPc)
  const px = (ax[0] * xPc + ay[0] * yPc + az[0] * zPc) / distance
  const py = (ax[1] * xPc + ay[1] * yPc + az[1] * zPc) / distance
  const pz = (ax[2] * xPc + ay[2] * yPc + az[2] * zPc) / distance
  const vx = ax[0] * uKmS + ay[0] * vKmS + az[0] * wKmS
  const vy = ax[1] * uKmS + ay[1] * vKmS + az[1] * wKmS
  const vz = ax[2] * uKmS + ay[2] * vKmS + az[2] * wKmS
  const across = Math.sqrt(px * px + py * py)
  // At a pole every direction is a right ascension: 0 is taken.
  const sinRa = across === 0 ? 0 : py / across
  const cosRa = across === 0 ? 1 : px / across
  const masPerKmS = 1000 / (KM_S_PER_AU_YR * distance)
  out[offset + skySlot.raDeg] = angleDeg(py, px)
  out[offset + skySlot.decDeg] = Math.atan2(pz, across) / RAD_PER_DEG
  out[offset + skySlot.lDeg] = angleDeg(yPc, xPc)
  out[offset + skySlot.bDeg] = Math.atan2(zPc, Math.sqrt(xPc * xPc + yPc * yPc)) / RAD_PER_DEG
  out[offset + skySlot.distancePc] = distance
  out[offset + skySlot.parallaxMas] = 1000 / distance
  out[offset + skySlot.pmRaCosDecMasPerYr] = (-sinRa * vx + cosRa * vy) * masPerKmS
  out[offset + skySlot.pmDecMasPerYr] = (-pz * (cosRa * vx + sinRa * vy) + across * vz) * masPerKmS
  out[offset + skySlot.radialVelocityKmS] = px * vx + py * vy + pz * vz
}

/**
 * The inverse: velocity relative to the Sun along the Galactic axes.
 * @returns U, V, W in km/s
 */
export function spaceVelocityKmS(
  raDeg: number,
  decDeg: number,
  distancePc: number,
  pmRaCosDecMasPerYr: number,
  pmDecMasPerYr: number,
  radialVelocityKmS: number,
): [number, number, number] {
  const [ra, dec] = [raDeg * RAD_PER_DEG, decDeg * RAD_PER_DEG]
  const kmS = (KM_S_PER_AU_YR * distancePc) / 1000
  const [east, north] = [pmRaCosDecMasPerYr * kmS, pmDecMasPerYr * kmS]
  const icrs = [
    Math.cos(dec) * Math.cos(ra) * radialVelocityKmS - Math.sin(ra) * east - Math.sin(dec) * Math.cos(ra) * north,
    Math.cos(dec) * Math.sin(ra) * radialVelocityKmS + Math.cos(ra) * east - Math.sin(dec) * Math.sin(ra) * north,
    Math.sin(dec) * radialVelocityKmS + Math.cos(dec) * north,
  ]
  const [u, v, w] = galacticAxes.map(row => row[0] * icrs[0] + row[1] * icrs[1] + row[2] * icrs[2])
  return [u, v, w]
}

/** 0 to below 360. */
function angleDeg(y: number, x: number): number {
  const angle = Math.atan2(y, x) / RAD_PER_DEG
  return angle < 0 ? angle + 360 : angle
}
