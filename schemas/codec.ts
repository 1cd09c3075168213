// Record <-> bytes. Each value carries the id of the schema it was written with.
// LSST's rule: within a major version fields are only added, with defaults, so every reader reads every writer. The log
// keeps no schemas beside its records, so ours are added at the end: a reader of 1.0 reads the beginning of any 1.x.
import avro, { type Type } from 'avsc'
import { compileBodyCheck, compileFiniteCheck } from './bodyCheck.ts'
import { publish } from './channels.ts'
import { FusionError, isFusionError } from './errors.ts'
import { pastSchemas, recordSchemas } from './recordSchemas.ts'
import type { Records } from './records.ts'
import { schemaId, schemaVersion, versionIn, versionNumber } from './schemaIds.ts'

export type RecordName = keyof Records

export interface RecordPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: number
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

/** Parses an Avro schema in the dialect of the project: BigInt longs, plain unions. */
export function parseSchema(schemaJson: string): Type {
  return avro.Type.forSchema(JSON.parse(schemaJson), { registry: { long: longType }, wrapUnions: false })
}

const versionText = (number: number) => `${Math.floor(number / 100)}.${number % 100}`

/** Avro resolves names without their namespace here, so that versions of one record match. */
function withoutNamespace(schemaJson: string): string {
  return JSON.stringify({ ...JSON.parse(schemaJson), namespace: undefined })
}

/**
 * A decoder that reads as one schema what was written with that or another version of it. Of a minor version newer than
 * all it knows, it reads the fields of the newest that it knows.
 *
 * @param readerJson the schema whose fields come out; fields that the writer lacked have their defaults
 * @param writerJsons other versions that may have written; those of another major version are left out
 * @returns a function that throws FusionError SCHEMA_UNKNOWN for another major version, and SCHEMA_MISMATCH for bytes
 * that are no such record
 */
export function createDecoder(
  name: RecordName,
  readerJson: string,
  writerJsons: readonly string[] = [],
): (bytes: Uint8Array) => unknown {
  const reader = parseSchema(withoutNamespace(readerJson))
  const version = schemaVersion(readerJson)
  const readerNumber = versionNumber(version)
  const writers = new Map(
    [readerJson, ...writerJsons]
      .filter(json => schemaVersion(json).major === version.major)
      .map(json => {
        const number = versionNumber(schemaVersion(json))
        const resolver =
          number === readerNumber ? undefined : reader.createResolver(parseSchema(withoutNamespace(json)))
        return [number, { endOf: compileBodyCheck(json), resolver }]
      }),
  )
  const newest = Math.max(...writers.keys())
  return bytes => {
    if (bytes.length < HEADER_BYTES || bytes[0] !== MAGIC) {
      throw new FusionError(
        'SCHEMA_MISMATCH',
        `These ${bytes.length} bytes are no ${name} record: they do not begin with a schema id. Check which program wrote them.`,
      )
    }
    const id = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)
    const number = versionIn(name, id)
    if (number === null) {
      throw new FusionError(
        'SCHEMA_MISMATCH',
        `These ${bytes.length} bytes are no ${name} record: their schema id ${id} is another record's. Check which program wrote them.`,
        { detail: { record: name, schemaId: id } },
      )
    }
    const isNewer = number > newest && Math.floor(number / 100) === version.major
    const writer = writers.get(isNewer ? newest : number)
    if (writer === undefined) {
      throw new FusionError(
        'SCHEMA_UNKNOWN',
        `A ${name} record has schema version ${versionText(number)}, this birthline knows ${[...writers.keys()].sort().map(versionText).join(', ')}. Update birthline: a newer one reads it, and re-drives a dead letter of it.`,
        { detail: { record: name, schemaId: id } },
      )
    }
    const damaged = (cause?: unknown) =>
      new FusionError(
        'SCHEMA_MISMATCH',
        `A ${name} record of schema version ${versionText(number)} cannot be decoded: its bytes are damaged. Re-drive it from its source.`,
        { cause },
      )
    const end = writer.endOf(bytes, HEADER_BYTES)
    // A newer minor version has more to say at the end.
    if (end === -1 || (isNewer ? end >= bytes.length : end !== bytes.length)) throw damaged()
    try {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset + HEADER_BYTES, end - HEADER_BYTES)
      return reader.fromBuffer(body, writer.resolver)
    } catch (cause) {
      throw damaged(cause)
    }
  }
}

interface Codec {
  readonly type: Type
  readonly id: number
  readonly decode: (bytes: Uint8Array) => unknown
  readonly findNonFinite: (value: unknown) => string | null
}

const codecs = new Map<RecordName, Codec>(
  (Object.keys(recordSchemas) as RecordName[]).map(name => {
    const json = recordSchemas[name]
    return [
      name,
      {
        type: parseSchema(json),
        id: schemaId(name, schemaVersion(json)),
        decode: createDecoder(name, json, pastSchemas[name]),
        findNonFinite: compileFiniteCheck(json),
      },
    ]
  }),
)

function codecOf(name: RecordName): Codec {
  const codec = codecs.get(name)
  if (codec === undefined) throw new RangeError(`codec: no record is named ${name}`)
  return codec
}

/** avsc takes bytes only as Buffers; our records hold them as plain byte arrays in top-level fields, or in lists there. */
function withBuffers<T extends object>(value: T): T {
  const copy = { ...value } as Record<string, unknown>
  for (const [key, inner] of Object.entries(value)) {
    if (inner instanceof Uint8Array) copy[key] = asBuffer(inner)
    else if (Array.isArray(inner) && inner[0] instanceof Uint8Array) copy[key] = inner.map(asBuffer)
  }
  return copy as T
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/**
 * Encodes a record: a zero byte, the schema id (4 bytes, big endian), the Avro body.
 * @throws TypeError when the value does not fit the schema or holds a number that is not finite, naming the field
 */
export function encode<N extends RecordName>(name: N, value: Records[N]): Uint8Array {
  const codec = codecOf(name)
  const plain = withBuffers(value)
  if (!codec.type.isValid(plain)) {
    const paths: string[] = []
    codec.type.isValid(plain, { errorHook: path => paths.push(path.join('.')) })
    throw new TypeError(`encode: ${name} has an invalid ${[...new Set(paths)].join(', ')}`)
  }
  const nonFinite = codec.findNonFinite(plain)
  if (nonFinite !== null) throw new TypeError(`encode: ${name} has a number that is not finite at ${nonFinite}`)
  const body = codec.type.toBuffer(plain)
  const bytes = new Uint8Array(HEADER_BYTES + body.length)
  bytes[0] = MAGIC
  new DataView(bytes.buffer).setUint32(1, codec.id)
  bytes.set(body, HEADER_BYTES)
  return bytes
}

/**
 * Decodes a record written with any minor version of its schema.
 * @throws FusionError SCHEMA_UNKNOWN for another major version, SCHEMA_MISMATCH for bytes that are no such record
 */
export function decode<N extends RecordName>(name: N, bytes: Uint8Array): Records[N] {
  return codecOf(name).decode(bytes) as Records[N]
}

/**
 * What `decode` gives, or `null` for a record of a newer birthline: for those who read a whole topic, and pass it over.
 * The channel `unread` tells of it.
 * @param where the record lies
 */
export function decodeKnown<N extends RecordName>(name: N, bytes: Uint8Array, where: RecordPlace): Records[N] | null {
  try {
    return decode(name, bytes)
  } catch (error) {
    if (!isFusionError(error) || error.code !== 'SCHEMA_UNKNOWN') throw error
    publish('unread', { where: `${where.topic}/${where.partition}/${where.offset}` })
    return null
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
