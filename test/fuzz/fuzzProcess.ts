// The process that the cases are tried in: an abort, a hang and an end for want of memory are then findings, not the end of
// the fuzzing. One line of JSON a case in, one line a case out.
// node dist/test/fuzz/fuzzProcess.js FOLDER      (which is removed at the end)
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isFusionError } from '../../schemas/index.ts'
import { fuzzTarget } from './fuzzTargets.ts'

const [, , folder] = process.argv
// Whoever began this process may be gone first.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const KIB = 1024
let cases = 0

async function tryCase(name: string, bytes: Buffer) {
  const place = join(folder, `${cases++}`)
  mkdirSync(place, { recursive: true })
  const beforeKib = process.resourceUsage().maxRSS
  const startMs = performance.now()
  let outcome = 'read'
  let detail = ''
  try {
    await fuzzTarget(name).run(bytes, place)
  } catch (error) {
    outcome = isFusionError(error) ? 'refused' : 'broken'
    const isError = error instanceof Error
    detail = isFusionError(error) ? error.code : isError ? (error.stack ?? error.message) : String(error)
  }
  const tookMs = performance.now() - startMs
  rmSync(place, { recursive: true, force: true })
  return { outcome, detail, tookMs, grownBytes: (process.resourceUsage().maxRSS - beforeKib) * KIB }
}

// What comes before is the start, which may take long.
process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const { target, bytes } = JSON.parse(line) as { readonly target: string; readonly bytes: string }
  process.stdout.write(`${JSON.stringify(await tryCase(target, Buffer.from(bytes, 'base64')))}\n`)
}
process.exit(0)
