import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { packageFile } from '../../schemas/packageRoot.ts'
import { pastSchemas, recordSchemas } from '../../schemas/recordSchemas.ts'
import { schemaVersion } from '../../schemas/schemaIds.ts'

interface Field {
  readonly name: string
  readonly doc?: string
  readonly since?: string
  readonly type: unknown
}

function fieldsBelow(schema: unknown): Field[] {
  if (Array.isArray(schema)) return schema.flatMap(fieldsBelow)
  if (typeof schema !== 'object' || schema === null) return []
  const { fields, items, values, type } = schema as {
    fields?: Field[]
    items?: unknown
    values?: unknown
    type?: unknown
  }
  const inner = [items, values, type].flatMap(fieldsBelow)
  return [...inner, ...(fields ?? []).flatMap(field => [field, ...fieldsBelow(field.type)])]
}

test('records.ts and recordSchemas.ts are what their generator makes of the schemas', async () => {
  const { renderRecords, renderSchemas } = await import(pathToFileURL(packageFile('ops', 'generateRecords.mjs')).href)
  expect(readFileSync(packageFile('schemas', 'records.ts'), 'utf8')).toBe(renderRecords())
  expect(readFileSync(packageFile('schemas', 'recordSchemas.ts'), 'utf8')).toBe(renderSchemas())
})

for (const [name, json] of Object.entries(recordSchemas)) {
  test(`every field of ${name} is documented in a sentence`, () => {
    const fields = fieldsBelow(JSON.parse(json))
    expect(fields.length).toBeGreaterThan(0)
    for (const field of fields) expect(field.doc, field.name).toMatch(/\.$/)
  })

  test(`fields that ${name} gained in a minor version say since when`, () => {
    const { minor } = schemaVersion(json)
    const first = pastSchemas[name as keyof typeof pastSchemas][0] ?? json
    const original = new Set(fieldsBelow(JSON.parse(first)).map(field => field.name))
    // What is nested in a field is as old as the field.
    const { fields } = JSON.parse(json) as { fields: Field[] }
    const told = fields.flatMap(field => (field.since === undefined ? [field, ...fieldsBelow(field.type)] : [field]))
    for (const field of told) {
      expect(field.since !== undefined, field.name).toBe(!original.has(field.name))
      if (field.since !== undefined) expect(Number(field.since.split('.')[1])).toBeLessThanOrEqual(minor)
    }
  })
}
