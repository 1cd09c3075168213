// The sources of a recipe's components, with the classes they give and the columns they fill.
import { starClasses } from '../../../schemas/index.ts'
import type { YsoCubes } from '../dust/cubeSeds.ts'
import type { ForwardRecipe } from '../forwardRecipe.ts'
import type { ColumnFact } from '../simulator.ts'
import type { SurveyName } from '../surveys/surveyFacts.ts'
import type { ContaminantComponent } from './contaminantPlaces.ts'
import { contaminantNuisances, kindsOf, openContaminantSource } from './contaminantSource.ts'
import { createCubeScenes } from './cubeScenes.ts'
import { type LightSource, numberPlaces } from './lightSource.ts'
import { openOrigin, type Rebirth, type StarComponent, withRebirth } from './starOrigins.ts'
import { createStarShine } from './starShine.ts'
import { openTrackSource, trackNuisances } from './trackSource.ts'
import { ysoNuisances } from './ysoNuisances.ts'
import { createYsoScenes, type YsoScenes } from './ysoScenes.ts'
import { openYsoSource, type YsoComponent } from './ysoSource.ts'

/** Components that have a source. */
export type SourceComponent = StarComponent | ContaminantComponent | YsoComponent

export interface Sources {
  /** In the order of the components. */
  readonly sources: readonly LightSource[]
  readonly classes: readonly string[]
  readonly nuisances: readonly ColumnFact[]
  /** Names of the numbers that sources write: parameters, what follows from them, nuisances. */
  readonly numberNames: readonly string[]
}

/**
 * @param cubes open, of components that name some
 * @param rebirth of the stars that follow tracks; null leaves them
 * @param asked names of parameters and of what follows from them
 * @throws RangeError when a component cannot give a star
 */
export function openSources(
  recipe: ForwardRecipe,
  components: readonly SourceComponent[],
  surveys: readonly SurveyName[],
  cubes: YsoCubes,
  rebirth: Rebirth | null,
  asked: readonly string[],
): Sources {
  const kinds = kindsOf(components.filter(component => component.kind === 'contaminants'))
  const classes = [...starClasses, ...kinds]
  const youngObjects = components.filter(component => component.kind === 'ysoSets')
  const nuisances = [
    ...trackNuisances,
    ...(youngObjects.length > 0 ? ysoNuisances(youngObjects.some(one => one.apertureAu !== 'beams')) : []),
    ...kinds.flatMap(contaminantNuisances),
  ]
  const numberNames = [...asked, ...nuisances.map(({ name }) => name)]
  const placeOf = numberPlaces(numberNames)
  const shine = createStarShine(recipe, surveys)
  const scenesOf = ({ cubes: files }: YsoComponent): YsoScenes => {
    if (files === null) return createYsoScenes(recipe)
    const open = cubes.get(files.folder)
    if (open === undefined) throw new RangeError(`sources: the cubes in ${files.folder} are not open`)
    return createCubeScenes(open)
  }
  const sources = components.map(component => {
    if (component.kind === 'contaminants') return openContaminantSource(recipe, component, classes, placeOf)
    if (component.kind === 'ysoSets') {
      return openYsoSource(recipe, component, surveys, scenesOf(component), placeOf)
    }
    const origin = openOrigin(component)
    return openTrackSource(rebirth === null ? origin : withRebirth(origin, rebirth), shine, placeOf)
  })
  return { sources, classes, nuisances, numberNames }
}
