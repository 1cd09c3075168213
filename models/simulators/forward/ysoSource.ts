// Young stellar objects of the model sets as a source of light: a star in its disk and envelope, seen through the beams of surveys.
import { logLuminosityLsun, starClasses } from '../../../schemas/index.ts'
import type { ForwardRecipe, RecipeComponent } from '../forwardRecipe.ts'
import { atmosphereFamilies } from '../photosphere/atmosphere.ts'
import { extinctionLawNames } from '../photosphere/extinctionLaws.ts'
import { BIN_COUNT } from '../photosphere/wavelengths.ts'
import { drawSpread } from '../recipeDraws.ts'
import { createSkyPlace } from '../surveys/skyPlace.ts'
import { type SurveyName, surveyRows } from '../surveys/surveyFacts.ts'
import { createForegroundDust } from './foregroundDust.ts'
import { createLightPhotometry, type LightPhotometry } from './lightPhotometry.ts'
import type { LightSource, NumberPlaces } from './lightSource.ts'
import { addDistance, astrometry, magnitudesOf } from './observableBands.ts'
import { createLight } from './opticalLight.ts'
import { drawNebulaMag, variabilityMag } from './starSurroundings.ts'
import { ysoFactsOf, ysoNames } from './ysoNuisances.ts'
import { FEH_DEX, LOGG_DEX, type YsoScenes } from './ysoScenes.ts'

export type YsoComponent = Extract<RecipeComponent, { kind: 'ysoSets' }>

const YOUNG_DISK = starClasses.indexOf('youngDisk')
const YOUNG_DISKLESS = starClasses.indexOf('youngDiskless')
/** Too young to be out of the clouds, whatever their age. */
const LOG_AGE_YR = 6

/** What is seen through one aperture. */
interface View {
  /** Radius of the beam, arcsec; one of 0 where all surveys share an aperture. */
  readonly beamArcsec: number
  readonly surveys: readonly SurveyName[]
  readonly photometry: LightPhotometry
}

/**
 * Each survey sees the light within a radius of its resolution, which is about what a fit of its point spread function takes in; or all see it
 * through one aperture that is drawn. No object has an age, a mass, an abundance or a place on the sky. One with a disk or an
 * envelope is of the class `youngDisk`, one in ambient medium alone is not.
 */
export function openYsoSource(
  recipe: ForwardRecipe,
  component: YsoComponent,
  surveys: readonly SurveyName[],
  scenes: YsoScenes,
  placeOf: NumberPlaces,
): LightSource {
  const { sets, apertureAu, distancePc: distances, avMag: extinctions } = component
  // Gaia's magnitude tells how many neighbours are brighter, whoever looks.
  const views = viewsOf([...new Set<SurveyName>(['gaia', ...surveys])], apertureAu === 'beams')
  const fluxes = views.map(() => new Float64Array(BIN_COUNT))
  // Gaia's own view; the lines are those of the star, whose light the dust scatters and dims.
  const light = createLight(fluxes[views.findIndex(({ surveys: of }) => of.includes('gaia'))])
  const dust = createForegroundDust(recipe)
  const anywhere = createSkyPlace()
  return {
    drawInto(rng, out) {
      const { truths, numbers } = out
      const set = sets[rng.integer(sets.length)]
      const distancePc = drawSpread(distances, 1, 200_000, rng)
      const avMag = drawSpread(extinctions, 0, 60, rng)
      const law = dust.drawLaw(rng)
      const rv = dust.drawRv(law, rng)
      const drawnAu = apertureAu === 'beams' ? 0 : drawSpread(apertureAu, 100, 1e6, rng)
      const scene = scenes.draw(set, rng)
      if (scene === null) return false
      const { yso, atmosphere } = scene
      scenes.see(
        views.map(({ beamArcsec }) => (drawnAu > 0 ? drawnAu : beamArcsec * distancePc)),
        fluxes,
      )
      truths.fill(Number.NaN)
      let isSeen = false
      for (let v = 0; v < views.length; v++) {
        const { photometry } = views[v]
        if (photometry.magnitudesInto(fluxes[v], avMag, rv, extinctionLawNames[law], truths)) isSeen = true
      }
      if (!isSeen) return false
      addDistance(distancePc, truths)
      truths[astrometry.parallaxMas] = 1000 / distancePc
      const isDusty = yso.disk !== null || yso.envelope !== null
      out.place = anywhere
      out.place.nebulaMag = drawNebulaMag(true, LOG_AGE_YR, rng)
      out.classIndex = isDusty ? YOUNG_DISK : YOUNG_DISKLESS
      out.variabilityMag = variabilityMag[out.classIndex]

      const logTeffK = Math.log10(yso.starTeffK)
      const logRadius = Math.log10(yso.starRadiusRsun)
      numbers[placeOf('logTeffK')] = logTeffK
      numbers[placeOf('logRadiusRsun')] = logRadius
      numbers[placeOf('logLuminosityLsun')] = logLuminosityLsun(logRadius, logTeffK)
      numbers[placeOf('avMag')] = avMag
      numbers[placeOf('logDistancePc')] = Math.log10(distancePc)
      numbers[placeOf('law')] = law
      numbers[placeOf('rv')] = rv
      if (atmosphere !== null) numbers[placeOf('atmosphere')] = atmosphere
      const star = { logTeffK, logRadiusRsun: logRadius, loggDex: LOGG_DEX, fehDex: FEH_DEX }
      light.photospheres = atmosphere === null ? [] : [{ ...star, family: atmosphereFamilies[atmosphere] }]
      light.law = extinctionLawNames[law]
      light.avMag = avMag
      light.rv = rv
      light.distancePc = distancePc
      out.light = light
      for (const [name, value] of ysoFactsOf(set, yso)) numbers[placeOf(name)] = value
      if (drawnAu > 0) numbers[placeOf(ysoNames.apertureAu)] = drawnAu
      return true
    },
  }
}

/** Surveys of one resolution share a view; rising. */
function viewsOf(surveys: readonly SurveyName[], hasBeams: boolean): readonly View[] {
  const rows = surveyRows.filter(({ name }) => surveys.includes(name))
  const beams = hasBeams ? [...new Set(rows.map(row => row.resolutionArcsec))].sort((a, b) => a - b) : [0]
  return beams.map(beamArcsec => {
    const names = rows.filter(row => !hasBeams || row.resolutionArcsec === beamArcsec).map(({ name }) => name)
    return { beamArcsec, surveys: names, photometry: createLightPhotometry(magnitudesOf(names)) }
  })
}
