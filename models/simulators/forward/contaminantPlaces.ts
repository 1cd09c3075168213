// Where contaminants stand, how they move, and how much dust of the Galaxy lies before them.
import type { Rng } from '../../math/rng.ts'
import { type ContaminantKind, contaminantFacts } from '../contaminants/contaminantFacts.ts'
import type { RecipeComponent } from '../forwardRecipe.ts'
import { besancon2003, type GalaxyComponent, sun } from '../galaxy/components.ts'
import { avAlong, galaxiaDust } from '../galaxy/dustDisk.ts'
import { createDiskPlaces, type DiskPlaces } from '../galaxy/exponentialDisk.ts'
import { drawVelocity } from '../galaxy/kinematics.ts'
import { drawDirection, type SkyCone } from '../galaxy/skyTiles.ts'
import { galaxySlot, placeInto } from '../galaxy/starSource.ts'
import { drawSpread } from '../recipeDraws.ts'

export type ContaminantComponent = Extract<RecipeComponent, { kind: 'contaminants' }>

export interface ContaminantPlaces {
  /**
   * @param out of `galaxySlot`: place, motion and A_V; outside the Galaxy parallax and motion are 0 and there is no distance
   */
  drawInto(kind: ContaminantKind, rng: Rng, out: Float64Array): void
}

const ALL_SKY: SkyCone = { lDeg: 0, bDeg: 90, radiusDeg: 180 }
/** All dust of the Galaxy lies nearer. */
const OUTSIDE_KPC = 200

/** @throws RangeError when a kind's disk is empty in the region and the distances */
export function createContaminantPlaces({ parts, region, distancePc, avMag }: ContaminantComponent): ContaminantPlaces {
  const cone = region === 'allSky' ? ALL_SKY : region
  const disks = new Map<ContaminantKind, { readonly places: DiskPlaces; readonly motions: GalaxyComponent }>()
  for (const kind of Object.keys(parts) as ContaminantKind[]) {
    const { place } = contaminantFacts[kind]
    if (place.law !== 'disk' || !((parts[kind] ?? 0) > 0)) continue
    const motions = besancon2003.find(({ name }) => name === place.movesLike)
    if (motions === undefined)
      throw new RangeError(`contaminantPlaces: ${place.movesLike} is no component of the Galaxy`)
    const { scaleHeightPc } = place
    const places = createDiskPlaces({ cone, scaleHeightPc, nearestPc: distancePc.from, farthestPc: distancePc.to })
    disks.set(kind, { places, motions })
  }
  const at = new Float64Array(3)
  const velocity = new Float64Array(3)

  function avTo(kpc: number, rng: Rng): number {
    if (avMag !== 'dustDisk') return drawSpread(avMag, 0, 60, rng)
    const length = Math.hypot(at[0], at[1], at[2])
    return avAlong(galaxiaDust, at[0] / length, at[1] / length, at[2] / length, 0, kpc)
  }

  return {
    drawInto(kind, rng, out) {
      const disk = disks.get(kind)
      if (disk === undefined) {
        drawDirection(cone, rng, at)
        placeInto(at[0], at[1], at[2], 0, 0, 0, out)
        out[galaxySlot.distancePc] = Number.NaN
        out[galaxySlot.parallaxMas] = 0
        out[galaxySlot.avMag] = avTo(OUTSIDE_KPC, rng)
        return
      }
      disk.places.drawInto(rng, at)
      drawVelocity(disk.motions, at[0] / 1000 - sun.radiusKpc, at[1] / 1000, rng, velocity)
      placeInto(at[0], at[1], at[2], velocity[0], velocity[1], velocity[2], out)
      out[galaxySlot.avMag] = avTo(out[galaxySlot.distancePc] / 1000, rng)
    },
  }
}
