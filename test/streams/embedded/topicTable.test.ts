import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from '../../../streams/openLog.ts'
import type { Topic } from '../../../streams/topics.ts'
import { output, readAll } from '../logRecords.ts'

const stars: Topic = {
  name: 'stars',
  record: 'star',
  key: 'id',
  partitions: 3,
  keep: 'all',
  retainBytes: null,
  retainMs: null,
}
let folder: string
const open = (...topics: Topic[]) => openLog({ kind: 'embedded', folder, topics })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-topics-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('another number of partitions is refused, and the log stays usable with the old one', async () => {
  await (await open(stars)).close()
  await expect(open({ ...stars, partitions: 4 })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/stars was created with 3 partitions.*not 4/),
  })
  await (await open(stars)).close()
})

test('keeping all where only the latest was kept is refused', async () => {
  await (await open({ ...stars, keep: 'latest' })).close()
  await expect(open(stars)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

test('a topic added later does not disturb the others, and one no longer wanted stays readable', async () => {
  const first = await open(stars)
  await first.transact({ outputs: [output('stars', 'a', 'x')] })
  await first.close()
  const second = await open({ ...stars, name: 'planets', partitions: 1 })
  await second.transact({ outputs: [output('planets', 'b', 'y')] })
  expect(await readAll(second, { topics: ['stars'] })).toHaveLength(1)
  expect(await readAll(second, { topics: ['planets'] })).toHaveLength(1)
  await second.close()
})

test('a topic that does not exist is a mistake that names those that do', async () => {
  const log = await open(stars)
  expect(() => log.openReader({ topics: ['star'] })).toThrow(/no topic star; this log has stars/)
  await expect(log.extents('star')).rejects.toThrow(RangeError)
  await log.close()
})
