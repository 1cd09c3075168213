// Where the stars of a recipe's component come from: age, mass, abundance, place, foreground dust and companions.
import type { Rng } from '../../math/rng.ts'
import type { RecipeComponent } from '../forwardRecipe.ts'
import { besancon2003 } from '../galaxy/components.ts'
import { massFunction } from '../galaxy/massFunction.ts'
import { createMilkyWay } from '../galaxy/milkyWay.ts'
import { companionsInto, galaxySlot, type StarSource } from '../galaxy/starSource.ts'
import { createYoungStars } from '../galaxy/youngStars.ts'
import { drawSpread } from '../recipeDraws.ts'
import type { Spread } from '../recipeFields.ts'
import { TRACK_FEH_DEX } from '../tracks/starTracks.ts'

export interface StarOrigin extends StarSource {
  /** Whether the stars have a place on the sky and a motion. */
  readonly hasPlace: boolean
  /** Share of the young stars that have a disk. */
  readonly diskShare: number
  readonly isMultiple: boolean
}

/** Changes a star, of `galaxySlot`, between its birth and all that comes of it; one of endless mass is never drawn. */
export type Rebirth = (star: Float64Array) => void

/** The stars of an origin, each changed once it is drawn. */
export function withRebirth(origin: StarOrigin, rebirth: Rebirth): StarOrigin {
  return {
    ...origin,
    drawInto(rng, out) {
      origin.drawInto(rng, out)
      rebirth(out)
    },
  }
}

/** Kinds of components whose stars follow stellar evolution. */
export type StarComponent = Extract<RecipeComponent, { kind: 'milkyWay' | 'association' | 'cluster' | 'youngField' }>

/** Lightest star that any family of tracks has, and the heaviest drawn. */
const MASSES_MSUN = [0.1, 40] as const
const LEAST_AGE_MYR = 0.51

/** @throws RangeError when no star can come of it: a magnitude limit that is too bright, a group that is not known */
export function openOrigin(component: StarComponent): StarOrigin {
  switch (component.kind) {
    case 'milkyWay': {
      const { region, limit, components, isMultiple, distancePc } = component
      const source = createMilkyWay({
        ...(region !== 'allSky' && { cone: region }),
        limitMag: limit.mag,
        band: limit.band,
        nearestPc: distancePc.from,
        farthestPc: distancePc.to,
        components: besancon2003.map(({ name }) => name).filter(name => components.some(one => name.startsWith(one))),
      })
      return { ...source, hasPlace: true, diskShare: 0, isMultiple }
    }
    case 'association': {
      const { names, diskFraction, isMultiple } = component
      return { ...createYoungStars({ groups: names }), hasPlace: true, diskShare: diskFraction, isMultiple }
    }
    case 'cluster':
      return single(component.kind, component, component.ageSpreadDex)
    case 'youngField':
      return single(component.kind, component, 0)
  }
}

interface Single {
  readonly distancePc: Spread
  readonly ageMyr: Spread
  readonly avMag: Spread
  readonly fehDex: Spread
  readonly diskFraction: number
  readonly isMultiple: boolean
}

function single(name: string, recipe: Single, ageSpreadDex: number): StarOrigin {
  const { distancePc, ageMyr, avMag, fehDex, diskFraction, isMultiple } = recipe
  const masses = massFunction('kroupa2001')
  const [low, high] = MASSES_MSUN.map(mass => masses.shareBelow(mass))
  return {
    names: [name],
    hasPlace: false,
    diskShare: diskFraction,
    isMultiple,
    drawInto(rng: Rng, out: Float64Array) {
      out.fill(0)
      const age = drawSpread(ageMyr, LEAST_AGE_MYR, 13_000, rng) * 10 ** (ageSpreadDex * rng.normal())
      out[galaxySlot.logAgeYr] = 6 + Math.log10(Math.max(LEAST_AGE_MYR, age))
      out[galaxySlot.logMassMsun] = Math.log10(masses.massAt(low + rng.uniform() * (high - low)))
      out[galaxySlot.fehDex] = drawSpread(fehDex, ...TRACK_FEH_DEX, rng)
      out[galaxySlot.avMag] = drawSpread(avMag, 0, 60, rng)
      out[galaxySlot.distancePc] = drawSpread(distancePc, 1, 200_000, rng)
      out[galaxySlot.parallaxMas] = 1000 / out[galaxySlot.distancePc]
      companionsInto(rng, out)
    },
  }
}
