// Which survey's sources found stars, and which only join them: the order in which surveys are matched.
import { FusionError, type Survey } from '../../schemas/index.ts'

export interface SurveyLevel {
  /** 0 for the survey whose every source is a star; sources of higher levels join those of lower ones. */
  readonly level: number
  readonly family: string
  readonly releaseRank: number
}

export type SurveyLevels = ReadonlyMap<string, SurveyLevel>

/**
 * Sharper positions come first, since what founds a star must tell neighbours apart; within a family the newest release.
 * A family is as sharp as its newest release.
 */
export function rankSurveys(surveys: readonly Survey[]): SurveyLevels {
  const newest = new Map<string, Survey>()
  for (const survey of surveys) {
    const known = newest.get(survey.family)
    if (known === undefined || known.releaseRank < survey.releaseRank) newest.set(survey.family, survey)
  }
  const sharpness = (survey: Survey) => (newest.get(survey.family) ?? survey).position.typicalErrArcsec
  const ordered = [...surveys].sort(
    (a, b) =>
      sharpness(a) - sharpness(b) ||
      compareText(a.family, b.family) ||
      b.releaseRank - a.releaseRank ||
      compareText(a.name, b.name),
  )
  return new Map(
    ordered.map(({ name, family, releaseRank }, level) => [name, { level, family, releaseRank } satisfies SurveyLevel]),
  )
}

/** @throws FusionError SURVEY_UNKNOWN */
export function levelOf(levels: SurveyLevels, survey: string): SurveyLevel {
  const found = levels.get(survey)
  if (found !== undefined) return found
  throw new FusionError(
    'SURVEY_UNKNOWN',
    `An observation is of survey ${survey}, which has no file in schemas/surveys; add one and re-drive the record.`,
    { detail: { survey } },
  )
}

/** By code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
