// Stars of a list as a table with units and UCDs.
import { inferredNames, starClasses } from '../../schemas/index.ts'
import { encodeTable, type Value, type WritableColumn } from '../../streams/index.ts'
import { posteriorColumns, starColumns } from '../stars/catalogue.ts'
import { type StarSummary, starSummary } from './starSummary.ts'
import { listedQuantiles, type StarTable } from './starTable.ts'

/** A column, and what stands in it. */
interface SummaryColumn extends WritableColumn {
  readonly cell: (star: StarSummary) => Value
}

/** How much of each star, as the verbosity of a cone search counts it. */
export type Detail = 1 | 2 | 3

const catalogued = new Map([...starColumns, ...posteriorColumns].map(column => [column.name, column]))

/** As a catalogue describes it. */
function known(name: string, cell: SummaryColumn['cell']): SummaryColumn {
  const column = catalogued.get(name)
  if (column === undefined) throw new RangeError(`summaryTable: a catalogue has no column ${name}`)
  return { ...column, cell }
}

const quantileColumn = (name: string, quantile: (typeof listedQuantiles)[number]) =>
  known(`${name}_${quantile}`, star => star.summaries[name]?.[quantile] ?? null)

const brief: readonly SummaryColumn[] = [
  known('star_id', star => star.starId),
  known('ra', star => star.raDeg),
  known('dec', star => star.decDeg),
]

const usual: readonly SummaryColumn[] = [
  known('p_young', star => star.youngProbability),
  {
    name: 'class',
    type: 'string',
    description: 'the most probable class',
    ucd: 'src.class',
    cell: star => star.className,
  },
  ...inferredNames.map(name => quantileColumn(name, 'q50')),
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

const full: readonly SummaryColumn[] = [
  ...starClasses.map(name => known(`p_${name}`, star => star.classes[name])),
  ...inferredNames.flatMap(name =>
    listedQuantiles.filter(quantile => quantile !== 'q50').map(quantile => quantileColumn(name, quantile)),
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
