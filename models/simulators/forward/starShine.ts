// A star that is born -> what it is at its age, and how bright in every band behind its dust, with companions and disk.
import { loggDex, logRadiusRsun } from '../../../schemas/index.ts'
import type { Rng } from '../../math/rng.ts'
import type { ForwardRecipe } from '../forwardRecipe.ts'
import { MAX_COMPANIONS } from '../galaxy/multiplicity.ts'
import { galaxySlot } from '../galaxy/starSource.ts'
import { atmosphereFamilies } from '../photosphere/atmosphere.ts'
import { extinctionLawNames } from '../photosphere/extinctionLaws.ts'
import { createSyntheticPhotometry } from '../photosphere/syntheticPhotometry.ts'
import { drawDisk, pilotPrior } from '../prior.ts'
import { createNameDraw } from '../recipeDraws.ts'
import { evolutionFamilies } from '../recipeNames.ts'
import type { ColumnFact } from '../simulator.ts'
import type { SurveyName } from '../surveys/surveyFacts.ts'
import { observableIndex } from '../surveys/tableGaps.ts'
import { createStarTracks, nearestTrackFehDex } from '../tracks/starTracks.ts'
import { HERTZSPRUNG_GAP } from '../tracks/stellarLife.ts'
import { coolDefectInto } from './coolDefect.ts'
import { createForegroundDust } from './foregroundDust.ts'
import { createLightSum, type LightSum } from './lightSum.ts'
import { bandOfObservable, magnitudesOf } from './observableBands.ts'

/** Places of what a star is at its age. */
export const shineSlot = {
  logTeffK: 0,
  logLuminosityLsun: 1,
  logRadiusRsun: 2,
  loggDex: 3,
  phase: 4,
  family: 5,
  atmosphere: 6,
  law: 7,
  rv: 8,
  companionRatio: 9,
  coolDefect: 10,
  /** What the model spectrum has too much in BP; of `magnitudesInto`. */
  bpDefectMag: 11,
} as const
export const shineSlotCount = 12

/** What was drawn with a star and is never asked. */
export const shineNuisanceNames = [
  'family',
  'atmosphere',
  'law',
  'rv',
  'phase',
  'companionRatio',
  'coolDefect',
] as const
// biome-ignore format: one nuisance a line reads as the table it is
export const shineNuisances: readonly (ColumnFact & { readonly name: (typeof shineNuisanceNames)[number] })[] = [
  { name: 'family', unit: '', description: 'number of the family of tracks' },
  { name: 'atmosphere', unit: '', description: 'number of the family of atmospheres' },
  { name: 'law', unit: '', description: 'number of the extinction law' },
  { name: 'rv', unit: '', description: 'R_V of the extinction law' },
  { name: 'phase', unit: '', description: 'number of the phase of evolution' },
  { name: 'companionRatio', unit: '', description: 'mass of the heaviest unresolved companion over that of the star; 0 where there is none' },
  { name: 'coolDefect', unit: '', description: 'strength of what model colours of cool dwarfs lack' },
]

/** Companions nearer than this are one source with the star: between the resolutions of Gaia and 2MASS. */
const BLEND_ARCSEC = 1
/** Above this gravity a cool star is a dwarf or a young star, whose model colours are known to be off. */
const DWARF_LOGG_DEX = 3

function isBlended(star: Float64Array, k: number): boolean {
  const au = star[galaxySlot.separation1Au + k]
  return star[galaxySlot.companionRatio1 + k] > 0 && au < BLEND_ARCSEC * star[galaxySlot.distancePc]
}

/** Mass of the heaviest unresolved companion over that of the star, of `galaxySlot`; 0 where there is none. */
export function blendedRatio(star: Float64Array): number {
  for (let k = 0; k < MAX_COMPANIONS; k++) if (isBlended(star, k)) return star[galaxySlot.companionRatio1 + k]
  return 0
}

export interface StarShine {
  /** Of the last star of `magnitudesInto`. */
  readonly light: Pick<LightSum, 'flux' | 'photospheres'>
  /**
   * What becomes of a star at its age.
   * @param star of `galaxySlot`
   * @param out [shineSlotCount]
   * @returns false where none of the recipe's families has such a star
   */
  settle(star: Float64Array, isMultiple: boolean, rng: Rng, out: Float64Array): boolean
  /**
   * Magnitudes at 10 pc behind the star's dust.
   * @param out in the order of `surveyObservables`; what is no magnitude of the surveys is left as it is
   * @returns false outside the atmospheres or laws
   */
  magnitudesInto(star: Float64Array, body: Float64Array, hasDisk: boolean, rng: Rng, out: Float64Array): boolean
}

/**
 * Tracks, atmospheres and laws by the weights of a recipe.
 * @param surveys that look: only their magnitudes are computed, and those of Gaia, by which neighbours are counted
 * @throws RangeError when a table of the grids is broken
 */
