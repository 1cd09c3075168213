// A recipe of simulated stars: which populations, in which parts, and how they are seen. Data and its check, no more.

import { extinctionLaw } from './photosphere/extinctionLaws.ts'
import type { PassbandName } from './photosphere/passbands.ts'
import {
  below,
  checkSum,
  choice,
  type Field,
  flag,
  numberIn,
  optional,
  type PlaceOf,
  type RecipeNode,
  type RecordOf,
  rangeIn,
  record,
  refuse,
  type Spread,
  someOf,
  spreadIn,
  text,
  weightsOf,
  wholeIn,
  word,
} from './recipeFields.ts'
import {
  associationNames,
  atmosphereFamilies,
  contaminantKinds,
  evolutionFamilies,
  galacticComponents,
  lawNames,
  magnitudeBands,
  modelSetNames,
  seenSurveys,
} from './recipeNames.ts'

const MAX_COMPONENTS = 64

const distancePc = spreadIn(1, 200_000)
const ageMyr = spreadIn(0.1, 14_000)
const avMag = spreadIn(0, 60)
const fehDex = optional(spreadIn(-3, 1), { law: 'fixed', value: 0 })
const share = optional(numberIn(0, 1), 1)
const isMultiple = optional(flag, true)
const diskFraction = optional(numberIn(0, 1), 0.5)

const cone = record({ lDeg: numberIn(0, 360), bDeg: numberIn(-90, 90), radiusDeg: numberIn(0.01, 180) })
/** The word `allSky`, or a cone around a direction in Galactic coordinates. */
const region: Field<
  'allSky' | RecordOf<{ lDeg: Field<number>; bDeg: Field<number>; radiusDeg: Field<number> }>
> = node => (node.value === 'allSky' ? 'allSky' : cone(node))

const farPc = optional(rangeIn(1, 100_000), { from: 1, to: 100_000 })
/** The word `dustDisk`, or a spread. */
const foreground: Field<'dustDisk' | Spread> = node => (node.value === 'dustDisk' ? 'dustDisk' : avMag(node))
/** Where cubes lie, and of what bytes they are: nothing as long as nobody has looked. */
export interface CubeFiles {
  readonly folder: string
  readonly sha256: string
}
const cubeFolder: Field<CubeFiles | null> = node => (node.value === null ? null : { folder: text(node), sha256: '' })

const apertureAu = spreadIn(100, 1e6)
/** The word `beams`, each survey through its own, or a spread of one aperture for all. */
const aperture: Field<'beams' | Spread> = node => (node.value === 'beams' ? 'beams' : apertureAu(node))

const componentFields = {
  /** The simulator that the pilot checkpoint was trained on, with its own prior. */
  pilot: record({ kind: choice(['pilot'] as const), share }),
  /** Field stars of the Galaxy in a region of the sky, to a magnitude. */
  milkyWay: record({
    kind: choice(['milkyWay'] as const),
    share,
    region: optional(region, 'allSky' as const),
    limit: optional(record({ band: choice<PassbandName>(magnitudeBands), mag: numberIn(0, 25) }), {
      band: 'gMag' as const,
      mag: 20,
    }),
    components: optional(someOf(galacticComponents), galacticComponents),
    distancePc: farPc,
    isMultiple,
  }),
  /** Members of known young associations. */
  association: record({
    kind: choice(['association'] as const),
    share,
    names: optional(someOf(associationNames), associationNames),
    diskFraction,
    isMultiple,
  }),
  /** Stars of one age at one distance, such as an open cluster. */
  cluster: record({
    kind: choice(['cluster'] as const),
    share,
    distancePc,
    ageMyr,
    ageSpreadDex: optional(numberIn(0, 1), 0),
    avMag: optional(avMag, { law: 'fixed', value: 0 } as const),
    fehDex,
    diskFraction,
    isMultiple,
  }),
  /** Young stars of all ages anywhere. */
  youngField: record({
    kind: choice(['youngField'] as const),
    share,
    distancePc: optional(distancePc, { law: 'log', from: 50, to: 5000 } as const),
    ageMyr: optional(ageMyr, { law: 'log', from: 0.5, to: 100 } as const),
    avMag: optional(avMag, { law: 'linear', from: 0, to: 20 } as const),
    fehDex,
    diskFraction,
    isMultiple,
  }),
  /** Young stellar objects by the parameters of their disks and envelopes, tied to no tracks. */
  ysoSets: record({
    kind: choice(['ysoSets'] as const),
    share,
    sets: optional(someOf(modelSetNames), modelSetNames),
    distancePc: optional(distancePc, { law: 'log', from: 50, to: 5000 } as const),
    avMag: optional(avMag, { law: 'linear', from: 0, to: 40 } as const),
    apertureAu: optional(aperture, 'beams' as const),
    /** Published spectra in place of those that are made here. */
    cubes: optional(cubeFolder, null),
  }),
  /** What looks young in the infrared and is not. */
  contaminants: record({
    kind: choice(['contaminants'] as const),
    share,
    parts: optional(
      weightsOf(contaminantKinds),
      Object.fromEntries(contaminantKinds.map(kind => [kind, 1 / contaminantKinds.length])),
    ),
    region: optional(region, 'allSky' as const),
    /** Of those within the Galaxy. */
    distancePc: optional(rangeIn(1, 100_000), { from: 10, to: 30_000 }),
    /** That of the Galaxy's dust on the line of sight, or drawn. */
    avMag: optional(foreground, 'dustDisk' as const),
  }),
}

