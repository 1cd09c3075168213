// Stars of a list as a table with units and UCDs.
import { inferredNames, quantity, starClasses } from '../../schemas/index.ts'
import { encodeTable, type Value, type WritableColumn } from '../../streams/index.ts'
import { type StarSummary, starSummary } from './starSummary.ts'
import { listedQuantiles, type StarTable } from './starTable.ts'

/** A column, and what stands in it. */
interface SummaryColumn extends WritableColumn {
  readonly cell: (star: StarSummary) => Value
}

/** How much of each star, as the verbosity of a cone search counts it. */
export type Detail = 1 | 2 | 3

const probability = 'stat.probability'

const brief: readonly SummaryColumn[] = [
  {
    name: 'star_id',
    type: 'string',
    description: 'id of the star',
    ucd: 'meta.id;meta.main',
    cell: star => star.starId,
  },
  {
    name: 'ra',
    type: 'double',
    unit: 'deg',
    description: 'right ascension, ICRS',
    ucd: 'pos.eq.ra;meta.main',
    cell: star => star.raDeg,
  },
  {
    name: 'dec',
    type: 'double',
    unit: 'deg',
    description: 'declination, ICRS',
    ucd: 'pos.eq.dec;meta.main',
    cell: star => star.decDeg,
  },
]

const usual: readonly SummaryColumn[] = [
  {
    name: 'p_young',
    type: 'double',
    description: 'sum over the young classes',
    ucd: probability,
    cell: star => star.youngProbability,
  },
  {
    name: 'class',
    type: 'string',
    description: 'the most probable class',
    ucd: 'src.class',
    cell: star => star.className,
  },
  ...inferredNames.map((name): SummaryColumn => {
    const { unit, description } = quantity(name)
    return {
      name: `${name}_q50`,
      type: 'double',
      unit,
      description: `median of ${description}`,
      cell: star => star.summaries[name]?.q50 ?? null,
    }
  }),
  {
    name: 'g_mag',
    type: 'double',
    unit: 'mag',
    description: 'Gaia G, Vega',
    ucd: 'phot.mag;em.opt',
    cell: star => star.gMag,
  },
  {
    name: 'bp_rp_mag',
    type: 'double',
    unit: 'mag',
    description: 'Gaia BP - RP, Vega',
    ucd: 'phot.color',
    cell: star => star.bpRpMag,
  },
]

const quantileWords = { q16: '16% quantile', q50: 'median', q84: '84% quantile' } as const

const full: readonly SummaryColumn[] = [
  ...starClasses.map(
    (name): SummaryColumn => ({
      name: `p_${name}`,
      type: 'double',
      description: `probability of the class ${name}`,
      ucd: probability,
      cell: star => star.classes[name],
    }),
  ),
  ...inferredNames.flatMap(name =>
    listedQuantiles
      .filter(quantile => quantile !== 'q50')
      .map((quantile): SummaryColumn => {
        const { unit, description } = quantity(name)
        return {
          name: `${name}_${quantile}`,
          type: 'double',
          unit,
          description: `${quantileWords[quantile]} of ${description}`,
          cell: star => star.summaries[name]?.[quantile] ?? null,
        }
      }),
  ),
  { name: 'surveys', type: 'string', description: 'surveys that were present', cell: star => star.surveys.join(' ') },
  {
    name: 'flags',
    type: 'string',
    description: 'warnings, such as outOfDistribution',
    cell: star => star.flags.join(' ') || null,
  },
  {
    name: 'posterior_id',
    type: 'string',
    description: 'id of the newest posterior',
    ucd: 'meta.id',
    cell: star => star.posteriorId,
  },
]

/** The words that Simple Cone Search 1.03 wants for the three columns that each answer has. */
const coneUcds = new Map([
  ['star_id', 'ID_MAIN'],
  ['ra', 'POS_EQ_RA_MAIN'],
  ['dec', 'POS_EQ_DEC_MAIN'],
])

function columnsOf(detail: Detail): readonly SummaryColumn[] {
  return [...brief, ...(detail > 1 ? usual : []), ...(detail > 2 ? full : [])]
}

/** @param meta facts about the table as a whole; a CSV has no place for them */
export function encodeSummaries(
  table: StarTable,
  rows: readonly number[],
  format: 'votable' | 'csv',
  meta: Readonly<Record<string, string>>,
): Promise<Buffer> {
  return encode(table, rows, columnsOf(3), format, meta)
}

/** What a cone search answers with. */
export function encodeCone(
  table: StarTable,
  rows: readonly number[],
  detail: Detail,
  meta: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const columns = columnsOf(detail).map(column => ({ ...column, ucd: coneUcds.get(column.name) ?? column.ucd ?? null }))
  return encode(table, rows, columns, 'votable', meta)
}

function encode(
  table: StarTable,
  rows: readonly number[],
  columns: readonly SummaryColumn[],
  format: 'votable' | 'csv',
  meta: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const stars = rows.map(row => starSummary(table, row))
  const values = Object.fromEntries(columns.map(({ name, cell }) => [name, stars.map(cell)]))
  return encodeTable(
    'list of stars',
    format,
    columns.map(({ cell: _, ...column }) => column),
    values,
    meta,
  )
}
