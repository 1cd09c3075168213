// Record <-> bytes. Each value carries the version of the schema it was written with.
import avro, { type Type } from 'avsc'
import { FusionError } from './errors.ts'
import { type Records, recordSchemas } from './records.ts'

export type RecordName = keyof Records

export interface SchemaVersion {
  readonly major: number
  readonly minor: number
}

/** A long is a BigInt: 64-bit survey ids do not fit a JavaScript number. */
const longType = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: (value: unknown) => BigInt(String(value)),
  toJSON: (value: bigint) => value.toString(),
  isValid: (value: unknown) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
})

const MAGIC = 0
const HEADER_BYTES = 5

interface Codec {
  readonly type: Type
  readonly version: SchemaVersion
  readonly id: number
}

/** Parses an Avro schema in the dialect of the project: BigInt longs, plain unions. */
export function parseSchema(schemaJson: string): Type {
  return avro.Type.forSchema(JSON.parse(schemaJson), { registry: { long: longType }, wrapUnions: false })
}

/** The version stands in the namespace, as LSST does: `birthline.v1_0`. */
export function schemaVersion(schemaJson: string): SchemaVersion {
  const match = /"namespace":\s*"birthline\.v(\d+)_(\d+)"/.exec(schemaJson)
  if (match === null) throw new RangeError('schemaVersion: the namespace names no version, such as birthline.v1_0')
  return { major: Number(match[1]), minor: Number(match[2]) }
}

const schemaId = (version: SchemaVersion) => version.major * 100 + version.minor

const codecs = new Map<RecordName, Codec>(
  (Object.keys(recordSchemas) as RecordName[]).map(name => {
    const version = schemaVersion(recordSchemas[name])
    return [name, { type: parseSchema(recordSchemas[name]), version, id: schemaId(version) }]
  }),
)

function codecOf(name: RecordName): Codec {
  const codec = codecs.get(name)
  if (codec === undefined) throw new RangeError(`codec: no record is named ${name}`)
  return codec
}

/** avsc takes bytes only as Buffers; our records hold them as plain byte arrays in top-level fields. */
function withBuffers<T extends object>(value: T): T {
  const copy = { ...value } as Record<string, unknown>
  for (const [key, inner] of Object.entries(value)) {
    if (inner instanceof Uint8Array) copy[key] = Buffer.from(inner.buffer, inner.byteOffset, inner.byteLength)
  }
  return copy as T
}

/**
 * Encodes a record: a zero byte, the schema id (major * 100 + minor, 4 bytes, big endian), the Avro body.
 * @throws TypeError when the value does not fit the schema, naming the field
 */
export function encode<N extends RecordName>(name: N, value: Records[N]): Uint8Array {
  const codec = codecOf(name)
  const plain = withBuffers(value)
  if (!codec.type.isValid(plain)) {
    const paths: string[] = []
    codec.type.isValid(plain, { errorHook: path => paths.push(path.join('.')) })
    throw new TypeError(`encode: ${name} has an invalid ${[...new Set(paths)].join(', ')}`)
  }
  const body = codec.type.toBuffer(plain)
  const bytes = new Uint8Array(HEADER_BYTES + body.length)
  bytes[0] = MAGIC
  new DataView(bytes.buffer).setUint32(1, codec.id)
  bytes.set(body, HEADER_BYTES)
  return bytes
}

/**
 * Decodes a record written with this version of its schema or an older one of the same major version.
 * @throws FusionError SCHEMA_UNKNOWN for a version from the future, SCHEMA_MISMATCH for bytes that are no such record
 */
export function decode<N extends RecordName>(name: N, bytes: Uint8Array): Records[N] {
  const codec = codecOf(name)
  if (bytes.length < HEADER_BYTES || bytes[0] !== MAGIC) {
    throw new FusionError(
      'SCHEMA_MISMATCH',
      `These ${bytes.length} bytes are no ${name} record: they do not begin with a schema id. Check which program wrote the topic.`,
    )
  }
  const id = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)
  if (id !== codec.id) {
    throw new FusionError(
      'SCHEMA_UNKNOWN',
      `A ${name} record has schema version ${Math.floor(id / 100)}.${id % 100}, this birthline knows ${codec.version.major}.${codec.version.minor}. Update birthline and re-drive the record.`,
    )
  }
  try {
    return codec.type.fromBuffer(
      Buffer.from(bytes.buffer, bytes.byteOffset + HEADER_BYTES, bytes.length - HEADER_BYTES),
    ) as Records[N]
  } catch (cause) {
    throw new FusionError(
      'SCHEMA_MISMATCH',
      `A ${name} record of schema version ${codec.version.major}.${codec.version.minor} cannot be decoded: its bytes are damaged. Re-drive it from its source.`,
      { cause },
    )
  }
}

/** A record as plain JSON: 64-bit numbers as strings, bytes as base64. */
export function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(toJson)
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner)]))
  }
  return value
}
