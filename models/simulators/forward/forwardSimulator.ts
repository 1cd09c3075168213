// The forward model: origin -> evolution -> spectrum with companions, disk and dust -> passbands -> surveys, in columns.
import { parameterNames, starClasses } from '../../../schemas/index.ts'
import { createRng, indexAt, type Rng } from '../../math/rng.ts'
import type { ForwardRecipe, MissingRule } from '../forwardRecipe.ts'
import { galaxySlot, galaxySlotCount } from '../galaxy/starSource.ts'
import { YOUNG_LOG_AGE_YR } from '../prior.ts'
import { type ColumnFact, createLimits, createSimulation, type Simulation, type Simulator } from '../simulator.ts'
import { createSkyPlace, locateInto } from '../surveys/skyPlace.ts'
import type { SurveyName } from '../surveys/surveyFacts.ts'
import { surveyObservables } from '../surveys/surveyFacts.ts'
import { createSurveyDraws, createSurveyObserver, measureStates } from '../surveys/surveyObserver.ts'
import type { GapMode } from '../surveys/surveyOptions.ts'
import { HERTZSPRUNG_GAP } from '../tracks/stellarLife.ts'
import { bandOfObservable, limitedAmong, observablesOf } from './observableBands.ts'
import { openOrigin, type StarComponent, type StarOrigin } from './starOrigins.ts'
import { createStarShine, shineSlot, shineSlotCount } from './starShine.ts'
import { drawNebulaMag, variabilityMag } from './starSurroundings.ts'

const PURPOSE = 0xf04d
const MAX_TRIES = 100_000
/** Stars that measure the prior over classes, and their seed. */
const PRIOR_STARS = 20_000
const PRIOR_SEED = 0x9a1

/** What the surveys leave out, before anything goes at random. */
const gapModes: Readonly<Record<MissingRule, GapMode>> = {
  natural: 'natural',
  none: 'complete',
  random50: 'complete',
  patterns: 'tables',
}

const derivedNames = ['logRadiusRsun', 'loggDex'] as const

// biome-ignore format: one nuisance a line reads as the table it is
const nuisances: readonly ColumnFact[] = [
  { name: 'component', unit: '', description: 'number of the component in the recipe' },
  { name: 'family', unit: '', description: 'number of the family of tracks' },
  { name: 'atmosphere', unit: '', description: 'number of the family of atmospheres' },
  { name: 'law', unit: '', description: 'number of the extinction law' },
  { name: 'rv', unit: '', description: 'R_V of the extinction law' },
  { name: 'phase', unit: '', description: 'number of the phase of evolution' },
  { name: 'companionRatio', unit: '', description: 'mass of the heaviest unresolved companion over that of the star; 0 where there is none' },
  { name: 'coolDefect', unit: '', description: 'strength of what model colours of cool dwarfs lack' },
  { name: 'lDeg', unit: 'deg', description: 'Galactic longitude' },
  { name: 'bDeg', unit: 'deg', description: 'Galactic latitude' },
  { name: 'radialVelocityKmS', unit: 'km/s', description: 'radial velocity' },
]
/** Only stars with a place have them. */
const placeNames = ['lDeg', 'bDeg', 'radialVelocityKmS']

const YOUNG_DISK = starClasses.indexOf('youngDisk')
const YOUNG_DISKLESS = starClasses.indexOf('youngDiskless')
const MAIN_SEQUENCE = starClasses.indexOf('mainSequence')
const GIANT = starClasses.indexOf('giant')
/**
 * The stars of a recipe's components, in their shares of what some survey sees.
 *
 * Every star is seen by at least one of the recipe's surveys. Classes are as the pilot's: after the main sequence a giant; else younger than
 * 100 Myr young, with or without a disk; else on the main sequence. Their prior is measured on 20,000 stars when it is first asked for.
 *
 * @throws RangeError when a component cannot give a star
 */
