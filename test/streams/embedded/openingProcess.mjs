// Opens a log for writing, says what came of it, and holds it until its input ends.
// Usage: openingProcess.mjs FOLDER
import { writeSync } from 'node:fs'
import { openLog } from '../../../dist/streams/openLog.js'

try {
  const log = await openLog({ kind: 'embedded', folder: process.argv[2] })
  writeSync(1, 'open\n')
  for await (const _ of process.stdin);
  await log.close()
} catch (error) {
  writeSync(1, `${JSON.stringify({ code: error.code, message: error.message, detail: error.detail })}\n`)
}
