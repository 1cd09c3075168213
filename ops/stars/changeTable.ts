// One row of a table for one source that two releases do not say the same of.
import type { SourcePair } from '../../actors/index.ts'
import { largestShift, otherIdOf, type SourceChange } from '../../models/index.ts'
import { type Observation, observableNames, quantity, readSurvey, surveyNames } from '../../schemas/index.ts'
import type { Row, Value, WritableColumn } from '../../streams/index.ts'

export type ChangeKind = 'new' | 'gone' | 'changed'

/** Quantities that any release of the family measures, in the order of the vocabulary. */
function quantitiesOf(family: string): readonly string[] {
  const surveys = surveyNames()
    .map(readSurvey)
    .filter(one => one.family === family)
  const measured = new Set(surveys.flatMap(({ measurements }) => measurements.map(one => one.quantity)))
  return observableNames.filter(name => measured.has(name))
}

/** Such as `parallaxMas_before`, `parallaxMas_after`, `parallaxMas_sigma`. */
export function changeColumns(family: string): readonly WritableColumn[] {
  const double = (name: string, description: string, unit: string | null): WritableColumn => ({
    name,
    type: 'double',
    description,
    unit,
  })
  const sides = [
    ['before', 'in the earlier release'],
    ['after', 'in the later release'],
  ] as const
  return [
    { name: 'source', type: 'string', description: 'id within the survey', ucd: 'meta.id;meta.main' },
    { name: 'change', type: 'string', description: 'new, gone or changed' },
    { name: 'other_id', type: 'string', description: 'another id that the row gives within its own survey' },
    double('largest_sigma', 'largest shift, in errors of both releases added in quadrature', null),
    { name: 'largest_field', type: 'string', description: 'the field with the largest shift' },
    ...sides.flatMap(([side, words]) => [
      double(`ra_${side}`, `right ascension, ICRS, at the epoch of the release, ${words}`, 'deg'),
      double(`dec_${side}`, `declination, ICRS, at the epoch of the release, ${words}`, 'deg'),
    ]),
    double('position_shift', 'separation at the epoch of the later release', 'arcsec'),
    double('position_sigma', 'the same in errors of both', null),
    ...quantitiesOf(family).flatMap(name => {
      const { unit, description } = quantity(name)
      return [
        ...sides.flatMap(([side, words]) => [
          double(`${name}_${side}`, `${description}, ${words}`, unit),
          double(`${name}_err_${side}`, `1-sigma error of ${name}, floor included, ${words}`, unit),
        ]),
        double(`${name}_sigma`, `shift of ${name} in errors of both`, null),
      ]
    }),
    { name: 'other_flags', type: 'boolean', description: 'quality flags are not the same' },
    { name: 'other_links', type: 'boolean', description: 'ids in other surveys are not the same' },
    {
      name: 'other_columns',
      type: 'boolean',
      description: 'columns that the survey file does not name are not the same',
    },
  ]
}

export function changeRow({ source, before, after }: SourcePair, change: SourceChange | null): Row {
  const largest = change === null ? null : largestShift(change)
  const cells: Record<string, Value> = {
    source,
    change: before === null ? 'new' : after === null ? 'gone' : 'changed',
    other_id: otherIdOfPair({ before, after }),
    largest_sigma: largest?.sigma ?? null,
    largest_field: largest?.field ?? null,
    ...sideCells('before', before),
    ...sideCells('after', after),
    other_flags: change?.hasOtherFlags ?? null,
    other_links: change?.hasOtherLinks ?? null,
    other_columns: change?.hasOtherColumns ?? null,
  }
  for (const { field, shift, sigma } of change?.shifts ?? []) {
    cells[`${field}_sigma`] = sigma
    if (field === 'position') cells.position_shift = shift
  }
  return cells
}

function sideCells(side: 'before' | 'after', observation: Observation | null): Record<string, Value> {
  if (observation === null) return {}
  const cells: Record<string, Value> = { [`ra_${side}`]: observation.raDeg, [`dec_${side}`]: observation.decDeg }
  for (const { quantity: name, value, err } of observation.measurements) {
    cells[`${name}_${side}`] = value
    cells[`${name}_err_${side}`] = err
  }
  return cells
}

/** As the later release has it, else the earlier. */
export function otherIdOfPair({ before, after }: Pick<SourcePair, 'before' | 'after'>): string | null {
  return (after === null ? null : otherIdOf(after)) ?? (before === null ? null : otherIdOf(before))
}
