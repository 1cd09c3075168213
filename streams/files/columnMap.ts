// A user's column map: which column of a file is which of ours, so that any table can be read.
// Names and units only; what a survey's values mean is the survey's own description.
import { readFile } from 'node:fs/promises'
import { FusionError, isUnit, unitFactor } from '../../schemas/index.ts'
import { parseDouble } from './cellNumbers.ts'
import { nearestNames } from './nearestNames.ts'
import type { Row, TableReader, Value } from './table.ts'
import { configInvalid, notRead } from './unreadableFile.ts'
import { parseYaml } from './yamlText.ts'

/**
 * As JSON or YAML:
 *
 *     survey: gaiaDr3              # optional
 *     missing: [-999]              # optional: numbers that stand for "nothing" in every mapped column
 *     columns:
 *       source_id: Source          # our column: the file's column
 *       ra: { from: RAh, unit: hourangle }
 *       phot_g_mean_mag: { from: Gmmag, scale: 0.001, offset: 0, missing: [99999] }
 *       ref_epoch: { value: 2016 } # the same in every row
 *
 * The file's other columns stay what they are: provenance.
 */
export interface ColumnMap {
  readonly path: string
  readonly survey: string | null
  /** Our column -> where its cells come from. */
  readonly columns: ReadonlyMap<string, ColumnSource>
}

export interface ColumnSource {
  /** Column of the file; `null` when every row has the same `value`. */
  readonly from: string | null
  readonly value: Value
  /** Of the file's column, whatever the file says; `null` when the map does not say. */
  readonly unit: string | null
  /** Cell times scale plus offset, before units are converted. */
  readonly scale: number
  readonly offset: number
  /** Numbers of the file that mean "nothing", before scaling. */
  readonly missing: readonly number[]
}

export interface MappedRow {
  /** By our names. Cells that need no arithmetic are untouched, and so is one that holds no number. */
  readonly values: Row
  /** The file's other columns by their own names; `file.` goes before a name that one of ours has taken. */
  readonly extra: Row
}

export interface BoundMap {
  /** Our columns in the order of the map, with the unit their values now have. */
  readonly columns: readonly { readonly name: string; readonly unit: string | null }[]
  apply(row: Row): MappedRow
}

const entryKeys = new Set(['from', 'value', 'unit', 'scale', 'offset', 'missing'])
const mapKeys = new Set(['survey', 'missing', 'columns'])

/** @throws FusionError CONFIG_INVALID, also where there is no such file: a map is a setting, not data */
export async function readColumnMap(path: string): Promise<ColumnMap> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new FusionError('CONFIG_INVALID', notRead(path, error).message, { cause: error, detail: { path } })
  }
  return parseColumnMap(text, path)
}

/**
 * @param path for messages
 * @throws FusionError CONFIG_INVALID that names the broken entry
 */
export function parseColumnMap(text: string, path: string): ColumnMap {
  const parsed = parseYaml(text, '1.2', problem => {
    throw configInvalid(path, `is no column map: ${problem}; write JSON or YAML`)
  })
  const root = recordOf(parsed)
  if (root === null) throw configInvalid(path, "is no column map; give it 'columns', our name: the file's name")
  checkKeys(root, mapKeys, path, 'it')
  const columns = recordOf(root.columns)
  if (columns === null || Object.keys(columns).length === 0) {
    throw configInvalid(path, "maps no columns; give it 'columns', our name: the file's name")
  }
  if (root.survey !== undefined && typeof root.survey !== 'string') {
    throw configInvalid(path, "has a 'survey' that is no text; name a survey or leave it out")
  }
  const missing = numbersOf(root.missing, path, 'it')
  const sources = Object.entries(columns).map(([name, entry]) => [name, sourceOf(name, entry, missing, path)] as const)
  return { path, survey: root.survey ?? null, columns: new Map(sources) }
}

function recordOf(node: unknown): Record<string, unknown> | null {
  return typeof node === 'object' && node !== null && !Array.isArray(node) ? { ...node } : null
}

function checkKeys(node: Record<string, unknown>, known: ReadonlySet<string>, path: string, owner: string): void {
  const stray = Object.keys(node).find(key => !known.has(key))
  if (stray !== undefined) {
    throw configInvalid(path, `gives ${owner} a '${stray}', which is none of ${[...known].join(', ')}; correct it`)
  }
}

