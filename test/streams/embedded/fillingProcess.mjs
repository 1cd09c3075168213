// Writes transactions of ten records until the disk refuses one, then reads everything back and tries once more.
// Usage: fillingProcess.mjs FOLDER TOPICS (as JSON)
import { writeSync } from 'node:fs'
import { openLog } from '../../../dist/streams/openLog.js'

const [folder, topics] = process.argv.slice(2)
const log = await openLog({ kind: 'embedded', folder, topics: JSON.parse(topics) })
const write = number => {
  const value = new Uint8Array(20_000).fill(number)
  const outputs = Array.from({ length: 10 }, () => ({ topic: 'out', key: String(number), value }))
  return log.transact({ outputs }).then(
    () => null,
    ({ code, message }) => ({ code, message }),
  )
}
let acknowledged = 0
let refusal = await write(0)
while (refusal === null) {
  acknowledged += 1
  refusal = await write(acknowledged)
}
const again = await write(acknowledged)
const keys = []
const reader = log.openReader({ topics: ['out'] })
for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
  keys.push(...batch.records.map(record => record.key))
}
await log.close()
// This process may try again; that the disk is full is then the only complaint.
const reopened = await openLog({ kind: 'embedded', folder, topics: JSON.parse(topics) }).then(
  other => other.close().then(() => 'open'),
  ({ code }) => code,
)
writeSync(1, `${JSON.stringify({ acknowledged, refusal, again, keys, reopened })}\n`)
