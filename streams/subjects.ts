// Our schemas as a registry holds them: a subject for the values of each topic of Avro records, its versions counted from 1.
// Arrow streams carry their schema themselves.
import { pastSchemas, type RecordName, recordSchemas, schemaId, schemaVersion } from '../schemas/index.ts'
import { topics } from './topics.ts'

export interface SubjectVersion {
  readonly version: number
  readonly id: number
  /** Avro, as JSON. */
  readonly schema: string
}

export interface Subject {
  readonly name: string
  /** Oldest first. */
  readonly versions: readonly SubjectVersion[]
}

/** @param prefix before the names of the topics on the brokers */
export function registrySubjects(prefix: string): readonly Subject[] {
  return topics.flatMap(({ name, record }) =>
    record === null ? [] : [{ name: `${prefix}${name}-value`, versions: versionsOf(record) }],
  )
}

function versionsOf(record: RecordName): readonly SubjectVersion[] {
  return [...pastSchemas[record], recordSchemas[record]].map((schema, i) => ({
    version: i + 1,
    id: schemaId(record, schemaVersion(schema)),
    schema,
  }))
}

/** Versions that a record of this one is compared with: a major version begins anew. */
export function comparedWith(versions: readonly SubjectVersion[], schema: string): readonly SubjectVersion[] {
  const { major } = schemaVersion(schema)
  return versions.filter(one => schemaVersion(one.schema).major === major)
}