function sourceOf(name: string, node: unknown, missing: readonly number[], path: string): ColumnSource {
  const plain = { value: null, unit: null, scale: 1, offset: 0, missing }
  if (typeof node === 'string' && node !== '') return { ...plain, from: node }
  const entry = recordOf(node)
  if (entry === null) throw configInvalid(path, `maps '${name}' from nothing; name a column of the file`)
  checkKeys(entry, entryKeys, path, `'${name}'`)
  const { from, value, unit = null, scale = 1, offset = 0 } = entry
  if ((from === undefined) === (value === undefined)) {
    throw configInvalid(path, `must give '${name}' either 'from', a column, or 'value', the same in every row`)
  }
  if (from !== undefined && (typeof from !== 'string' || from === '')) {
    throw configInvalid(path, `maps '${name}' from something that is no column name; quote the name`)
  }
  if (value !== undefined && typeof value !== 'string' && typeof value !== 'number') {
    throw configInvalid(path, `gives '${name}' a 'value' that is neither number nor text; correct it`)
  }
  if (typeof scale !== 'number' || !Number.isFinite(scale) || scale === 0) {
    throw configInvalid(path, `gives '${name}' a 'scale' that is no number or zero; correct it`)
  }
  if (typeof offset !== 'number' || !Number.isFinite(offset)) {
    throw configInvalid(path, `gives '${name}' an 'offset' that is no number; correct it`)
  }
  if (unit !== null && (typeof unit !== 'string' || !isUnit(unit))) {
    throw configInvalid(path, `gives '${name}' the unit '${unit}', which is not known; use 'scale' instead`)
  }
  const own = entry.missing === undefined ? missing : numbersOf(entry.missing, path, `'${name}'`)
  return { from: from ?? null, value: value ?? null, unit, scale, offset, missing: own }
}

function numbersOf(node: unknown, path: string, owner: string): readonly number[] {
  if (node === undefined) return []
  if (Array.isArray(node) && node.every(item => typeof item === 'number')) return node
  throw configInvalid(path, `gives ${owner} a 'missing' that is no list of numbers; write it as [-999, 99.99]`)
}

/**
 * Fits a map to a table. A unit is what the map says, or else what the file says if that is a unit known here.
 * @param units our columns' units: values are converted to them
 * @throws FusionError CONFIG_INVALID naming a column the file lacks and the nearest it has, or units that do not convert
 */
export function bindColumnMap(
  map: ColumnMap,
  table: Pick<TableReader, 'path' | 'columns'>,
  units: ReadonlyMap<string, string> = new Map(),
): BoundMap {
  const unitOf = new Map(table.columns.map(column => [column.name, column.unit]))
  const taken = new Set<string>()
  const bound = [...map.columns].map(([name, source]) => {
    const { from } = source
    if (from !== null && !unitOf.has(from)) throw absent(map, name, from, table)
    if (from !== null) taken.add(from)
    const fileUnit = from === null ? null : (unitOf.get(from) ?? null)
    const unit = source.unit ?? knownUnit(fileUnit)
    const target = units.get(name)
    if (unit === null || target === undefined) return { name, unit: source.unit ?? fileUnit, read: cellReader(source) }
    const factor = factorOf(map, name, unit, target)
    return {
      name,
      unit: target,
      read: cellReader({ ...source, scale: source.scale * factor, offset: source.offset * factor }),
    }
  })
  const kept = table.columns.map(column => column.name).filter(name => !taken.has(name))
  const extraNames = kept.map(name => [name, map.columns.has(name) ? `file.${name}` : name] as const)
  return {
    columns: bound.map(({ name, unit }) => ({ name, unit })),
    apply(row) {
      const values: Record<string, Value> = Object.create(null)
      const extra: Record<string, Value> = Object.create(null)
      for (const { name, read } of bound) values[name] = read(row)
      for (const [name, key] of extraNames) extra[key] = row[name]
      return { values, extra }
    },
  }
}

function cellReader({ from, value, scale, offset, missing }: ColumnSource): (row: Row) => Value {
  if (from === null) return () => value
  if (scale === 1 && offset === 0 && missing.length === 0) return row => row[from]
  return row => {
    const cell = row[from]
    const number = parseDouble(cell)
    // What is missing or no number is left for the next step to judge, which knows the survey.
    if (number === null || number === undefined) return cell
    if (missing.includes(number)) return null
    return scale === 1 && offset === 0 ? cell : number * scale + offset
  }
}

/** Files write one unit in many ways: `mas yr-1`, `mas.yr**-1`, `mas / yr`. */
function knownUnit(unit: string | null): string | null {
  const word = (unit ?? '')
    .trim()
    .replace(/\s*\/\s*|(?:\s+|\.|\*)(?=yr(?:-1|\*\*-1|\^-1)$)/, '/')
    .replace(/(?:\*\*|\^)?-1$/, '')
  return word !== '' && isUnit(word) ? word : null
}

function factorOf(map: ColumnMap, name: string, from: string, to: string): number {
  try {
    return unitFactor(from, to)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw configInvalid(
      map.path,
      `takes '${name}' from a column in '${from}', which does not turn into '${to}'; give the right column, or its unit`,
    )
  }
}

function absent(map: ColumnMap, name: string, from: string, table: Pick<TableReader, 'path' | 'columns'>): Error {
  const nearest = nearestNames(
    from,
    table.columns.map(column => column.name),
  )
  return configInvalid(
    map.path,
    `takes '${name}' from the column '${from}', which ${table.path} does not have; nearest are ${nearest.map(near => `'${near}'`).join(', ')}`,
  )
}
