// The number before every record's bytes. It is one of all records and all their versions, so that a schema registry can serve it.
import type { Records } from './records.ts'

export interface SchemaVersion {
  readonly major: number
  readonly minor: number
}

/** Given once and never again to another record: they are in the bytes of every log. */
const recordNumbers: { readonly [name in keyof Records]: number } = {
  deadLetter: 1,
  delivery: 2,
  fuseChange: 3,
  observation: 4,
  posterior: 5,
  posteriorPlaces: 6,
  rawRow: 7,
  sighting: 8,
  servingModel: 20,
  subscription: 21,
  subscriptionWork: 22,
  starSubscriptions: 23,
  subscriptionEvent: 24,
  sourceRoute: 9,
  star: 10,
  starAlias: 11,
  deliveryTally: 12,
  heartbeat: 13,
  gap: 14,
  spectrum: 15,
  pixels: 16,
}

const PER_RECORD = 10_000

/** The version stands in the namespace, as LSST does: `birthline.v1_0`. */
export function schemaVersion(schemaJson: string): SchemaVersion {
  const match = /"namespace":\s*"birthline\.v(\d+)_(\d+)"/.exec(schemaJson)
  if (match === null) throw new RangeError('schemaVersion: the namespace names no version, such as birthline.v1_0')
  return { major: Number(match[1]), minor: Number(match[2]) }
}

/** major * 100 + minor, as LSST numbers its schemas. */
export function versionNumber({ major, minor }: SchemaVersion): number {
  return major * 100 + minor
}

/** The number of the record * 10000, and that of its version. */
export function schemaId(name: keyof Records, version: SchemaVersion): number {
  return recordNumbers[name] * PER_RECORD + versionNumber(version)
}

/**
 * The version number in the id of a record's bytes; `null` for the id of another record. What was written before ids told
 * records apart has the version alone.
 */
export function versionIn(name: keyof Records, id: number): number | null {
  const number = Math.floor(id / PER_RECORD)
  return number === 0 || number === recordNumbers[name] ? id % PER_RECORD : null
}
