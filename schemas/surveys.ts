// The surveys birthline knows: one JSON file each in schemas/surveys, checked when first read.
import { readdirSync, readFileSync } from 'node:fs'
import { FusionError } from './errors.ts'
import { packageFile } from './packageRoot.ts'
import type { Survey, SurveyMeasurement } from './survey.ts'
import { checkSurvey } from './surveyCheck.ts'

const known = new Map<string, Survey>()
let names: readonly string[] | null = null

/** Names of all surveys, alphabetically; looked for once, since rows ask for them. */
export function surveyNames(): readonly string[] {
  names ??= readdirSync(packageFile('schemas', 'surveys'))
    .filter(file => file.endsWith('.json'))
    .map(file => file.slice(0, -'.json'.length))
    .sort()
  return names
}

/**
 * A survey by name, such as gaiaDr3.
 * @throws FusionError SURVEY_UNKNOWN that names the known ones; CONFIG_INVALID when its file is broken
 */
export function readSurvey(name: string): Survey {
  const cached = known.get(name)
  if (cached !== undefined) return cached
  const all = surveyNames()
  if (!all.includes(name)) {
    throw new FusionError(
      'SURVEY_UNKNOWN',
      `No survey is named ${JSON.stringify(name.slice(0, 60))}. Choose one of ${all.join(', ')}, or add a file to schemas/surveys.`,
      { detail: { survey: name.slice(0, 60) } },
    )
  }
  const file = `${name}.json`
  const survey = checkSurvey(parse(readFileSync(packageFile('schemas', 'surveys', file), 'utf8'), file), file)
  if (survey.name !== name) throw new RangeError(`readSurvey: ${file} calls itself ${survey.name}`)
  known.set(name, survey)
  return survey
}

function parse(content: string, file: string): unknown {
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw new FusionError('CONFIG_INVALID', `Survey file ${file} is no JSON. Correct it and start again.`, { cause })
  }
}

/**
 * Error that a survey typically attains, in the unit of the quantity and without the floor.
 * @param at value of the quantity `typicalErr.by`; `null` where it is not known gives the largest tabulated error
 * @throws RangeError when the survey states none
 */
export function typicalErr(measurement: SurveyMeasurement, at: number | null): number {
  if (measurement.typicalErr === null) throw new RangeError(`typicalErr: none is stated for ${measurement.quantity}`)
  const { points } = measurement.typicalErr
  const last = points[points.length - 1]
  if (at === null) return last[1]
  if (at <= points[0][0]) return points[0][1]
  const next = points.findIndex(point => at <= point[0])
  const i = next === -1 ? points.length - 1 : next
  const [x0, err0] = points[i - 1]
  const [x1, err1] = points[i]
  return err0 * (err1 / err0) ** ((at - x0) / (x1 - x0))
}

/** Units that a survey's own columns are in, for column maps that state those of a file. */
export function columnUnits(survey: Survey): ReadonlyMap<string, string> {
  const { position, measurements } = survey
  return new Map([
    [position.raColumn, position.unit],
    [position.decColumn, position.unit],
    ...position.errColumns.map((column): [string, string] => [column, position.errUnit]),
    ...measurements.flatMap(one =>
      [one.column, ...one.errors.map(way => way.column)].flatMap((column): [string, string][] =>
        column === null ? [] : [[column, one.unit]],
      ),
    ),
  ])
}
