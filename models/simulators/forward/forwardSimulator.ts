// The forward model: sources of light -> surveys -> columns.
import { FusionError, parameterNames } from '../../../schemas/index.ts'
import { createRng, indexAt } from '../../math/rng.ts'
import type { YsoCubes } from '../dust/cubeSeds.ts'
import type { ForwardRecipe, MissingRule } from '../forwardRecipe.ts'
import {
  type ColumnFact,
  createLimits,
  createLists,
  createSimulation,
  type DrawRequest,
  type Simulation,
  type Simulator,
} from '../simulator.ts'
import { type SurveyName, surveyObservables } from '../surveys/surveyFacts.ts'
import { createSurveyDraws, createSurveyObserver, measureStates } from '../surveys/surveyObserver.ts'
import type { GapMode } from '../surveys/surveyOptions.ts'
import { xpNoiseFacts } from '../xp/xpNoise.ts'
import type { XpObservation } from '../xp/xpSimulation.ts'
import { createShining } from './lightSource.ts'
import { limitedAmong, observablesOf } from './observableBands.ts'
import { openSources, type SourceComponent } from './sources.ts'
import { createSpectrumObserver } from './spectrumObserver.ts'
import type { Rebirth } from './starOrigins.ts'
import { createXpWriter, xpLists, xpNuisances } from './xpColumns.ts'

const PURPOSE = 0xf04d
const SPECTRUM_PURPOSE = 0xf0b9
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
const componentFact: ColumnFact = { name: 'component', unit: '', description: 'number of the component in the recipe' }

/**
 * The stars of a recipe's components, in their shares of what some survey sees.
 *
 * Every star is seen by at least one of the recipe's surveys. The prior over classes is measured on 20,000 stars when it is first asked for.
 *
 * @param rebirth see `Rebirth`; null leaves stars as they are born
 * @throws RangeError when a component cannot give a star; `draw` throws FusionError CONFIG_INVALID when no star of a component is seen
 */
