// The pilot's stars: the forward model's tracks, spectra and surveys under an explicit prior over classes, in columns.
import { loggDex, parameterNames, starClasses } from '../../schemas/index.ts'
import { createRng, type Rng } from '../math/rng.ts'
import { modelObservables } from '../tokens/layout.ts'
import { lengthOf, SPECTRUM_FLOOR } from '../tokens/spectrumFeatures.ts'
import { addDistance } from './forward/observableBands.ts'
import { createLight } from './forward/opticalLight.ts'
import { createSpectrumObserver } from './forward/spectrumObserver.ts'
import { createStarShine, shineNuisanceNames, shineNuisances, shineSlot, shineSlotCount } from './forward/starShine.ts'
import { drawNebulaMag, variabilityMag } from './forward/starSurroundings.ts'
import { createXpWriter, xpLists, xpNuisances } from './forward/xpColumns.ts'
import { equatorialOf } from './galaxy/galacticFrame.ts'
import { galaxySlot, galaxySlotCount } from './galaxy/starSource.ts'
import { extinctionLawNames } from './photosphere/extinctionLaws.ts'
import { drawClass, drawRv, drawStarInto, isOfClass, pilotPrior } from './prior.ts'
import { type ColumnFact, column, createLists, createSimulation, type Simulation, type Simulator } from './simulator.ts'
import { createSkyPlace, locateInto } from './surveys/skyPlace.ts'
import { type SurveyName, surveyNames, surveyObservables } from './surveys/surveyFacts.ts'
import { createSurveyDraws, createSurveyObserver, measureStates } from './surveys/surveyObserver.ts'
import type { GapMode } from './surveys/surveyOptions.ts'
import { observableIndex, surveyOf } from './surveys/tableGaps.ts'
import { createStarTracks } from './tracks/starTracks.ts'
import { BASIS_COUNT, xpBands } from './xp/xpBases.ts'
import type { XpObservation } from './xp/xpSimulation.ts'

const PURPOSE = 0x5107
const PURPOSE_SHARES = 0x5108
const MAX_TRIES = 1_000_000
const derivedNames = ['logRadiusRsun', 'loggDex'] as const
const nuisances: readonly ColumnFact[] = [
  ...shineNuisances,
  { name: 'spuriousW3', unit: '', description: '1 where W3 is not the star' },
  { name: 'spuriousW4', unit: '', description: '1 where W4 is not the star' },
]
const surveys: readonly SurveyName[] = ['gaia', 'twoMass', 'allWise']

/** Which observables stay missing. */
export type MissingMode =
  /** Natural gaps, then columns as tables leave them out: for training. */
  | 'mixed'
  /** Natural gaps only. */
  | 'natural'
  /** Only stars that every survey measures in every band: for the study without missing data. */
  | 'none'

const gapModes: Readonly<Record<MissingMode, GapMode>> = { mixed: 'tables', natural: 'natural', none: 'complete' }

export interface PilotOptions {
  readonly missing?: MissingMode
  /** Whether Gaia's XP spectra are drawn too, as lists; the same stars either way, but that a complete star then has both. */
  readonly hasSpectra?: boolean
}

export interface PilotSimulator extends Simulator {
  /**
   * Share of attempts at a star of each class, in the order of `classes`, that make one which is seen.
   * @param request with so many attempts at each
   */
  acceptedShares(request: { readonly seed: number; readonly count: number }): readonly number[]
}

/** Chance that a table lacks all spectra, and each band of those that are left; a choice, not a measurement. */
const SPECTRUM_GAPS = { all: 0.35, band: 0.08 } as const

/**
 * Young and field stars as Gaia, 2MASS and WISE see them. A class is drawn from the explicit prior, then stars of that class until one
 * is seen by a survey, so class fractions equal the prior and the selection is part of the prior within a class.
 *
 * The mass is that at birth, and the gravity derived from it: giants have lost a little, so that theirs is up to 0.1 dex less.
 */
