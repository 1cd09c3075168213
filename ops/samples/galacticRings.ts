// How many stars stand in each ring about the Sun: where contaminants crowd, a ring shows.

export interface PlacedStar {
  readonly lDeg: number
  readonly bDeg: number
  /** As it is believed to be. */
  readonly distancePc: number
  /** How many stars of the sky it stands for. */
  readonly weight: number
}

export interface Ring {
  readonly nearPc: number
  readonly farPc: number
  /** Stars for each square kiloparsec of the plane. */
  readonly perKpc2: number
  readonly starCount: number
}

/** Towards the Galactic centre, and along its rotation. */
export function planePlace({ lDeg, bDeg, distancePc }: Omit<PlacedStar, 'weight'>): readonly [number, number] {
  const l = (lDeg * Math.PI) / 180
  const inPlane = distancePc * Math.cos((bDeg * Math.PI) / 180)
  return [inPlane * Math.cos(l), inPlane * Math.sin(l)]
}

/** Rings of equal width about the Sun, in the plane. */
export function ringsOf(stars: readonly PlacedStar[], reachPc: number, count: number): readonly Ring[] {
  const width = reachPc / count
  const weights = new Float64Array(count)
  const counts = new Int32Array(count)
  for (const star of stars) {
    const ring = Math.floor(Math.hypot(...planePlace(star)) / width)
    if (!(ring < count)) continue
    weights[ring] += star.weight
    counts[ring]++
  }
  return Array.from(weights, (weight, k) => {
    const areaKpc2 = (Math.PI * (2 * k + 1) * width ** 2) / 1e6
    return { nearPc: k * width, farPc: (k + 1) * width, perKpc2: weight / areaKpc2, starCount: counts[k] }
  })
}
