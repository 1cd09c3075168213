// Where a star lies on the map of the sky and in the plane of the Galaxy.

const RAD = Math.PI / 180

/** ICRS to Galactic; source: ESA 1997, The Hipparcos and Tycho Catalogues, vol. 1, eq. 1.5.11. */
const TO_GALACTIC = [
  [-0.0548755604, -0.8734370902, -0.4838350155],
  [0.4941094279, -0.44482963, 0.7469822445],
  [-0.867666149, -0.1980763734, 0.4559837762],
] as const

/** @returns Galactic longitude from -180 to 180 and latitude, degrees */
export function toGalactic(raDeg: number, decDeg: number): readonly [lDeg: number, bDeg: number] {
  const [ra, dec] = [raDeg * RAD, decDeg * RAD]
  const v = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)]
  const [x, y, z] = TO_GALACTIC.map(row => row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
  return [Math.atan2(y, x) / RAD, Math.asin(Math.max(-1, Math.min(1, z))) / RAD]
}

/**
 * Hammer's equal-area projection, longitude rising to the left as the sky is seen from within.
 * @returns x within 2 sqrt 2 and y within sqrt 2 of zero
 * Source: Snyder 1987, Map Projections: A Working Manual, USGS PP 1395, p. 232 (the Aitoff sphere halved).
 */
export function hammer(lDeg: number, bDeg: number): readonly [x: number, y: number] {
  const [l, b] = [(lDeg * RAD) / 2, bDeg * RAD]
  const z = Math.sqrt(1 + Math.cos(b) * Math.cos(l))
  return [(-2 * Math.SQRT2 * Math.cos(b) * Math.sin(l)) / z, (Math.SQRT2 * Math.sin(b)) / z]
}

/** Heliocentric Galactic X (towards the centre) and Y (towards l = 90 deg), parsec. */
export function galacticPlane(lDeg: number, bDeg: number, distancePc: number): readonly [xPc: number, yPc: number] {
  const inPlanePc = distancePc * Math.cos(bDeg * RAD)
  return [inPlanePc * Math.cos(lDeg * RAD), inPlanePc * Math.sin(lDeg * RAD)]
}