export function createPilotSimulator(options: PilotOptions = {}): PilotSimulator {
  const { hasSpectra = false, missing = 'mixed' } = options
  const { tracks: families, atmospheres, laws, errFloors, latitudeScaleDeg } = pilotPrior
  const rvOfPrior = { law: 'fixed', value: pilotPrior.rv.mean } as const
  const tracks = createStarTracks()
  const shine = createStarShine({ tracks: families, atmospheres, extinction: { laws, rv: rvOfPrior } }, surveys)
  const observer = createSurveyObserver({
    surveys,
    gaps: gapModes[missing],
    // The prior's floors go before those of the calibrations, which they hold.
    hasFloors: false,
    hasLimits: false,
    // Each release states its errors in its own way: a model that reads youth from them takes the stars of another release for young.
    hasScatter: false,
  })
  const spectrumObserver = hasSpectra ? createSpectrumObserver() : null
  const light = createLight(shine.light.flux, shine.light.photospheres)
  const star = new Float64Array(galaxySlotCount)
  const body = new Float64Array(shineSlotCount)
  const truths = new Float64Array(surveyObservables.length)
  const seen = new Float64Array(surveyObservables.length)
  const draws = createSurveyDraws()
  const places = modelObservables.map(observableIndex)
  const [parallax, w3, w4] = ['parallaxMas', 'w3Mag', 'w4Mag'].map(observableIndex)
  /** The observables of each survey. */
  const seenSurveys = surveyNames.map((_, s) => places.filter(k => surveyOf[k] === s)).filter(of => of.length > 0)
  const place = createSkyPlace()
  let spectrum: XpObservation | undefined
  const context = { place, variabilityMag: 0, wobbleMas: 0 }

  /** One attempt at a star of the class; false where a table ends or no survey sees it. */
  function drawOnce(classIndex: number, rng: Rng): boolean {
    if (!drawStarInto(classIndex, rng, tracks, star) || !shine.settle(star, true, rng, body)) return false
    const logAge = star[galaxySlot.logAgeYr]
    if (!isOfClass(classIndex, body[shineSlot.phase], logAge)) return false
    const isYoung = starClasses[classIndex].startsWith('young')
    body[shineSlot.rv] = drawRv(isYoung, rng)
    truths.fill(Number.NaN)
    if (!shine.magnitudesInto(star, body, starClasses[classIndex] === 'youngDisk', rng, truths)) return false
    addDistance(star[galaxySlot.distancePc], truths)
    truths[parallax] = star[galaxySlot.parallaxMas]
    seen.fill(Number.NaN)
    for (let o = 0; o < places.length; o++) seen[places[o]] = truths[places[o]] + errFloors[o] * rng.normal()
    standSomewhere(rng)
    place.nebulaMag = drawNebulaMag(isYoung, logAge, rng)
    context.variabilityMag = variabilityMag[classIndex]
    if (!observer.observeInto(seen, context, rng, draws)) return false
    loosen(rng)
    spectrum = drawSpectrum(rng)
    return missing !== 'none' || spectrumObserver === null || spectrum !== undefined
  }

  /** Drawn last, so that a star is the same without it. */
  function drawSpectrum(rng: Rng): XpObservation | undefined {
    if (spectrumObserver === null) return undefined
    if (missing === 'mixed' && rng.uniform() < SPECTRUM_GAPS.all) return undefined
    light.law = extinctionLawNames[body[shineSlot.law]]
    light.avMag = star[galaxySlot.avMag]
    light.rv = body[shineSlot.rv]
    light.distancePc = star[galaxySlot.distancePc]
    light.bpDefectMag = body[shineSlot.bpDefectMag]
    const found = spectrumObserver.observe(light, draws, rng)
    if (found !== undefined) blur(found, rng)
    return found
  }

  /** What the errors leave out: see `SPECTRUM_FLOOR`. */
  function blur({ coefficients }: XpObservation, rng: Rng): void {
    for (let from = 0; from < coefficients.length; from += BASIS_COUNT) {
      const band = coefficients.subarray(from, from + BASIS_COUNT)
      const floor = SPECTRUM_FLOOR * lengthOf(band)
      for (let k = 0; k < BASIS_COUNT; k++) band[k] += floor * rng.normal()
    }
  }

  /** Older releases and other tables measure worse, and say so. */
  function loosen(rng: Rng): void {
    const { share, mag: magRange, parallax: parallaxRange } = pilotPrior.looseErrors
    for (const survey of seenSurveys) {
      const isLoose = rng.uniform() < share
      const extraMag = magRange[0] * (magRange[1] / magRange[0]) ** rng.uniform()
      const factor = parallaxRange[0] + rng.uniform() * (parallaxRange[1] - parallaxRange[0])
      for (const k of survey) {
        const noise = rng.normal()
        if (!isLoose || draws.states[k] !== measureStates.measured) continue
        const extra = k === parallax ? draws.errors[k] * Math.sqrt(factor * factor - 1) : extraMag
        draws.values[k] += extra * noise
        draws.errors[k] = Math.hypot(draws.errors[k], extra)
      }
    }
  }

  /** Depth, crowds and scans of some direction: more often near the plane. */
  function standSomewhere(rng: Rng): void {
    const lDeg = 360 * rng.uniform()
    const bDeg = Math.min(90, -latitudeScaleDeg * Math.log(rng.uniform())) * (rng.uniform() < 0.5 ? -1 : 1)
    const { raDeg, decDeg } = equatorialOf(lDeg, bDeg)
    locateInto(raDeg, decDeg, place)
  }

  const allNuisances = hasSpectra ? [...nuisances, ...xpNuisances] : nuisances
  return {
    name: 'pilot',
    parameters: parameterNames,
    derived: derivedNames,
    nuisances: allNuisances,
    observables: modelObservables,
    ...(hasSpectra && { lists: xpLists }),
    classes: starClasses,
    classPrior: pilotPrior.classes,
    acceptedShares({ seed, count }) {
      const rng = createRng(seed, PURPOSE_SHARES)
      return starClasses.map((_, c) => {
        rng.seek(c)
        let accepted = 0
        for (let i = 0; i < count; i++) if (drawOnce(c, rng)) accepted++
        return accepted / count
      })
    },
    draw({ seed, first, count }) {
      if (!Number.isSafeInteger(count) || count < 0)
        throw new RangeError(`pilot: count ${count} is not an integer >= 0`)
      const rng = createRng(seed, PURPOSE)
      const created = createSimulation(
        {
          ...{ parameters: parameterNames, derived: derivedNames, observables: modelObservables },
          nuisances: allNuisances,
        },
        count,
      )
      const simulation: Simulation = hasSpectra
        ? { ...created, lists: createLists(xpLists, count), defined: spectrumFlags(count) }
        : created
      const writeSpectrum = hasSpectra ? createXpWriter(simulation) : null
      const readers: Readonly<Record<(typeof parameterNames)[number], () => number>> = {
        logAgeYr: () => star[galaxySlot.logAgeYr],
        logMassMsun: () => star[galaxySlot.logMassMsun],
        fehDex: () => star[galaxySlot.fehDex],
        logTeffK: () => body[shineSlot.logTeffK],
        logLuminosityLsun: () => body[shineSlot.logLuminosityLsun],
        avMag: () => star[galaxySlot.avMag],
        logDistancePc: () => Math.log10(star[galaxySlot.distancePc]),
      }
      const own: readonly (readonly [Float32Array, () => number])[] = [
        ...parameterNames.map(name => [column(simulation.parameters, name), readers[name]] as const),
        [column(simulation.derived, 'logRadiusRsun'), () => body[shineSlot.logRadiusRsun]],
        [
          column(simulation.derived, 'loggDex'),
          () => loggDex(star[galaxySlot.logMassMsun], body[shineSlot.logRadiusRsun]),
        ],
        ...shineNuisanceNames.map(name => [column(simulation.nuisances, name), () => body[shineSlot[name]]] as const),
        [column(simulation.nuisances, 'spuriousW3'), () => draws.spurious[w3]],
        [column(simulation.nuisances, 'spuriousW4'), () => draws.spurious[w4]],
      ]
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
        for (const [values, read] of own) values[i] = read()
        for (let o = 0; o < places.length; o++) {
          const k = places[o]
          truthColumns[o][i] = truths[k]
          if (draws.states[k] !== measureStates.measured) continue
          observables[o][i] = draws.values[k]
          errors[o][i] = draws.errors[k]
          presence[o][i] = 1
        }
        if (spectrum === undefined || writeSpectrum === null) continue
        const isKept = xpBands.map(() => missing !== 'mixed' || rng.uniform() >= SPECTRUM_GAPS.band)
        writeSpectrum(i, spectrum, isKept)
      }
      return simulation
    },
  }
}

/** Stars without spectra have no transits in them. */
function spectrumFlags(count: number): ReadonlyMap<string, Uint8Array> {
  return new Map(xpNuisances.map(({ name }) => [name, new Uint8Array(count)]))
}