export function createForwardSimulator(
  recipe: ForwardRecipe,
  components: readonly SourceComponent[],
  surveys: readonly SurveyName[],
  cubes: YsoCubes,
  rebirth: Rebirth | null = null,
): Simulator {
  const shares = components.map(({ share }) => share)
  const {
    sources,
    classes,
    nuisances: ofSources,
    numberNames,
  } = openSources(recipe, components, surveys, cubes, rebirth, [...parameterNames, ...derivedNames])
  const gaps = gapModes[recipe.missing]
  // A star that every survey measured is nowhere too faint.
  const hasLimits = recipe.limits && gaps !== 'complete'
  const observer = createSurveyObserver({ surveys, gaps, hasLimits })
  const seen = observablesOf(surveys)
  const observables = Array.from(seen, k => surveyObservables[k])
  const limited = Array.from(hasLimits ? limitedAmong(seen) : [], k => surveyObservables[k])
  const spectra = recipe.surveys.includes('gaiaXp') ? createSpectrumObserver() : null
  const needsSpectra = spectra !== null && gaps === 'complete'
  const lists = spectra === null ? [] : xpLists
  const ofSpectra = spectra === null ? [] : xpNuisances
  const nuisances = [componentFact, ...ofSources, ...ofSpectra]
  /** What a star may lack. */
  const optionalNames = [...numberNames, ...ofSpectra.map(({ name }) => name), ...observables]
  const draws = createSurveyDraws()
  const shining = createShining(numberNames.length)
  const context = { place: shining.place, variabilityMag: 0, wobbleMas: 0 }

  /** @param takesSpectra whether spectra are written, for stars that have one */
  function drawStars({ seed, first, count }: DrawRequest, takesSpectra: boolean): Simulation {
    if (!Number.isSafeInteger(count) || count < 0)
      throw new RangeError(`forwardSimulator: count ${count} is not an integer >= 0`)
    const rng = createRng(seed, PURPOSE)
    // Their own, so that the stars are the same with spectra and without.
    const spectrumRng = createRng(seed, SPECTRUM_PURPOSE)
    const simulation = {
      ...createSimulation({ parameters: parameterNames, derived: derivedNames, nuisances, observables }, count),
      limits: createLimits(limited, count),
      lists: createLists(takesSpectra ? lists : [], count),
      defined: new Map(optionalNames.map(name => [name, new Uint8Array(count)])),
    }
    const write = writer(simulation)
    const writeSpectra = takesSpectra ? createXpWriter(simulation) : null
    for (let i = 0; i < count; i++) {
      rng.seek(first + i)
      spectrumRng.seek(first + i)
      let spectrum: XpObservation | undefined
      const c = indexAt(shares, rng.uniform())
      const source = sources[c]
      for (let tries = 0; ; tries++) {
        if (tries === MAX_TRIES)
          throw new FusionError(
            'CONFIG_INVALID',
            `Of ${MAX_TRIES} stars of components[${c}] (${components[c].kind}) of the recipe ${recipe.name} its surveys see none, or its tracks and atmospheres reach none; bring them nearer, or into the ranges of docs/forward-model.md.`,
          )
        shining.numbers.fill(Number.NaN)
        shining.light = null
        if (!source.drawInto(rng, shining)) continue
        context.place = shining.place
        context.variabilityMag = shining.variabilityMag
        if (!observer.observeInto(shining.truths, context, rng, draws)) continue
        if (takesSpectra) spectrum = spectra?.observe(shining.light, draws, spectrumRng)
        if (spectrum !== undefined || !needsSpectra) break
      }
      write(i, c)
      if (spectrum !== undefined) writeSpectra?.(i, spectrum)
    }
    return simulation
  }

  /** Copies the star at hand into row i of the columns. */
  function writer(simulation: Simulation): (i: number, component: number) => void {
    const { parameters, derived, nuisances: beside, classIndex } = simulation
    const none = { values: new Float32Array(0), flags: new Uint8Array(0) }
    const component = beside.get(componentFact.name) ?? none.values
    const flagsOf = (name: string) => simulation.defined?.get(name) ?? none.flags
    const own = numberNames.map(name => {
      const values = parameters.get(name) ?? derived.get(name) ?? beside.get(name) ?? none.values
      return { values, flags: flagsOf(name) }
    })
    const columns = Array.from(seen, k => {
      const name = surveyObservables[k]
      return {
        k,
        truth: simulation.truths.get(name) ?? none.values,
        flags: flagsOf(name),
        value: simulation.observables.get(name) ?? none.values,
        error: simulation.errors.get(name) ?? none.values,
        presence: simulation.presence.get(name) ?? none.flags,
        limit: simulation.limits?.get(name),
      }
    })
    return (i, c) => {
      const { numbers, truths } = shining
      component[i] = c
      classIndex[i] = shining.classIndex
      for (let n = 0; n < own.length; n++) {
        if (Number.isNaN(numbers[n])) continue
        own[n].values[i] = numbers[n]
        own[n].flags[i] = 1
      }
      for (const { k, truth, flags, value, error, presence, limit } of columns) {
        if (Number.isFinite(truths[k])) {
          truth[i] = truths[k]
          flags[i] = 1
        }
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
    lists,
    ...(spectra !== null && { facts: { xpNoise: xpNoiseFacts } }),
    classes,
    get classPrior() {
      prior ??= sharesOf(
        drawStars({ seed: PRIOR_SEED, first: 0, count: PRIOR_STARS }, needsSpectra).classIndex,
        classes.length,
      )
      return prior
    },
    draw: request => drawStars(request, spectra !== null),
  }
}

function sharesOf(classIndex: Uint8Array, count: number): readonly number[] {
  const counts = new Uint32Array(count)
  for (const one of classIndex) counts[one]++
  return Array.from(counts, one => one / classIndex.length)
}
