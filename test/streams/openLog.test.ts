import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEFAULT_MAX_RECORD_BYTES, openLog } from '../../streams/openLog.ts'
import { topics } from '../../streams/topics.ts'
import { readAll } from './logRecords.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'birthline-open-'))

test('a log has all topics of the project unless told otherwise', async () => {
  const place = folder()
  const log = await openLog({ kind: 'embedded', folder: place })
  for (const { name, partitions } of topics) expect(await log.extents(name)).toHaveLength(partitions)
  await log.close()
  rmSync(place, { recursive: true })
})

test('the largest record, key included, is taken, and one byte more is not', async () => {
  for (const maxRecordBytes of [undefined, 1000]) {
    const place = folder()
    const bound = maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES
    const log = await openLog({ kind: 'embedded', folder: place, ...(maxRecordBytes && { maxRecordBytes }) })
    const write = (sizeBytes: number) =>
      log.transact({ outputs: [{ topic: 'raw', key: 'four', value: new Uint8Array(sizeBytes) }] })
    await write(bound - 4)
    await expect(write(bound - 3)).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE', detail: { maxBytes: bound } })
    const [record] = await readAll(log, { topics: ['raw'] })
    expect(record.value).toHaveLength(bound - 4)
    await log.close()
    rmSync(place, { recursive: true })
  }
})

test('a topic that an earlier birthline did not have is empty to those who only read', async () => {
  const place = folder()
  const few = topics.filter(({ name }) => name === 'raw')
  const earlier = await openLog({ kind: 'embedded', folder: place, topics: few })
  await earlier.transact({ outputs: [{ topic: 'raw', key: 'a', value: new Uint8Array(1) }] })
  await earlier.close()
  const log = await openLog({ kind: 'embedded', folder: place, readOnly: true })
  expect(await readAll(log, { topics: ['raw', 'stars', 'latest-stars'] })).toHaveLength(1)
  expect(await log.latest('latest-stars', 'a')).toBeNull()
  const [{ first, end }] = await log.extents('stars')
  expect([first, end]).toEqual([0, 0])
  expect(() => log.openReader({ topics: ['nothing'] })).toThrow(RangeError)
  await log.close()
  rmSync(place, { recursive: true })
})
