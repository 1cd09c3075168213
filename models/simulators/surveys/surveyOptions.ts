// What a recipe may say about surveys, checked once at the door.
import { FusionError } from '../../../schemas/index.ts'
import { type SurveyName, surveyNames } from './surveyFacts.ts'

export const gapModes = ['natural', 'tables', 'complete'] as const
/**
 * Which gaps: `natural` those that surveys make of themselves; `tables` also those of published tables, which carry some surveys and some
 * columns; `complete` only stars measured in every observable asked for that they have.
 */
export type GapMode = (typeof gapModes)[number]

export interface SurveyOptions {
  /** Surveys that observe; all by default. */
  readonly surveys: readonly SurveyName[]
  readonly gaps: GapMode
  /** Whether calibration errors that the reported ones leave out are drawn. */
  readonly hasFloors: boolean
  /** Whether upper limits are kept as limits; if not they are missing. */
  readonly hasLimits: boolean
  /** Whether AllWISE finds W3 and W4 where there is only background. */
  readonly hasSpurious: boolean
  /** Whether the errors that Gaia states grow with the scatter between a variable star's transits. */
  readonly hasScatter: boolean
  /** Whether unresolved orbits inflate RUWE and the errors of the astrometry. */
  readonly hasOrbits: boolean
}

export const surveyDefaults: SurveyOptions = {
  surveys: surveyNames,
  gaps: 'natural',
  hasFloors: true,
  hasLimits: true,
  hasSpurious: true,
  hasScatter: true,
  hasOrbits: true,
}

const keys = Object.keys(surveyDefaults)

/**
 * Options of a recipe with the defaults for what it leaves out.
 *
 * @throws FusionError CONFIG_INVALID, one sentence, for an unknown key, survey or mode, and for a value of the wrong kind
 */
export function checkSurveyOptions(given: Readonly<Record<string, unknown>>): SurveyOptions {
  const unknown = Object.keys(given).find(key => !keys.includes(key))
  if (unknown !== undefined) refuse(`${unknown} is not an option; there are ${keys.join(', ')}`)
  const options = { ...surveyDefaults, ...given }
  const { surveys, gaps } = options
  if (!Array.isArray(surveys) || surveys.length === 0) refuse(`surveys is not a list of ${surveyNames.join(', ')}`)
  const stranger = surveys.find(name => !surveyNames.includes(name))
  if (stranger !== undefined) refuse(`${String(stranger)} is not a survey; there are ${surveyNames.join(', ')}`)
  if (new Set(surveys).size !== surveys.length) refuse(`surveys names one twice: ${surveys.join(', ')}`)
  if (!gapModes.includes(gaps)) refuse(`gaps is ${String(gaps)}; it may be ${gapModes.join(', ')}`)
  for (const key of ['hasFloors', 'hasLimits', 'hasSpurious', 'hasScatter', 'hasOrbits'] as const)
    if (typeof options[key] !== 'boolean') refuse(`${key} is ${String(options[key])}; it is true or false`)
  return options
}

function refuse(what: string): never {
  throw new FusionError('CONFIG_INVALID', `The options of surveys do not hold: ${what}.`)
}
