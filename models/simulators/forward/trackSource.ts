// Stars that follow stellar evolution as a source of light: origin -> evolution -> spectrum with companions, disk and dust.
import type { Rng } from '../../math/rng.ts'
import { galaxySlot, galaxySlotCount } from '../galaxy/starSource.ts'
import { extinctionLawNames } from '../photosphere/extinctionLaws.ts'
import { classAt, isYoungAt } from '../prior.ts'
import type { ColumnFact } from '../simulator.ts'
import { createSkyPlace, locateInto } from '../surveys/skyPlace.ts'
import type { LightSource, NumberPlaces } from './lightSource.ts'
import { addDistance, astrometry } from './observableBands.ts'
import { createLight } from './opticalLight.ts'
import type { StarOrigin } from './starOrigins.ts'
import { type StarShine, shineNuisanceNames, shineNuisances, shineSlot, shineSlotCount } from './starShine.ts'
import { drawNebulaMag, variabilityMag } from './starSurroundings.ts'

// biome-ignore format: one nuisance a line reads as the table it is
export const trackNuisances: readonly ColumnFact[] = [
  ...shineNuisances,
  { name: 'lDeg', unit: 'deg', description: 'Galactic longitude' },
  { name: 'bDeg', unit: 'deg', description: 'Galactic latitude' },
  { name: 'radialVelocityKmS', unit: 'km/s', description: 'radial velocity' },
]

const fromStar = ['logAgeYr', 'logMassMsun', 'fehDex', 'avMag'] as const
/** Only stars with a place have them. */
const fromPlace = ['lDeg', 'bDeg', 'radialVelocityKmS'] as const
const fromBody = ['logTeffK', 'logLuminosityLsun', 'logRadiusRsun', 'loggDex', ...shineNuisanceNames] as const

/** Classes are the pilot's (`classAt`). */
export function openTrackSource(origin: StarOrigin, shine: StarShine, placeOf: NumberPlaces): LightSource {
  const star = new Float64Array(galaxySlotCount)
  const body = new Float64Array(shineSlotCount)
  const onSky = createSkyPlace()
  /** For stars without a place: the mean of the sky, whatever star was before. */
  const anywhere = createSkyPlace()
  const light = createLight(shine.light.flux, shine.light.photospheres)
  const logDistance = placeOf('logDistancePc')
  const copiesOf = (names: readonly (keyof typeof galaxySlot)[]) => names.map(name => [placeOf(name), galaxySlot[name]])
  const starCopies = copiesOf(fromStar)
  const placeCopies = copiesOf(fromPlace)
  const bodyCopies = fromBody.map(name => [placeOf(name), shineSlot[name]])

  return {
    drawInto(rng: Rng, out) {
      const { truths, numbers } = out
      origin.drawInto(rng, star)
      if (!shine.settle(star, origin.isMultiple, rng, body)) return false
      const [phase, logAge] = [body[shineSlot.phase], star[galaxySlot.logAgeYr]]
      const isYoung = isYoungAt(phase, logAge)
      const hasDisk = isYoung && rng.uniform() < origin.diskShare
      truths.fill(Number.NaN)
      if (!shine.magnitudesInto(star, body, hasDisk, rng, truths)) return false
      addDistance(star[galaxySlot.distancePc], truths)
      truths[astrometry.parallaxMas] = star[galaxySlot.parallaxMas]
      if (origin.hasPlace) {
        truths[astrometry.pmRaCosDecMasPerYr] = star[galaxySlot.pmRaCosDecMasPerYr]
        truths[astrometry.pmDecMasPerYr] = star[galaxySlot.pmDecMasPerYr]
        locateInto(star[galaxySlot.raDeg], star[galaxySlot.decDeg], onSky)
      }
      out.place = origin.hasPlace ? onSky : anywhere
      out.classIndex = classAt(phase, logAge, hasDisk)
      out.place.nebulaMag = drawNebulaMag(isYoung, logAge, rng)
      light.law = extinctionLawNames[body[shineSlot.law]]
      light.avMag = star[galaxySlot.avMag]
      light.rv = body[shineSlot.rv]
      light.distancePc = star[galaxySlot.distancePc]
      light.bpDefectMag = body[shineSlot.bpDefectMag]
      out.light = light
      out.variabilityMag = variabilityMag[out.classIndex]
      for (const [to, from] of starCopies) numbers[to] = star[from]
      for (const [to, from] of bodyCopies) numbers[to] = body[from]
      if (origin.hasPlace) for (const [to, from] of placeCopies) numbers[to] = star[from]
      numbers[logDistance] = Math.log10(star[galaxySlot.distancePc])
      return true
    },
  }
}
