// Stars of a small sky for the tests of the catalogue: seeded places, values that can be told apart.
import { createRng } from '../../../models/index.ts'
import type { Posterior, Star } from '../../../schemas/index.ts'
import { makePosterior, makeStar } from '../starRecords.ts'

export interface PlacedStar {
  readonly star: Star
  readonly posterior: Posterior
}

/** A star at a place. @param g null is not measured */
export function placedStar(source: string, raDeg: number, decDeg: number, young: number, g: number | null): PlacedStar {
  const star = { ...makeStar(source), raDeg, decDeg }
  const bands =
    g === null
      ? []
      : [
          { quantity: 'gMag', value: g },
          { quantity: 'bpMag', value: g + 0.5 },
          { quantity: 'rpMag', value: g - 0.75 },
        ]
  return {
    star: { ...star, measurements: bands.map(one => ({ ...one, err: 0.01, isLimit: false, survey: 'gaiaDr3' })) },
    posterior: { ...makePosterior(star.starId, young), raDeg, decDeg },
  }
}

/** Places evenly over the whole sphere; every tenth star without a magnitude. */
export function randomSky(count: number, seed = 1): readonly PlacedStar[] {
  const rng = createRng(seed)
  return Array.from({ length: count }, (_, i) => {
    const [ra, z, young, g] = [rng.uniform() * 360, rng.uniform() * 2 - 1, rng.uniform(), 10 + 8 * rng.uniform()]
    return placedStar(String(1000 + i), ra, (Math.asin(z) * 180) / Math.PI, young, i % 10 === 0 ? null : g)
  })
}
