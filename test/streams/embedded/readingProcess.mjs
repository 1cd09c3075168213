// Reads `out` of a log that another process writes until the record `end` comes; then tells what it saw.
// Usage: readingProcess.mjs FOLDER
import { writeSync } from 'node:fs'
import { openLog } from '../../../dist/streams/openLog.js'

const log = await openLog({ kind: 'embedded', folder: process.argv[2], readOnly: true, pollMs: 5 })
const reader = log.openReader({ topics: ['out'] })
const never = new AbortController().signal
const keys = []
let waits = 0
let bytes = 0
writeSync(1, 'reading\n')
while (keys[keys.length - 1] !== 'end') {
  let batch = await reader.poll()
  if (batch === null) {
    waits += 1
    batch = await reader.next(never)
  }
  for (const { key, value } of batch.records) {
    keys.push(key)
    if (value.some(byte => byte !== Number(key) % 251)) throw new Error(`record ${key} is not what was written`)
    bytes += value.length
  }
}
await log.close()
writeSync(1, `${JSON.stringify({ keys, waits, bytes })}\n`)
