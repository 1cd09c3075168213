// What a list says of a star: a row of the table as plain JSON.
import { inferredNames, starClasses } from '../../schemas/index.ts'
import type { ListedQuantile, StarTable } from './starTable.ts'

export interface StarSummary {
  readonly starId: string
  readonly posteriorId: string
  readonly raDeg: number
  readonly decDeg: number
  readonly youngProbability: number
  /** The most probable class. */
  readonly className: string
  readonly classes: Readonly<Record<string, number>>
  readonly surveys: readonly string[]
  readonly flags: readonly string[]
  readonly summaries: Readonly<Record<string, Readonly<Record<ListedQuantile, number>>>>
  readonly gMag: number | null
  readonly bpRpMag: number | null
}

/** Floats have seven digits; what is beyond would be noise. */
const rounded = (value: number) => Math.round(value * 1e5) / 1e5
const roundedOrNull = (value: number) => (Number.isNaN(value) ? null : rounded(value))

/** @param row a listed one */
export function starSummary(table: StarTable, row: number): StarSummary {
  const summaries: Record<string, Readonly<Record<ListedQuantile, number>>> = {}
  for (const name of inferredNames) {
    const found = table.quantiles(row, name)
    if (found === null) continue
    summaries[name] = { q16: rounded(found.q16), q50: rounded(found.q50), q84: rounded(found.q84) }
  }
  const classes: Record<string, number> = {}
  for (const name of starClasses) classes[name] = table.numbers(name)[row]
  return {
    starId: table.starId(row),
    posteriorId: table.posteriorId(row),
    raDeg: table.numbers('raDeg')[row],
    decDeg: table.numbers('decDeg')[row],
    youngProbability: table.numbers('youngProbability')[row],
    className: starClasses[table.bestClass(row)],
    classes,
    surveys: table.surveys(row),
    flags: table.flags(row),
    summaries,
    gMag: roundedOrNull(table.numbers('gMag')[row]),
    bpRpMag: roundedOrNull(table.numbers('bpRpMag')[row]),
  }
}
