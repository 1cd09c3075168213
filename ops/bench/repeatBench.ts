// What a delivery costs that says what is in force already, beside one that says everything for the first time: records and
// bytes of each topic, and processor time. A model of closed form stands in for the drawing of samples, which costs most.
// node dist/ops/bench/repeatBench.js [--rows 100000] [--folder DIR] [--json]
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Pipeline, readTally, startPipeline } from '../../actors/index.ts'
import { type Log, openLog, topics } from '../../streams/index.ts'
import { openPosteriorModel } from './closedFormModel.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { writeSampleSurveys } from './sampleSurveys.ts'

const SURVEY = 'gaiaDr3'

interface Cost {
  readonly rows: number
  readonly cpuMicrosecondsPerRow: number
  /** Written by the delivery, of each topic that it wrote to. */
  readonly recordsPerRow: Readonly<Record<string, number>>
  readonly bytesPerRow: Readonly<Record<string, number>>
}

interface Extent {
  readonly records: number
  readonly sizeBytes: number
}

async function extentsOf(log: Log): Promise<ReadonlyMap<string, Extent>> {
  const { sizeBytes } = await log.keeping()
  const found = new Map<string, Extent>()
  for (const { name } of topics) {
    const records = (await log.extents(name)).reduce((sum, { end }) => sum + end, 0)
    found.set(name, { records, sizeBytes: sizeBytes.get(name) ?? 0 })
  }
  return found
}

async function costOf(log: Log, pipeline: Pipeline, path: string): Promise<Cost> {
  const before = await extentsOf(log)
  const start = process.cpuUsage()
  const { delivery } = await pipeline.ingest({ path, survey: SURVEY })
  await pipeline.idle()
  const { user, system } = process.cpuUsage(start)
  const after = await extentsOf(log)
  const rows = Number(delivery.rowCount)
  const perRow = (of: (extent: Extent) => number) =>
    Object.fromEntries(
      [...after].flatMap(([name, extent]) => {
        const known = before.get(name)
        const grown = of(extent) - (known === undefined ? 0 : of(known))
        return grown === 0 ? [] : [[name, Number((grown / rows).toPrecision(3))]]
      }),
    )
  return {
    rows,
    cpuMicrosecondsPerRow: Math.round((user + system) / rows),
    recordsPerRow: perRow(({ records }) => records),
    bytesPerRow: perRow(({ sizeBytes }) => sizeBytes),
  }
}

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    folder: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
  },
})
const folder = await mkdtemp(join(flags.folder, 'birthline-repeat-'))
try {
  const plan = { starCount: Number(flags.rows), starsPerDeg2: 20_000, seed: 3, surveys: [SURVEY] as const }
  const [first] = await writeSampleSurveys(folder, plan)
  const [header, ...rows] = (await readFile(first.path, 'utf8')).trimEnd().split('\n')
  // Other bytes: the same file again would not be read at all.
  const again = join(folder, 'again.csv')
  await writeFile(again, [header, ...rows.reverse(), ''].join('\n'))
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'log') })
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 1n })
  const costs = [await costOf(log, pipeline, first.path), await costOf(log, pipeline, again)]
  const tally = await readTally(log, 2n)
  await pipeline.stop()
  await log.close()
  const report = {
    command: describeCommand(),
    machine: describeMachine(),
    unchanged: Number(tally.unchangedCount),
    costs,
  }
  if (flags.json) console.log(JSON.stringify(report))
  else {
    console.log(renderMachine(report.machine))
    console.log(`${report.command}: of ${costs[1].rows} rows again ${report.unchanged} were unchanged.`)
    for (const [i, name] of ['First', 'Again'].entries()) {
      const { cpuMicrosecondsPerRow, recordsPerRow, bytesPerRow } = costs[i]
      console.log(
        `${name}, a row: ${cpuMicrosecondsPerRow} us of processor, records ${JSON.stringify(recordsPerRow)}, bytes ${JSON.stringify(bytesPerRow)}`,
      )
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
