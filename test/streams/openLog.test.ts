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