export function createStarShine(
  recipe: Pick<ForwardRecipe, 'tracks' | 'atmospheres' | 'extinction'>,
  surveys: readonly SurveyName[],
): StarShine {
  const tracks = createStarTracks()
  const photometry = createSyntheticPhotometry()
  const light = createLightSum()
  const families = createNameDraw(evolutionFamilies, recipe.tracks)
  const atmospheres = createNameDraw(atmosphereFamilies, recipe.atmospheres)
  const dust = createForegroundDust(recipe)
  const state = new Float64Array(3)
  const places = magnitudesOf(['gaia', ...surveys])
  const bands = places.map(k => bandOfObservable[k])
  const magnitudes = new Float64Array(bands.length)
  const defect = new Float64Array(2)
  const [gPlace, bpPlace] = ['gMag', 'bpMag'].map(observableIndex)
  const components = pilotPrior.disk.components.length
  const temperaturesK = new Float64Array(components)
  const luminosityRatios = new Float64Array(components)

  return {
    light,
    settle(star, isMultiple, rng, out) {
      const logAge = star[galaxySlot.logAgeYr]
      const logMass = star[galaxySlot.logMassMsun]
      const feh = nearestTrackFehDex(star[galaxySlot.fehDex])
      let family = families.draw(rng)
      let phase = tracks.starInto(logAge, logMass, feh, family, state)
      if (phase < 0) {
        family = families.drawAmong(tracks.familiesAt(logAge, logMass, feh), rng)
        if (family < 0) return false
        phase = tracks.starInto(logAge, logMass, feh, family, state)
      }
      const scatter = pilotPrior.trackScatter
      const isGiant = phase >= HERTZSPRUNG_GAP
      const logTeff = state[0] + (isGiant ? scatter.giantLogTeff : scatter.logTeff) * rng.normal()
      const logLuminosity = state[1] + (isGiant ? scatter.giantLogLuminosity : scatter.logLuminosity) * rng.normal()
      const logRadius = logRadiusRsun(logLuminosity, logTeff)
      out[shineSlot.logTeffK] = logTeff
      out[shineSlot.logLuminosityLsun] = logLuminosity
      out[shineSlot.logRadiusRsun] = logRadius
      out[shineSlot.loggDex] = loggDex(state[2], logRadius)
      out[shineSlot.phase] = phase
      out[shineSlot.family] = family
      out[shineSlot.atmosphere] = atmospheres.draw(rng)
      out[shineSlot.law] = dust.drawLaw(rng)
      out[shineSlot.rv] = dust.drawRv(out[shineSlot.law], rng)
      const [least, most] = pilotPrior.coolDefect
      out[shineSlot.coolDefect] = least + rng.uniform() * (most - least)
      out[shineSlot.companionRatio] = isMultiple ? blendedRatio(star) : 0
      return true
    },

    magnitudesInto(star, body, hasDisk, rng, out) {
      const atmosphere = atmosphereFamilies[body[shineSlot.atmosphere]]
      const feh = star[galaxySlot.fehDex]
      const logTeff = body[shineSlot.logTeffK]
      const logRadius = body[shineSlot.logRadiusRsun]
      light.clear()
      if (!light.addStar(atmosphere, logTeff, logRadius, body[shineSlot.loggDex], feh)) return false
      if (body[shineSlot.companionRatio] > 0) addCompanions(star, body)
      if (hasDisk) {
        drawDisk(10 ** logTeff, rng, temperaturesK, luminosityRatios)
        for (let k = 0; k < components; k++) light.addDust(logTeff, logRadius, temperaturesK[k], luminosityRatios[k])
      }
      const law = extinctionLawNames[body[shineSlot.law]]
      const [av, rv] = [star[galaxySlot.avMag], body[shineSlot.rv]]
      if (!photometry.magnitudesBehindDust(light.spectrum, av, rv, law, bands, magnitudes)) return false
      for (let b = 0; b < bands.length; b++) out[places[b]] = magnitudes[b]
      body[shineSlot.bpDefectMag] = 0
      if (body[shineSlot.loggDex] > DWARF_LOGG_DEX) {
        coolDefectInto(logTeff, body[shineSlot.coolDefect], defect)
        out[gPlace] += defect[0]
        out[bpPlace] += defect[1]
        body[shineSlot.bpDefectMag] = defect[1]
      }
      return true
    },
  }

  /** Companions below the tracks are dark. */
  function addCompanions(star: Float64Array, body: Float64Array): void {
    const [logAge, feh] = [star[galaxySlot.logAgeYr], nearestTrackFehDex(star[galaxySlot.fehDex])]
    for (let k = 0; k < MAX_COMPANIONS; k++) {
      if (!isBlended(star, k)) continue
      const logMass = star[galaxySlot.logMassMsun] + Math.log10(star[galaxySlot.companionRatio1 + k])
      let family = body[shineSlot.family]
      if (tracks.starInto(logAge, logMass, feh, family, state) < 0) {
        // A family that ends above the companion's mass: the first that has it.
        const bits = tracks.familiesAt(logAge, logMass, feh)
        if (bits === 0) continue
        family = 31 - Math.clz32(bits & -bits)
        if (tracks.starInto(logAge, logMass, feh, family, state) < 0) continue
      }
      const logRadius = logRadiusRsun(state[1], state[0])
      light.addStar(
        atmosphereFamilies[body[shineSlot.atmosphere]],
        state[0],
        logRadius,
        loggDex(state[2], logRadius),
        star[galaxySlot.fehDex],
      )
    }
  }
}
