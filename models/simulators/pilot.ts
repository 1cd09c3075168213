// The pilot forward model: prior -> evolution -> photometry with disk and companion -> surveys, in columns.
import { loggDex, logRadiusRsun, parameterNames, starClasses } from '../../schemas/index.ts'
import { createRng, type Rng } from '../math/rng.ts'
import { modelObservables } from '../tokens/layout.ts'
import { diskExcessInto } from './diskExcess.ts'
import { createEvolution } from './evolution.ts'
import { addCoolDefect, bands, createPhotometry } from './photometry.ts'
import { drawClass, drawDisk, drawStar, pilotPrior, slot, slotCount } from './prior.ts'
import { type ColumnFact, column, createSimulation, type Simulator } from './simulator.ts'
import { createSurveyDraw, type MissingMode, observeInto } from './surveySelection.ts'

const PURPOSE = 0x5107
const MAX_TRIES = 100_000
/** Above this gravity a cool star is a dwarf or a young star, whose model colours are known to be off. */
const DWARF_LOGG_DEX = 3
const derivedNames = ['logRadiusRsun', 'loggDex'] as const
// biome-ignore format: one nuisance a line reads as the table it is
const nuisances: readonly ColumnFact[] = [
  { name: 'rv', unit: '', description: 'R_V of the extinction law' },
  { name: 'family', unit: '', description: 'number of the family of tracks' },
  { name: 'atmosphere', unit: '', description: 'number of the family of atmospheres' },
  { name: 'companionRatio', unit: '', description: 'mass of the companion over that of the star; 0 where there is none' },
  { name: 'phase', unit: '', description: 'number of the phase of evolution' },
  { name: 'coolDefect', unit: '', description: 'strength of what model colours of cool dwarfs lack' },
  { name: 'spuriousW3', unit: '', description: '1 where W3 is not the star' },
  { name: 'spuriousW4', unit: '', description: '1 where W4 is not the star' },
  { name: 'excessKsMag', unit: 'mag', description: 'what the disk adds in Ks; negative is brighter' },
]
const nuisanceNames = nuisances.map(({ name }) => name)

export interface PilotOptions {
  /** Which observables stay missing; `mixed` for training, `none` for the study without missing data. */
  readonly missing?: MissingMode
}

/**
 * Young and field stars as Gaia, 2MASS and WISE see them. A class is drawn from the explicit prior, then stars of that class until one
 * is seen by a survey, so class fractions equal the prior and the selection is part of the prior within a class.
 */