type ComponentFields = typeof componentFields
export type ComponentKind = keyof ComponentFields
export type RecipeComponentOf<K extends ComponentKind> = ReturnType<ComponentFields[K]>
export type RecipeComponent = { [K in ComponentKind]: RecipeComponentOf<K> }[ComponentKind]
export const componentKinds = Object.keys(componentFields) as readonly ComponentKind[]

const kindOf = choice(componentKinds)

const component: Field<RecipeComponent> = node => {
  const { value } = node
  if (typeof value !== 'object' || value === null || !('kind' in value)) {
    throw refuse(node, `has no 'kind'; add one of ${componentKinds.join(', ')}`)
  }
  return componentFields[kindOf(below(node, 'kind', value.kind))](node)
}

const components: Field<readonly RecipeComponent[]> = node => {
  const { value } = node
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_COMPONENTS) {
    throw refuse(node, `is no list of 1 to ${MAX_COMPONENTS} components; write each as '- kind: ...'`)
  }
  const found = value.map((item, i) => component(below(node, i, item)))
  checkSum(
    node,
    found.map(one => one.share),
  )
  if (found.length > 1 && found.some(({ kind }) => kind === 'pilot')) {
    throw refuse(node, "has 'pilot' beside others; it is a whole of its own, so leave either out")
  }
  return found
}

/** Which observables stay missing. */
export const missingModes = [
  /** As surveys leave them. */
  'natural',
  /** Only what every survey measured. */
  'none',
  /** Of stars that every survey measured, each observable goes with a chance of a half. */
  'random50',
  /** As surveys leave them, then columns as tables leave them out: what a model is trained on. */
  'patterns',
] as const
export type MissingRule = (typeof missingModes)[number]

const laws = record({ laws: weightsOf(lawNames), rv: spreadIn(2, 6) })
/** Laws of extinction, and the R_V of each star, which has to lie where the law was made for. */
const extinction: Field<ReturnType<typeof laws>> = node => {
  const found = laws(node)
  const { rv } = found
  const [from, to] = rv.law === 'fixed' ? [rv.value, rv.value] : rv.law === 'normal' ? [2, 6] : [rv.from, rv.to]
  for (const name of lawNames) {
    const [low, high] = extinctionLaw(name).rvRange
    if ((found.laws[name] ?? 0) > 0 && (to < low || from > high))
      throw refuse(
        below(node, 'rv', rv),
        `never lies within ${low} to ${high}, which ${name} is made for; change either`,
      )
  }
  return found
}

/** Every family alike: which is right is what nobody knows. Those that end are left out where they do not reach. */
const allFamilies = Object.fromEntries(evolutionFamilies.map(name => [name, 1 / evolutionFamilies.length]))

const recipe = record({
  name: word,
  seed: optional(wholeIn(0, Number.MAX_SAFE_INTEGER), 1),
  components,
  surveys: optional(someOf(seenSurveys), ['gaiaDr3', 'twoMass', 'allWise'] as const),
  missing: optional(choice(missingModes), 'natural'),
  /** Whether upper limits of the surveys are kept; if not they are missing. */
  limits: optional(flag, true),
  tracks: optional(weightsOf(evolutionFamilies), allFamilies),
  atmospheres: optional(weightsOf(atmosphereFamilies), { btSettl: 0.4, kurucz: 0.3, phoenix: 0.3 }),
  extinction: optional(extinction, {
    laws: { g23: 1 },
    rv: { law: 'normal', mean: 3.1, sigma: 0.15 },
  }),
})

/** What decides every bit of a simulation, together with the program and the number of stars. */
export type ForwardRecipe = ReturnType<typeof recipe>

/**
 * Plain data of a recipe file, checked and with what it leaves out filled in.
 * @throws FusionError CONFIG_INVALID: one sentence that says where, which key, what is wrong and what to write
 */
export function checkForwardRecipe(value: unknown, placeOf: PlaceOf): ForwardRecipe {
  const node: RecipeNode = { value, keys: [], placeOf }
  return recipe(node)
}
