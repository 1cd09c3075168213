// The YAML that astropy puts before ECSV rows and into Parquet files: one description of columns, read and written.
import type { Column, ColumnType, Value } from './table.ts'
import { parseYaml } from './yamlText.ts'

export interface TableDescription {
  readonly columns: readonly Column[]
  /** Of an ECSV; a space unless it says otherwise. */
  readonly delimiter: string
  /** Column -> the boolean column that says where it is missing. */
  readonly masks: ReadonlyMap<string, string>
}

const typeOf = new Map<string, ColumnType>([
  ['bool', 'boolean'],
  ['int8', 'int'],
  ['int16', 'int'],
  ['int32', 'int'],
  ['uint8', 'int'],
  ['uint16', 'int'],
  ['uint32', 'long'],
  ['int64', 'long'],
  ['uint64', 'unsignedLong'],
  ['float16', 'float'],
  ['float32', 'float'],
  ['float64', 'double'],
  ['float128', 'double'],
])

const datatypeOf: Readonly<Record<ColumnType, string>> = {
  text: 'string',
  string: 'string',
  boolean: 'bool',
  int: 'int32',
  long: 'int64',
  unsignedLong: 'uint64',
  float: 'float32',
  double: 'float64',
}

/**
 * @param yaml `datatype`, `delimiter`, `meta`, ... without comment marks
 * @returns `null` when it is no such description; a description may hold unknown tags and keys, which are passed over
 */
export function parseTableYaml(yaml: string): TableDescription | null {
  const root = asRecord(parseYaml(yaml, '1.1'))
  if (!Array.isArray(root.datatype)) return null
  return {
    columns: root.datatype.map(entry => columnOf(asRecord(entry))),
    delimiter: typeof root.delimiter === 'string' ? root.delimiter : ' ',
    masks: masksOf(asRecord(asRecord(root.meta).__serialized_columns__)),
  }
}

/** Ordered maps are written as lists of single entries. */
function asRecord(node: unknown): Record<string, unknown> {
  if (node instanceof Map) return Object.fromEntries(node)
  if (Array.isArray(node)) return Object.assign({}, ...node.map(asRecord))
  return typeof node === 'object' && node !== null ? { ...node } : {}
}

function textOf(node: unknown): string | null {
  return (typeof node === 'string' && node !== '') || typeof node === 'number' ? String(node) : null
}

function columnOf(entry: Record<string, unknown>): Column {
  const datatype = textOf(entry.datatype) ?? 'string'
  // `float64[2,3]` and `int64[null]` are arrays written as JSON; a plain `json` is a text of its own kind.
  const subtype = /^(\w+)\[([^\]]*)\]$/.exec(textOf(entry.subtype) ?? '')
  const sizes = subtype?.[2].split(',').map(Number)
  return {
    name: textOf(entry.name) ?? '',
    unit: textOf(entry.unit),
    description: textOf(entry.description),
    ucd: textOf(entry.ucd) ?? textOf(asRecord(entry.meta).ucd),
    type: typeOf.get(subtype?.[1] ?? datatype) ?? 'string',
    arraySize: sizes === undefined ? null : sizes.some(Number.isNaN) ? '*' : sizes.reduce((a, b) => a * b, 1),
  }
}

function masksOf(serialized: Record<string, unknown>): Map<string, string> {
  const masks = new Map<string, string>()
  for (const entry of Object.values(serialized).map(asRecord)) {
    const data = asRecord(entry.data ?? entry.unmasked ?? entry.value).name
    const mask = asRecord(entry.mask).name
    if (typeof data === 'string' && typeof mask === 'string') masks.set(data, mask)
  }
  return masks
}

export interface YamlOptions {
  /** For ECSV; left out where the rows lie elsewhere. */
  readonly delimiter?: string
  /** Names these columns as astropy's logarithmic quantities, for a file that cannot say their units itself. */
  readonly logarithmic?: readonly Column[]
}

/**
 * What astropy needs to give a table its units and descriptions back.
 * @param meta of the table as a whole
 */
export function printTableYaml(
  columns: readonly Column[],
  meta: Readonly<Record<string, string>>,
  { delimiter, logarithmic = [] }: YamlOptions = {},
): string {
  const parts = [`datatype:\n${columns.map(column => `- ${inline(entryOf(column))}\n`).join('')}`]
  if (delimiter !== undefined) parts.push(`delimiter: ${inline(delimiter)}\n`)
  parts.push(`meta: ${logarithmic.length === 0 ? inline(meta) : metaWith(meta, logarithmic)}\n`)
  return `${parts.join('')}schema: astropy-2.0\n`
}

interface Entry {
  readonly [key: string]: string | Entry
}

function entryOf(column: Column): Entry {
  const datatype = datatypeOf[column.type]
  const { name, unit, description, ucd, arraySize } = column
  return {
    name,
    ...(unit === null ? {} : { unit }),
    ...(arraySize === null
      ? { datatype }
      : { datatype: 'string', subtype: `${datatype}[${arraySize === '*' ? 'null' : arraySize}]` }),
    ...(description === null ? {} : { description }),
    ...(ucd === null ? {} : { meta: { ucd } }),
  }
}

function metaWith(meta: Readonly<Record<string, string>>, logarithmic: readonly Column[]): string {
  const columns = logarithmic.map(({ name, unit }) => {
    const parts = [
      '"__class__": "astropy.units.function.logarithmic.Dex"',
      `"unit": !astropy.units.Unit ${inline({ unit: unit ?? '' })}`,
      `"value": !astropy.table.SerializedColumn ${inline({ name })}`,
    ]
    return `${inline(name)}: {${parts.join(', ')}}`
  })
  const entries = Object.entries(meta).map(([key, value]) => `${inline(key)}: ${inline(value)}`)
  return `{${[...entries, `"__serialized_columns__": {${columns.join(', ')}}`].join(', ')}}`
}

/** JSON is YAML, and leaves no doubt about line breaks and words that YAML takes for something else. */
function inline(node: string | Entry): string {
  if (typeof node === 'string') return JSON.stringify(node)
  const entries = Object.entries(node).map(([key, value]) => `${inline(key)}: ${inline(value)}`)
  return `{${entries.join(', ')}}`
}

export interface MaskedColumns {
  /** Without the columns that only say where others are missing. */
  readonly columns: readonly Column[]
  /** Cells of all columns -> cells of those kept, `null` where masked; absent when there is nothing to do. */
  readonly finish?: (cells: Value[]) => Value[]
}

/** Folds the mask columns that astropy writes into the columns they speak of. */
export function foldMasks(columns: readonly Column[], masks: ReadonlyMap<string, string>): MaskedColumns {
  const placeOf = new Map(columns.map((column, i) => [column.name, i]))
  const folded = new Set([...masks.values()].filter(mask => placeOf.has(mask)))
  if (folded.size === 0) return { columns }
  const kept = columns.flatMap(({ name }, place) =>
    folded.has(name) ? [] : [{ place, mask: placeOf.get(masks.get(name) ?? '') ?? -1 }],
  )
  return {
    columns: kept.map(({ place }) => columns[place]),
    finish: cells => kept.map(({ place, mask }) => (mask >= 0 && cells[mask] === true ? null : cells[place])),
  }
}
