import { expect, test } from 'vitest'
import { recordSchemas } from '../../schemas/index.ts'
import { comparedWith, registrySubjects } from '../../streams/subjects.ts'
import { topics } from '../../streams/topics.ts'

test('every topic of Avro records has a subject with every version of its record, the newest last', () => {
  const subjects = registrySubjects('sky.')
  const avro = topics.flatMap(({ name, record }) => (record === null ? [] : [{ name, record }]))
  expect(subjects.map(({ name }) => name)).toEqual(avro.map(({ name }) => `sky.${name}-value`))
  subjects.forEach(({ versions }, i) => {
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, at) => at + 1))
    expect(versions.at(-1)?.schema).toBe(recordSchemas[avro[i].record])
  })
})

test('topics of one record share its ids, others do not', () => {
  const idsOf = (topic: string) =>
    registrySubjects('')
      .find(({ name }) => name === `${topic}-value`)
      ?.versions.map(({ id }) => id)
  expect(idsOf('latest-posteriors')).toEqual(idsOf('posteriors'))
  expect(idsOf('posteriors')).not.toEqual(idsOf('stars'))
})

test('a major version is compared with its own alone', () => {
  const [{ versions }] = registrySubjects('')
  const [first] = versions
  expect(comparedWith(versions, first.schema)).toContain(first)
  expect(comparedWith(versions, first.schema.replace('.v1_', '.v9_'))).toEqual([])
})
