// Columns of many rows as an Arrow file: values that may be missing, texts, and words out of a short list.
import {
  Bool,
  type Data,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int8,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow'

export interface ColumnField {
  readonly name: string
  /** `words` are at most 127 different texts; a `text` is never missing, an `optionalText` may be. */
  readonly type: 'text' | 'words' | 'double' | 'float' | 'optionalText' | 'long' | 'boolean'
  readonly unit: string | null
  readonly description: string
  /** The list that a column of words is of. */
  readonly words?: readonly string[]
}

/** Texts, 64-bit integers as bigint, or truths. */
export type ColumnCell = string | bigint | boolean | null

/** Of one batch: a NaN is a missing number and becomes a null; words are given by their places in the list. */
export type ColumnBatch = Readonly<Record<string, readonly ColumnCell[] | Uint8Array | Float64Array | Float32Array>>

/**
 * Writes batch by batch, as they come. The same content gives the same bytes.
 * @throws RangeError when a column is not as it was declared
 */
export class ColumnTableWriter {
  readonly #fields: readonly ColumnField[]
  readonly #schema: Schema
  readonly #writer = new RecordBatchFileWriter()
  readonly #lists: ReadonlyMap<string, Vector<Utf8>>

  constructor(fields: readonly ColumnField[], metadata: ReadonlyMap<string, string>) {
    this.#fields = fields
    this.#lists = new Map(
      fields.flatMap(({ name, words }) => (words ? [[name, vectorFromArray([...words], new Utf8())]] : [])),
    )
    const arrowFields = fields.map(({ name, type, unit, description }, i) => {
      const about = new Map([['description', description], ...(unit === null ? [] : [['unit', unit] as const])])
      return new Field(name, arrowType(type, i), type !== 'text' && type !== 'words', about)
    })
    this.#schema = new Schema(arrowFields, new Map(metadata))
    this.#writer.reset(undefined, this.#schema)
  }

  write(columns: ColumnBatch, length: number): void {
    const children = this.#fields.map((field, i) => {
      const values = columns[field.name]
      if (values?.length !== length) throw new RangeError(`ColumnTableWriter: ${field.name} has not ${length} values`)
      return this.#dataOf(field, this.#schema.fields[i], values)
    })
    const data = makeData({ type: new Struct(this.#schema.fields), length, nullCount: 0, children })
    this.#writer.write(new RecordBatch(this.#schema, data))
  }

  /** The whole file. */
  finish(): Uint8Array {
    this.#writer.finish()
    return this.#writer.toUint8Array(true)
  }

  #dataOf({ name, type }: ColumnField, { type: arrow }: Field, values: ColumnBatch[string]): Data {
    const { length } = values
    if (type === 'double' && values instanceof Float64Array)
      return makeData({ type: new Float64(), length, data: values, ...nullsOf(values) })
    if (type === 'float' && values instanceof Float32Array)
      return makeData({ type: new Float32(), length, data: values, ...nullsOf(values) })
    if (type === 'words' && values instanceof Uint8Array) {
      const dictionary = this.#lists.get(name)
      const data = Int8Array.from(values)
      return makeData({
        type: arrow as Dictionary<Utf8, Int8>,
        length,
        nullCount: 0,
        data,
        ...(dictionary && { dictionary }),
      })
    }
    if (type === 'text' && Array.isArray(values)) return textData(values as readonly string[])
    if ((type === 'optionalText' || type === 'long' || type === 'boolean') && Array.isArray(values))
      return vectorFromArray(values as readonly ColumnCell[], arrow).data[0]
    throw new RangeError(`ColumnTableWriter: ${name} is not given as ${type}`)
  }
}

/** @param id of a dictionary, within the table: Arrow JS would count through all tables of the process */
function arrowType(type: ColumnField['type'], id: number) {
  switch (type) {
    case 'double':
      return new Float64()
    case 'float':
      return new Float32()
    case 'words':
      return new Dictionary(new Utf8(), new Int8(), id)
    case 'long':
      return new Int64()
    case 'boolean':
      return new Bool()
    default:
      return new Utf8()
  }
}

/** Zero stands where a number is missing: NaN never leaves. */
function nullsOf(values: Float64Array | Float32Array) {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8))
  let nullCount = 0
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) {
      values[i] = 0
      nullCount++
    } else nullBitmap[i >> 3] |= 1 << (i & 7)
  }
  return { nullCount, nullBitmap: nullCount === 0 ? null : nullBitmap }
}

function textData(texts: readonly string[]): Data {
  const bytes = Buffer.from(texts.join(''))
  const valueOffsets = new Int32Array(texts.length + 1)
  for (const [i, text] of texts.entries()) valueOffsets[i + 1] = valueOffsets[i] + Buffer.byteLength(text)
  return makeData({ type: new Utf8(), length: texts.length, nullCount: 0, data: bytes, valueOffsets })
}
