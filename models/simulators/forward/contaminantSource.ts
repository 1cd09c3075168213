// What looks young and is not, as a source of light: what it is, where it stands, behind how much dust.
import { logRadiusRsun } from '../../../schemas/index.ts'
import { type ContaminantKind, contaminantFacts } from '../contaminants/contaminantFacts.ts'
import { createContaminants } from '../contaminants/contaminants.ts'
import { beStarLuminosityLsun, type Drawn } from '../contaminants/stellarContaminants.ts'
import type { ForwardRecipe } from '../forwardRecipe.ts'
import { galaxySlot, galaxySlotCount } from '../galaxy/starSource.ts'
import { extinctionLawNames } from '../photosphere/extinctionLaws.ts'
import { BIN_COUNT } from '../photosphere/wavelengths.ts'
import { createNameDraw } from '../recipeDraws.ts'
import { contaminantKinds } from '../recipeNames.ts'
import type { ColumnFact } from '../simulator.ts'
import { createSkyPlace, locateInto } from '../surveys/skyPlace.ts'
import { type ContaminantComponent, createContaminantPlaces } from './contaminantPlaces.ts'
import { createForegroundDust } from './foregroundDust.ts'
import { createLightPhotometry } from './lightPhotometry.ts'
import type { LightSource, NumberPlaces } from './lightSource.ts'
import { addDistance, astrometry } from './observableBands.ts'
import { createLight, REFERENCE_PC } from './opticalLight.ts'

/** Those that these components may give, in the order of `contaminantKinds`. */
export function kindsOf(components: readonly ContaminantComponent[]): readonly ContaminantKind[] {
  return contaminantKinds.filter(kind => components.some(({ parts }) => (parts[kind] ?? 0) > 0))
}

/** Columns of the numbers of a kind, under its name: `agnRedshift`. */
export function contaminantNuisances(kind: ContaminantKind): readonly ColumnFact[] {
  const { title, numbers, place } = contaminantFacts[kind]
  const own = numbers.map(({ name, unit, meaning }): ColumnFact => {
    return { name: columnOf(kind, name), unit, description: `${title}: ${meaning}` }
  })
  if (place.law === 'disk') return own
  const w1 = { name: columnOf(kind, 'w1Mag'), unit: 'mag', description: `${title}: W1 before the dust of the Galaxy` }
  return [...own, w1]
}

function columnOf(kind: ContaminantKind, name: string): string {
  return kind + name[0].toUpperCase() + name.slice(1)
}

/** What is asked of a star and is known of a contaminant; the star of a nebula is not what is seen. */
function bodyOf(kind: ContaminantKind, { teffK, logLuminosityLsun, loggDex }: Drawn): Drawn {
  const logTeffK = Math.log10(teffK)
  const luminous = (logL: number) => ({
    logTeffK,
    logLuminosityLsun: logL,
    logRadiusRsun: logRadiusRsun(logL, logTeffK),
  })
  if (kind === 'agbOxygen' || kind === 'agbCarbon') return luminous(logLuminosityLsun)
  if (kind === 'beStar') return { ...luminous(Math.log10(beStarLuminosityLsun(teffK, loggDex))), loggDex }
  return {}
}

/**
 * Each stands in the region of its component. Stars and nebulae lie in a disk of their own height; galaxies and nuclei are everywhere, without a
 * distance, a parallax, a motion. None has an age, a mass, an abundance.
 *
 * @param classes of the simulator, the kinds among them
 * @throws RangeError when nothing lies in the region and the distances
 */
export function openContaminantSource(
  recipe: ForwardRecipe,
  component: ContaminantComponent,
  classes: readonly string[],
  placeOf: NumberPlaces,
): LightSource {
  const contaminants = createContaminants()
  const kinds = createNameDraw(contaminantKinds, component.parts)
  const classOf = contaminantKinds.map(kind => classes.indexOf(kind))
  const places = createContaminantPlaces(component)
  const dust = createForegroundDust(recipe)
  const photometry = createLightPhotometry()
  const flux = new Float64Array(BIN_COUNT)
  const star = new Float64Array(galaxySlotCount)
  const place = createSkyPlace()
  // Shells, gas and nuclei have no lines of a photosphere to show.
  const light = createLight(flux)

  return {
    drawInto(rng, out) {
      const { truths, numbers } = out
      const k = kinds.draw(rng)
      const kind = contaminantKinds[k]
      places.drawInto(kind, rng, star)
      const avMag = star[galaxySlot.avMag]
      const law = dust.drawLaw(rng)
      const rv = dust.drawRv(law, rng)
      const drawn = contaminants.drawInto(kind, rng, flux)
      truths.fill(Number.NaN)
      if (!photometry.magnitudesInto(flux, avMag, rv, extinctionLawNames[law], truths)) return false
      truths[astrometry.parallaxMas] = star[galaxySlot.parallaxMas]
      truths[astrometry.pmRaCosDecMasPerYr] = star[galaxySlot.pmRaCosDecMasPerYr]
      truths[astrometry.pmDecMasPerYr] = star[galaxySlot.pmDecMasPerYr]
      locateInto(star[galaxySlot.raDeg], star[galaxySlot.decDeg], place)
      out.place = place
      out.variabilityMag = contaminantFacts[kind].variabilityMag
      out.classIndex = classOf[k]

      light.law = extinctionLawNames[law]
      light.avMag = avMag
      light.rv = rv
      light.distancePc = drawn.isAtTelescope ? REFERENCE_PC : star[galaxySlot.distancePc]
      out.light = light

      for (const name in drawn.numbers) numbers[placeOf(columnOf(kind, name))] = drawn.numbers[name]
      const body = bodyOf(kind, drawn.numbers)
      for (const name in body) numbers[placeOf(name)] = body[name]
      numbers[placeOf('avMag')] = avMag
      numbers[placeOf('law')] = law
      numbers[placeOf('rv')] = rv
      numbers[placeOf('lDeg')] = star[galaxySlot.lDeg]
      numbers[placeOf('bDeg')] = star[galaxySlot.bDeg]
      if (!drawn.isAtTelescope) {
        addDistance(star[galaxySlot.distancePc], truths)
        numbers[placeOf('logDistancePc')] = Math.log10(star[galaxySlot.distancePc])
        numbers[placeOf('radialVelocityKmS')] = star[galaxySlot.radialVelocityKmS]
      }
      return true
    },
  }
}