export function createForwardSimulator(
  recipe: ForwardRecipe,
  components: readonly StarComponent[],
  surveys: readonly SurveyName[],
): Simulator {
  const origins = components.map(openOrigin)
  const shares = components.map(({ share }) => share)
  const shine = createStarShine(recipe)
  const gaps = gapModes[recipe.missing]
  // A star that every survey measured is nowhere too faint.
  const hasLimits = recipe.limits && gaps !== 'complete'
  const observer = createSurveyObserver({ surveys, gaps, hasLimits })
  const seen = observablesOf(surveys)
  const observables = Array.from(seen, k => surveyObservables[k])
  const limited = Array.from(hasLimits ? limitedAmong(seen) : [], k => surveyObservables[k])
  const bandless = Array.from(bandOfObservable.keys()).filter(k => bandOfObservable[k] < 0)
  const truths = new Float64Array(surveyObservables.length)
  const draws = createSurveyDraws()
  const onSky = createSkyPlace()
  /** For stars without a place: the mean of the sky, whatever star was before. */
  const anywhere = createSkyPlace()
  const context = { place: anywhere, variabilityMag: 0, wobbleMas: 0 }
  const star = new Float64Array(galaxySlotCount)
  const body = new Float64Array(shineSlotCount)

  /** @returns the star's class, or -1 where the tables end or no survey sees it */
  function drawOnce(origin: StarOrigin, rng: Rng): number {
    origin.drawInto(rng, star)
    if (!shine.settle(star, origin.isMultiple, rng, body)) return -1
    const isYoung = body[shineSlot.phase] < HERTZSPRUNG_GAP && star[galaxySlot.logAgeYr] < YOUNG_LOG_AGE_YR
    const hasDisk = isYoung && rng.uniform() < origin.diskShare
    if (!shine.magnitudesInto(star, body, hasDisk, rng, truths)) return -1
    const modulus = 5 * Math.log10(star[galaxySlot.distancePc]) - 5
    for (let k = 0; k < truths.length; k++) if (bandOfObservable[k] >= 0) truths[k] += modulus
    for (const k of bandless) truths[k] = Number.NaN
    truths[0] = star[galaxySlot.parallaxMas]
    if (origin.hasPlace) {
      truths[1] = star[galaxySlot.pmRaCosDecMasPerYr]
      truths[2] = star[galaxySlot.pmDecMasPerYr]
      locateInto(star[galaxySlot.raDeg], star[galaxySlot.decDeg], onSky)
    }
    context.place = origin.hasPlace ? onSky : anywhere
    const classIndex =
      body[shineSlot.phase] >= HERTZSPRUNG_GAP
        ? GIANT
        : !isYoung
          ? MAIN_SEQUENCE
          : hasDisk
            ? YOUNG_DISK
            : YOUNG_DISKLESS
    context.place.nebulaMag = drawNebulaMag(isYoung, star[galaxySlot.logAgeYr], rng)
    context.variabilityMag = variabilityMag[classIndex]
    return observer.observeInto(truths, context, rng, draws) ? classIndex : -1
  }

  function draw({ seed, first, count }: { seed: number; first: number; count: number }): Simulation {
    if (!Number.isSafeInteger(count) || count < 0)
      throw new RangeError(`forwardSimulator: count ${count} is not an integer >= 0`)
    const rng = createRng(seed, PURPOSE)
    const ofPlaces = [...placeNames, ...observables.filter(name => name.startsWith('pm'))]
    const simulation = {
      ...createSimulation({ parameters: parameterNames, derived: derivedNames, nuisances, observables }, count),
      limits: createLimits(limited, count),
      defined: new Map(ofPlaces.map(name => [name, new Uint8Array(count)])),
    }
    const write = writer(simulation)
    for (let i = 0; i < count; i++) {
      rng.seek(first + i)
      const c = indexAt(shares, rng.uniform())
      let classIndex = -1
      for (let tries = 0; classIndex < 0; tries++) {
        if (tries === MAX_TRIES)
          throw new RangeError(
            `forwardSimulator: no star of component ${c} of ${recipe.name} is seen in ${MAX_TRIES} tries`,
          )
        classIndex = drawOnce(origins[c], rng)
      }
      simulation.classIndex[i] = classIndex
      write(i, c, origins[c].hasPlace)
    }
    return simulation
  }

  /** Copies the star at hand into row i of the columns. */
  function writer(simulation: Simulation): (i: number, component: number, hasPlace: boolean) => void {
    const into = (columns: ReadonlyMap<string, Float32Array>, name: string) => columns.get(name) ?? new Float32Array(0)
    const own: readonly (readonly [Float32Array, () => number])[] = [
      [into(simulation.parameters, 'logAgeYr'), () => star[galaxySlot.logAgeYr]],
      [into(simulation.parameters, 'logMassMsun'), () => star[galaxySlot.logMassMsun]],
      [into(simulation.parameters, 'fehDex'), () => star[galaxySlot.fehDex]],
      [into(simulation.parameters, 'logTeffK'), () => body[shineSlot.logTeffK]],
      [into(simulation.parameters, 'logLuminosityLsun'), () => body[shineSlot.logLuminosityLsun]],
      [into(simulation.parameters, 'avMag'), () => star[galaxySlot.avMag]],
      [into(simulation.parameters, 'logDistancePc'), () => Math.log10(star[galaxySlot.distancePc])],
      [into(simulation.derived, 'logRadiusRsun'), () => body[shineSlot.logRadiusRsun]],
      [into(simulation.derived, 'loggDex'), () => body[shineSlot.loggDex]],
      ...(['family', 'atmosphere', 'law', 'rv', 'phase', 'companionRatio', 'coolDefect'] as const).map(
        name => [into(simulation.nuisances, name), () => body[shineSlot[name]]] as const,
      ),
      ...(['lDeg', 'bDeg', 'radialVelocityKmS'] as const).map(
        name => [into(simulation.nuisances, name), () => star[galaxySlot[name]]] as const,
      ),
    ]
    const component = into(simulation.nuisances, 'component')
    const flags = [...(simulation.defined?.values() ?? [])]
    const columns = Array.from(seen, k => {
      const name = surveyObservables[k]
      const presence = simulation.presence.get(name) ?? new Uint8Array(0)
      return [
        k,
        into(simulation.truths, name),
        into(simulation.observables, name),
        into(simulation.errors, name),
        presence,
        simulation.limits?.get(name),
      ] as const
    })
    return (i, c, hasPlace) => {
      component[i] = c
      for (const [column, read] of own) column[i] = read()
      for (const column of flags) column[i] = hasPlace ? 1 : 0
      for (const [k, truth, value, error, presence, limit] of columns) {
        truth[i] = Number.isFinite(truths[k]) ? truths[k] : 0
        if (draws.states[k] === measureStates.limit && limit !== undefined) {
          limit.values[i] = draws.values[k]
          limit.presence[i] = 1
        }
        if (draws.states[k] !== measureStates.measured) continue
        value[i] = draws.values[k]
        error[i] = draws.errors[k]
        presence[i] = 1
      }
    }
  }

  let prior: readonly number[] | undefined
  return {
    name: recipe.name,
    parameters: parameterNames,
    derived: derivedNames,
    nuisances,
    observables,
    limited,
    classes: starClasses,
    get classPrior() {
      prior ??= shareOf(draw({ seed: PRIOR_SEED, first: 0, count: PRIOR_STARS }).classIndex)
      return prior
    },
    draw,
  }
}

function shareOf(classIndex: Uint8Array): readonly number[] {
  return starClasses.map((_, c) => classIndex.reduce((sum, one) => sum + (one === c ? 1 : 0), 0) / classIndex.length)
}
