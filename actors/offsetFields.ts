// Which fields of records say where in the log another record lies. Whoever moves records translates these, and nothing else.
import {
  decode,
  encode,
  FusionError,
  type RecordName,
  type Records,
  recordSchemas,
  schemaId,
  schemaVersion,
} from '../schemas/index.ts'

/** Where a record lies now; `null` for one that retention has taken. */
export type FindPlace = (
  topic: string,
  partition: number,
  offset: bigint,
) => { readonly partition: number; readonly offset: number } | null

export interface OffsetField {
  readonly record: RecordName
  /** Names of fields from the record inwards; what is a list on the way, or at the end, is translated item by item. */
  readonly path: readonly string[]
  /** The topic that the offsets are of. */
  readonly topic: string
  /** The field beside it that holds the partition; `null` where the topic has one partition only. */
  readonly partition: string | null
}

/** Every field that holds offsets. One that is found nowhere any more becomes null, or leaves its list. */
export const offsetFields: readonly OffsetField[] = [
  { record: 'posteriorPlaces', path: ['offsets'], topic: 'posteriors', partition: 'partition' },
  { record: 'sourceRoute', path: ['rawOffset'], topic: 'raw', partition: null },
  { record: 'sourceRoute', path: ['claims', 'rawOffset'], topic: 'raw', partition: null },
  { record: 'delivery', path: ['rawStart'], topic: 'raw', partition: null },
  { record: 'delivery', path: ['rollbackOffset'], topic: 'raw', partition: null },
  { record: 'delivery', path: ['rollbackEnd'], topic: 'raw', partition: null },
]

/** Fields for people that may name an offset: they say where something lay in the log that it was first written to. */
export const offsetTexts: readonly (readonly [record: RecordName, field: string])[] = [
  ['deadLetter', 'origin'],
  ['gap', 'fromOffset'],
  ['gap', 'toOffset'],
  ['observation', 'origin'],
  ['star', 'sources.origin'],
  // Work that a copy begins anew.
  ['subscriptionWork', 'cursor'],
]

/** Topics that others point into: they are moved first. */
export const referencedTopics: readonly string[] = [...new Set(offsetFields.map(({ topic }) => topic))]

export function holdsOffsets(record: RecordName | null): record is RecordName {
  return offsetFields.some(field => field.record === record)
}

type Fields = { readonly [name: string]: unknown }

/**
 * The record with every offset in it as it is in the log that it moves to.
 * @throws FusionError SCHEMA_MISMATCH for bytes that are no such record
 */
export function translateOffsets<N extends RecordName>(name: N, bytes: Uint8Array, find: FindPlace): Uint8Array {
  let value = decode(name, bytes) as unknown as Fields
  for (const field of offsetFields) if (field.record === name) value = translated(value, field.path, field, find)
  return encode(name, value as unknown as Records[N])
}

function translated(value: Fields, path: readonly string[], field: OffsetField, find: FindPlace): Fields {
  const [name, ...rest] = path
  const inner = value[name]
  if (rest.length > 0) {
    const step = (one: unknown) => translated(one as Fields, rest, field, find)
    return { ...value, [name]: Array.isArray(inner) ? inner.map(step) : step(inner) }
  }
  const { topic, partition } = field
  const home = partition === null ? 0 : Number(value[partition])
  if (!Array.isArray(inner)) {
    const found = inner === null ? null : find(topic, home, inner as bigint)
    return { ...value, [name]: found === null ? null : BigInt(found.offset) }
  }
  const found = inner.flatMap(offset => find(topic, home, offset as bigint) ?? [])
  // Records of one key are together in both logs.
  const moved = partition === null || found.length === 0 ? {} : { [partition]: found[0].partition }
  return { ...value, [name]: found.map(({ offset }) => BigInt(offset)), ...moved }
}

const newestIds = new Map(
  (Object.keys(recordSchemas) as RecordName[]).map(name => [name, schemaId(name, schemaVersion(recordSchemas[name]))]),
)
const HEADER_BYTES = 5
const VERSIONS = 10_000

/**
 * A record of a newer birthline may say where others lie in fields that this one does not know.
 * @throws FusionError SCHEMA_UNKNOWN
 */
export function checkKnown(name: RecordName, bytes: Uint8Array): void {
  if (bytes.length < HEADER_BYTES) return
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1) % VERSIONS
  if (version <= (newestIds.get(name) ?? 0) % VERSIONS) return
  throw new FusionError(
    'SCHEMA_UNKNOWN',
    `The log holds ${name} records of a newer birthline, which may say where others lie in ways that this one does not know: update it, and copy then.`,
    { detail: { record: name } },
  )
}