export function createPilotSimulator(options: PilotOptions = {}): Simulator {
  const missing = options.missing ?? 'mixed'
  const evolution = createEvolution()
  const photometry = createPhotometry()
  const star = new Float64Array(slotCount)
  const magnitudes = new Float64Array(bands.length)
  const companion = new Float64Array(bands.length)
  const companionState = new Float64Array(2)
  const excess = new Float64Array(bands.length)
  const diskK = new Float64Array(pilotPrior.disk.components.length)
  const diskRatio = new Float64Array(pilotPrior.disk.components.length)
  const truths = new Float64Array(modelObservables.length)
  const survey = createSurveyDraw()

  /** Magnitudes at 10 pc of one photosphere behind the star's dust; false where a table ends. */
  function shine(logMass: number, logTeff: number, logLuminosity: number, out: Float64Array): boolean {
    const logRadius = logRadiusRsun(logLuminosity, logTeff)
    const gravity = loggDex(logMass, logRadius)
    const { fehDex, avMag, rv, atmosphere, coolDefect } = slot
    const [feh, av, law, family] = [star[fehDex], star[avMag], star[rv], star[atmosphere]]
    if (!photometry.magnitudesInto(logTeff, logRadius, gravity, feh, av, law, family, out)) return false
    if (gravity > DWARF_LOGG_DEX) addCoolDefect(logTeff, star[coolDefect], out)
    return true
  }

  /** Light of the companion added to `magnitudes`; a companion too small to shine adds nothing. */
  function addCompanion(): void {
    const logMass = star[slot.logMassMsun] + Math.log10(star[slot.companionRatio])
    const [age, feh, family] = [star[slot.logAgeYr], star[slot.fehDex], star[slot.family]]
    if (evolution.starInto(age, logMass, feh, family, companionState) < 0) return
    if (!shine(logMass, companionState[0], companionState[1], companion)) return
    for (let b = 0; b < bands.length; b++)
      magnitudes[b] = -2.5 * Math.log10(10 ** (-0.4 * magnitudes[b]) + 10 ** (-0.4 * companion[b]))
  }

  /** One attempt at a star of the class; false where a table ends or no survey sees it. */
  function drawOnce(classIndex: number, rng: Rng): boolean {
    drawStar(classIndex, rng, evolution, star)
    const logTeff = star[slot.logTeffK]
    if (!shine(star[slot.logMassMsun], logTeff, star[slot.logLuminosityLsun], magnitudes)) return false
    excess.fill(0)
    const name = starClasses[classIndex]
    if (name === 'youngDisk') {
      drawDisk(10 ** logTeff, rng, diskK, diskRatio)
      diskExcessInto(10 ** logTeff, diskK, diskRatio, excess)
      for (let b = 0; b < bands.length; b++) magnitudes[b] += excess[b]
    }
    if (star[slot.companionRatio] > 0) addCompanion()
    const modulus = 5 * star[slot.logDistancePc] - 5
    truths[0] = 10 ** (3 - star[slot.logDistancePc])
    for (let b = 0; b < bands.length; b++) truths[b + 1] = magnitudes[b] + modulus
    const isYoung = name === 'youngDisk' || name === 'youngDiskless'
    return observeInto(truths, isYoung, classIndex, missing, rng, survey)
  }

  return {
    name: 'pilot',
    parameters: parameterNames,
    derived: derivedNames,
    nuisances,
    observables: modelObservables,
    classes: starClasses,
    classPrior: pilotPrior.classes,
    draw({ seed, first, count }) {
      if (!Number.isSafeInteger(count) || count < 0)
        throw new RangeError(`pilot: count ${count} is not an integer >= 0`)
      const rng = createRng(seed, PURPOSE)
      const simulation = createSimulation(
        { parameters: parameterNames, derived: derivedNames, nuisances, observables: modelObservables },
        count,
      )
      const places = parameterNames.map(slotOf)
      const nuisancePlaces = nuisanceNames.slice(0, 6).map(slotOf)
      const parameters = parameterNames.map(name => column(simulation.parameters, name))
      const [radius, gravity] = derivedNames.map(name => column(simulation.derived, name))
      const nuisanceColumns = nuisanceNames.map(name => column(simulation.nuisances, name))
      const truthColumns = modelObservables.map(name => column(simulation.truths, name))
      const observables = modelObservables.map(name => column(simulation.observables, name))
      const errors = modelObservables.map(name => column(simulation.errors, name))
      const presence = modelObservables.map(name => column(simulation.presence, name))
      for (let i = 0; i < count; i++) {
        rng.seek(first + i)
        const classIndex = drawClass(rng)
        let tries = 0
        while (!drawOnce(classIndex, rng))
          if (++tries === MAX_TRIES)
            throw new RangeError(`pilot: no ${starClasses[classIndex]} seen in ${MAX_TRIES} tries`)
        simulation.classIndex[i] = classIndex
        for (let p = 0; p < places.length; p++) parameters[p][i] = star[places[p]]
        radius[i] = logRadiusRsun(star[slot.logLuminosityLsun], star[slot.logTeffK])
        gravity[i] = loggDex(star[slot.logMassMsun], radius[i])
        for (let n = 0; n < nuisancePlaces.length; n++) nuisanceColumns[n][i] = star[nuisancePlaces[n]]
        nuisanceColumns[6][i] = survey.spurious[9]
        nuisanceColumns[7][i] = survey.spurious[10]
        nuisanceColumns[8][i] = excess[5]
        for (let k = 0; k < modelObservables.length; k++) {
          truthColumns[k][i] = truths[k]
          observables[k][i] = survey.values[k]
          errors[k][i] = survey.errors[k]
          presence[k][i] = survey.present[k]
        }
      }
      return simulation
    },
  }
}

const slots = new Map<string, number>(Object.entries(slot))

function slotOf(name: string): number {
  const found = slots.get(name)
  if (found === undefined) throw new RangeError(`pilot: no slot is named ${name}`)
  return found
}
