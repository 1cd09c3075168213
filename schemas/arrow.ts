// Step 4 of the walk: stars cross to a worker as Arrow columns.
// A null bit means "not observed"; IPC is written uncompressed, because Arrow JS 21.2 writes compressed IPC that other readers refuse.
import {
  Bool,
  type Data,
  Field,
  Float64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import { checkArrow } from './arrowCheck.ts'
import { FusionError } from './errors.ts'
import { observableNames, type Quantity, quantity } from './quantities.ts'
import type { Star, StarMeasurement } from './records.ts'

/** `file` can be opened as Feather version 2, `stream` can be read while it arrives. */
export type ArrowFormat = 'file' | 'stream'

/** What a worker needs of a star. */
export interface ArrowStar {
  readonly starId: string
  readonly version: string
  /** One per observed quantity, in the order of the vocabulary. */
  readonly given: readonly Omit<StarMeasurement, 'survey'>[]
}

/** Unit and description travel with each column, as metadata of its field. */
export function fieldMetadata(about: Quantity, description: string): Map<string, string> {
  return new Map([
    ['unit', about.unit],
    ['symbol', about.symbol],
    ['description', description],
  ])
}

const starFields: readonly Field[] = [
  new Field('starId', new Utf8(), false, new Map([['description', 'Id of the star.']])),
  new Field('version', new Utf8(), false, new Map([['description', 'Version of the star record.']])),
  ...observableNames.flatMap(name => {
    const about = quantity(name)
    return [
      new Field(name, new Float64(), true, fieldMetadata(about, about.description)),
      new Field(`${name}Err`, new Float64(), true, fieldMetadata(about, `1-sigma error of ${name}`)),
      new Field(`${name}IsLimit`, new Bool(), true, new Map([['description', `true when fainter than ${name}`]])),
    ]
  }),
]

const bitmap = (length: number) => new Uint8Array(Math.ceil(length / 8))
const setBit = (bits: Uint8Array, i: number) => {
  bits[i >> 3] |= 1 << (i & 7)
}

/**
 * Stars as one Arrow record batch, in IPC bytes of their own buffer, ready to be transferred to a worker.
 * Where two surveys measured one quantity, the smaller error counts.
 */
export function encodeStars(stars: readonly Star[], format: ArrowFormat = 'stream'): Uint8Array {
  const length = stars.length
  const columns = new Map(
    observableNames.map(name => [
      name,
      {
        values: new Float64Array(length),
        errs: new Float64Array(length),
        limits: bitmap(length),
        valid: bitmap(length),
        count: 0,
      },
    ]),
  )
  for (let i = 0; i < length; i++) {
    for (const one of stars[i].measurements) {
      const column = columns.get(one.quantity)
      if (column === undefined) throw new RangeError(`encodeStars: ${one.quantity} is no observable`)
      const isSet = (column.valid[i >> 3] & (1 << (i & 7))) !== 0
      if (isSet && column.errs[i] <= one.err) continue
      column.values[i] = one.value
      column.errs[i] = one.err
      column.limits[i >> 3] &= ~(1 << (i & 7))
      if (one.isLimit) setBit(column.limits, i)
      if (!isSet) column.count++
      setBit(column.valid, i)
    }
  }
  const children: Data[] = [
    utf8(stars.map(star => star.starId)),
    utf8(stars.map(star => star.version)),
    ...observableNames.flatMap(name => {
      const { values, errs, limits, valid, count } = columns.get(name) as NonNullable<ReturnType<typeof columns.get>>
      const nulls = { length, nullCount: length - count, nullBitmap: valid }
      return [
        makeData({ type: new Float64(), data: values, ...nulls }),
        makeData({ type: new Float64(), data: errs, ...nulls }),
        makeData({ type: new Bool(), data: limits, ...nulls }),
      ]
    }),
  ]
  return writeTable([...starFields], children, length, new Map([['record', 'star']]), format)
}

/**
 * The stars of `encodeStars`, or of any Arrow table with these columns; columns that are absent count as not observed.
 * @throws FusionError SCHEMA_MISMATCH when the bytes are no Arrow table of stars
 */
export function decodeStars(bytes: Uint8Array): readonly ArrowStar[] {
  const table = readTable(bytes, 'stars')
  for (const name of ['starId', 'version']) {
    if (table.schema.fields.some(field => field.name === name)) continue
    throw new FusionError('SCHEMA_MISMATCH', `An Arrow table of stars has no column ${name}. Write it anew.`)
  }
  return table.batches.flatMap(batch => {
    const starIds = batch.getChild('starId')
    const versions = batch.getChild('version')
    const columns = observableNames.flatMap(name => {
      const values = batch.getChild(name)
      const errs = batch.getChild(`${name}Err`)
      const limits = batch.getChild(`${name}IsLimit`)
      return values === null || errs === null ? [] : [{ name, values, errs, limits }]
    })
    return Array.from({ length: batch.numRows }, (_, i): ArrowStar => {
      const given: Omit<StarMeasurement, 'survey'>[] = []
      for (const { name, values, errs, limits } of columns) {
        const value: unknown = values.get(i)
        const err: unknown = errs.get(i)
        if (value === null || err === null) continue
        if (!isNumber(value) || !isNumber(err)) throw foreignStar(`${name} of row ${i} is no number`)
        given.push({ quantity: name, value, err, isLimit: limits?.get(i) === true })
      }
      const [starId, version]: unknown[] = [starIds?.get(i), versions?.get(i)]
      if (typeof starId !== 'string' || typeof version !== 'string') throw foreignStar(`row ${i} has no id or version`)
      return { starId, version, given }
    })
  })
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function foreignStar(problem: string): FusionError {
  return new FusionError('SCHEMA_MISMATCH', `An Arrow table is none of stars: ${problem}. Write it anew.`)
}

function utf8(texts: readonly string[]): Data {
  return vectorFromArray([...texts], new Utf8()).data[0] ?? makeData({ type: new Utf8(), length: 0 })
}

/** One record batch with metadata of its schema, as IPC bytes: the same content gives the same bytes. */
export function writeTable(
  fields: Field[],
  children: Data[],
  length: number,
  metadata: Map<string, string>,
  format: ArrowFormat,
): Uint8Array {
  const schema = new Schema(fields, metadata)
  const data = makeData({ type: new Struct(fields), length, nullCount: 0, children })
  return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), format)
}

/** @throws FusionError SCHEMA_MISMATCH when the bytes are no Arrow table */
export function readTable(bytes: Uint8Array, what: string): Table {
  try {
    checkArrow(bytes)
    return tableFromIPC(bytes)
  } catch (cause) {
    throw new FusionError(
      'SCHEMA_MISMATCH',
      `These ${bytes.length} bytes are no Arrow table of ${what}. Write them anew.`,
      { cause },
    )
  }
}
