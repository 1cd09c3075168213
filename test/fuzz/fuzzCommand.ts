// Fuzzes every reader and the server, target by target, and says what was found.
// node dist/test/fuzz/fuzzCommand.js [--minutes 10] [--targets csv,http] [--seed 1] [--corpus FOLDER] [--json]
import { parseArgs } from 'node:util'
import { CaseProcess, runFuzz } from './fuzzRun.ts'
import { fuzzTargets } from './fuzzTargets.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    targets: { type: 'string' },
    seed: { type: 'string', default: '1' },
    corpus: { type: 'string', default: 'fuzz-corpus' },
    json: { type: 'boolean', default: false },
  },
})
const MINUTE_MS = 60_000
const names = values.targets?.split(',') ?? fuzzTargets.map(({ name }) => name)
const maxMs = (Number(values.minutes) * MINUTE_MS) / names.length
let found = 0
const cases = new CaseProcess()
process.once('SIGINT', () => void cases.close().then(() => process.exit(130)))
for (const target of names) {
  const plan = { target, seed: Number(values.seed), maxCases: Number.POSITIVE_INFINITY, maxMs, minimizeTries: 400 }
  const report = await runFuzz({ ...plan, corpusFolder: values.corpus }, cases)
  found += report.findings.length
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ ...report, findings: report.findings.map(({ kind, detail }) => ({ kind, detail })) })}\n`,
    )
    continue
  }
  const { cases: tried, read, refused, knownCrashes, findings, slowestMs } = report
  const known = knownCrashes === 0 ? '' : ` ${knownCrashes} ended the process as they may,`
  process.stdout.write(
    `${target}: ${tried} cases, ${read} read, ${refused} refused,${known} ${findings.length} found, slowest ${Math.round(slowestMs)} ms\n`,
  )
  for (const { kind, detail, bytes } of findings) {
    process.stdout.write(`  ${kind}, ${bytes.length} bytes: ${detail.split('\n').slice(0, 4).join('\n    ')}\n`)
  }
}
await cases.close()
process.exit(found === 0 ? 0 : 1)
