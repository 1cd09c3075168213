import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RecordName } from '../../schemas/codec.ts'
import { pastSchemas, recordSchemas } from '../../schemas/recordSchemas.ts'
import { schemaId, schemaVersion, versionIn, versionNumber } from '../../schemas/schemaIds.ts'

const published: Readonly<Record<string, { readonly id: number; readonly sha256: string }>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'records', 'published.json'), 'utf8'),
)

const schemas = (Object.keys(recordSchemas) as RecordName[]).flatMap(name =>
  [...pastSchemas[name], recordSchemas[name]].map(json => ({ name, json, version: schemaVersion(json) })),
)

test('a schema that was published stays as it is, under its id; a change of it is a new version', () => {
  const found = schemas.map(({ name, json, version }) => [
    `${name}.v${version.major}_${version.minor}`,
    { id: schemaId(name, version), sha256: createHash('sha256').update(json).digest('hex') },
  ])
  expect(Object.fromEntries(found)).toEqual(published)
})

test('no two schemas share an id', () => {
  const ids = schemas.map(({ name, version }) => schemaId(name, version))
  expect(new Set(ids).size).toBe(ids.length)
})

test('an id leads back to its version for its own record alone, and one without a record for any', () => {
  for (const { name, version } of schemas) {
    const id = schemaId(name, version)
    for (const other of Object.keys(recordSchemas) as RecordName[]) {
      expect(versionIn(other, id)).toBe(other === name ? versionNumber(version) : null)
      expect(versionIn(other, versionNumber(version))).toBe(versionNumber(version))
    }
  }
})

test('a schema without a version in its namespace has none', () => {
  expect(() => schemaVersion('{"namespace":"birthline"}')).toThrow(RangeError)
})
