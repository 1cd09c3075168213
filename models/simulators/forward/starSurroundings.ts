// What surveys meet besides a star's light: how it varies, and the nebula it may lie in.
import { starClasses } from '../../../schemas/index.ts'
import type { Rng } from '../../math/rng.ts'

/** Spread in mag between epochs, by class: with a disk, without one, on the main sequence, giants. A choice. */
export const variabilityMag = [0.12, 0.04, 0.005, 0.01] as const

/** Half of the young stars lie before nebulae that take this much of the depth of W3 and W4 on the average, mag. A choice. */
const nebula = { share: 0.5, meanMag: 1.2, youngestLogAgeYr: 7 } as const

/** Depth that a nebula takes from W3 and W4, mag; 0 for stars that are not so young. */
export function drawNebulaMag(isYoung: boolean, logAgeYr: number, rng: Rng): number {
  const isInNebula = isYoung && logAgeYr < nebula.youngestLogAgeYr && rng.uniform() < nebula.share
  return isInNebula ? -nebula.meanMag * Math.log(rng.uniform()) : 0
}

/** The mean over `drawNebulaMag` of 1 - exp(-depth / scaleMag), of a star of a class. */
export function nebularMean(classIndex: number, logAgeYr: number, scaleMag: number): number {
  const isYoung = starClasses[classIndex].startsWith('young')
  if (!isYoung || logAgeYr >= nebula.youngestLogAgeYr) return 0
  return (nebula.share * nebula.meanMag) / (nebula.meanMag + scaleMag)
}
