// Reads `in`, writes two records for each, and commits, until it has done all or is killed; says what was acknowledged.
// Usage: writingProcess.mjs FOLDER MAX_RECORDS TOPICS (as JSON)
import { writeSync } from 'node:fs'
import { openLog } from '../../../dist/streams/openLog.js'

const [folder, maxRecords, topics] = process.argv.slice(2)
writeSync(1, 'started\n')
const log = await openLog({ kind: 'embedded', folder, topics: JSON.parse(topics) })
const reader = log.openReader({ topics: ['in'], group: 'worker', maxRecords: Number(maxRecords) })
for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
  const outputs = batch.records.flatMap(({ key, value }) => [
    { topic: 'out', key, value },
    { topic: 'state', key: String(Number(key) % 50), value },
  ])
  await log.transact({ outputs, group: 'worker', offsets: [batch.next] })
  writeSync(1, `${batch.next.offset}\n`)
}
await log.close()
writeSync(1, 'done\n')
