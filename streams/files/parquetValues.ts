// What hyparquet decodes -> cells: exact integers, ISO times, lists without the scaffolding of their schema.
import { isUtf8 } from 'node:buffer'
import type { ColumnMetaData, Compressors, ParquetParsers, SchemaElement } from 'hyparquet'
import type { readPage } from 'hyparquet/src/column.js'
import { compressors } from 'hyparquet-compressors'
import type { ByteSource } from './byteSource.ts'
import type { ParquetLeaf } from './parquetColumns.ts'
import type { ColumnType, Value } from './table.ts'
import { unreadable } from './unreadableFile.ts'

const MS_PER_DAY = 86_400_000

/** Bytes without a type of their own are text if they can be (astropy writes byte strings so), else hexadecimal. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return isUtf8(buffer) ? buffer.toString('utf8') : hexOf(bytes)
}

function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
}

/** ISO 8601 with every digit that is stored; moments beyond the calendar of `Date` stay plain counts. */
function momentOf(count: bigint | undefined, unitsPerMs: bigint, digits: number): string | undefined {
  if (count === undefined || count === null) return undefined
  const unitsPerSecond = unitsPerMs * 1000n
  const fraction = ((count % unitsPerSecond) + unitsPerSecond) % unitsPerSecond
  const second = new Date(Number((count - fraction) / unitsPerMs))
  if (Number.isNaN(second.getTime())) return String(count)
  return `${second.toISOString().slice(0, -5)}.${String(fraction).padStart(digits, '0')}Z`
}

const hexParser = (bytes: Uint8Array | undefined) => bytes && hexOf(bytes)

const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: count => momentOf(count, 1n, 3),
  timestampFromMicroseconds: count => momentOf(count, 1000n, 6),
  timestampFromNanoseconds: count => momentOf(count, 1_000_000n, 9),
  dateFromDays: days => (days === undefined ? undefined : new Date(days * MS_PER_DAY).toISOString().slice(0, 10)),
  stringFromBytes: textOf,
  jsonFromBytes: textOf,
  geometryFromBytes: hexParser,
  geographyFromBytes: hexParser,
}

type Decoder = Parameters<typeof readPage>[2]

/** @throws FusionError FILE_UNREADABLE when the codec is unknown */
export function pageDecoder(leaf: ParquetLeaf, chunk: ColumnMetaData, source: ByteSource): Decoder {
  const { codec, type } = chunk
  if (codec !== 'UNCOMPRESSED' && compressors[codec] === undefined) {
    throw unreadable(source.path, `is compressed with ${codec}, which is not supported; write it with ZSTD or SNAPPY`)
  }
  const schemaPath = [...leaf.schemaPath]
  const { element } = schemaPath[schemaPath.length - 1]
  return {
    pathInSchema: [...leaf.pathInSchema],
    type,
    element: knownElement(element),
    schemaPath,
    codec,
    compressors: compressors as Compressors,
    parsers: { ...parsers } as ParquetParsers,
  }
}

/** hyparquet goes by the older of a column's two annotations, and refuses two of them whose bytes can be had. */
function knownElement(element: SchemaElement): SchemaElement {
  const { converted_type: converted, logical_type: logical, ...plain } = element
  if (converted === 'BSON' || converted === 'INTERVAL') return plain
  if (converted !== undefined) return element
  if (logical?.type === 'DATE') return { ...element, converted_type: 'DATE' }
  if (logical?.type === 'DECIMAL') return { ...element, converted_type: 'DECIMAL', scale: logical.scale }
  return element
}

/** A decoded row of a leaf as a cell. */
export function parquetValue(decoded: unknown, leaf: ParquetLeaf): Value {
  return nestedValue(decoded, leaf, 1)
}

/** hyparquet wraps each optional group in an array of at most one, and each repeated one in an array. */
function nestedValue(decoded: unknown, leaf: ParquetLeaf, depth: number): Value {
  if (decoded === undefined || decoded === null) return null
  const isLeaf = depth === leaf.schemaPath.length - 1
  const inner = (value: unknown) =>
    isLeaf ? scalarValue(value, leaf.column.type) : nestedValue(value, leaf, depth + 1)
  const repetition = leaf.schemaPath[depth].element.repetition_type
  if (repetition === 'REPEATED' && Array.isArray(decoded)) return decoded.map(inner)
  if (repetition === 'OPTIONAL' && !isLeaf && Array.isArray(decoded)) return inner(decoded[0])
  return inner(decoded)
}

function scalarValue(value: unknown, type: ColumnType): Value {
  switch (typeof value) {
    case 'number':
      if (type === 'long' || type === 'unsignedLong') return BigInt(value)
      return Number.isNaN(value) ? null : value
    case 'string':
    case 'boolean':
    case 'bigint':
      return value
    default:
      return value instanceof Uint8Array ? hexOf(value) : null
  }
}
