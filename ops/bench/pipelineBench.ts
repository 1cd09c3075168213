// Stars per second from a survey's table to committed posteriors, the real model drawing every sample.
// node dist/ops/bench/pipelineBench.js [--json] [--rounds 5] [--stars 500] [--samples 256] [--workers 2] [--folder DIR]
//   [--models shipped,CHECKPOINT] take turns; few stars are told by the time that graphs take to open and code to compile
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openInferPool, startPipeline } from '../../actors/index.ts'
import { openLog } from '../../streams/index.ts'
import {
  type Contender,
  describeCommand,
  describeMachine,
  readMemory,
  renderComparison,
  renderMachine,
  runInterleaved,
} from './harness.ts'
import { writeSampleSurveys } from './sampleSurveys.ts'

/** End to end, on two cores. */
const WANTED_PER_SECOND = 300

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    stars: { type: 'string', default: '500' },
    samples: { type: 'string', default: '256' },
    workers: { type: 'string', default: '2' },
    folder: { type: 'string', default: tmpdir() },
    models: { type: 'string', default: 'shipped' },
  },
})
const starCount = Number(flags.stars)
const sampleCount = Number(flags.samples)
const threads = Number(flags.workers)

const folder = mkdtempSync(join(flags.folder, 'birthline-bench-'))
const [table] = await writeSampleSurveys(folder, { starCount, starsPerDeg2: 2000, seed: 1, surveys: ['gaiaDr3'] })

interface Entrant {
  readonly name: string
  readonly model: Awaited<ReturnType<typeof openInferPool>>
  /** Of the whole pipeline: what a machine that does nothing else could do is told by this, even on a busy one. */
  readonly processor: { seconds: number; stars: number }
}
const entrants: Entrant[] = []
for (const name of flags.models.split(',')) {
  const model = await openInferPool({ checkpointFolder: name === 'shipped' ? null : name, threads })
  entrants.push({ name, model, processor: { seconds: 0, stars: 0 } })
}

/** A table to posteriors through all stages; opening log and workers is not counted, closing the log is not either. */
function wholePipeline({ name, model, processor }: Entrant): Contender {
  let round = 0
  let close = async () => {}
  let run = async () => 0
  return {
    name: `table to committed posteriors, model ${name}`,
    async prepare() {
      const log = await openLog({
        kind: 'embedded',
        folder: join(folder, `log-${entrants.findIndex(one => one.name === name)}-${round++}`),
      })
      const pipeline = startPipeline({ log, model, sampleCount, seed: 1n })
      close = async () => {
        await pipeline.stop()
        await log.close()
      }
      run = async () => {
        const before = process.cpuUsage()
        await pipeline.ingest(table)
        await pipeline.idle()
        const { user, system } = process.cpuUsage(before)
        const extents = await log.extents('posteriors')
        const stars = extents.reduce((sum, { end }) => sum + end, 0)
        processor.seconds += (user + system) / 1e6
        processor.stars += stars
        return stars
      }
    },
    run: () => run(),
    finish: () => close(),
  }
}

/** The same work for the workers and nothing else: what remains to be gained outside them. */
function workersAlone({ name, model }: Entrant): Contender {
  const given = [
    { quantity: 'parallaxMas', value: 2.5, err: 0.03, isLimit: false },
    { quantity: 'gMag', value: 14, err: 0.003, isLimit: false },
    { quantity: 'bpMag', value: 14.6, err: 0.004, isLimit: false },
    { quantity: 'rpMag', value: 13.2, err: 0.004, isLimit: false },
  ]
  return {
    name: `workers alone, model ${name}`,
    async run() {
      const stars = Array.from({ length: starCount }, (_, i) => ({ key: `star-${i}`, given }))
      return (await model.infer(stars, { sampleCount, seed: 1n })).length
    },
  }
}

try {
  const contenders = [...entrants.map(wholePipeline), ...entrants.map(workersAlone)]
  const comparison = await runInterleaved(contenders, { unit: 'stars', rounds: Number(flags.rounds) })
  const machine = describeMachine()
  const memory = readMemory()
  const found = entrants.map(({ name, processor }, i) => ({
    model: name,
    starsPerSecond: comparison.results[i].median,
    starsPerCoreSecond: processor.stars / processor.seconds,
    isReached: comparison.results[i].median >= WANTED_PER_SECOND,
  }))
  if (flags.json) {
    const setting = { command: describeCommand(), machine, starCount, sampleCount, threads }
    const report = {
      ...setting,
      ...comparison,
      models: found,
      wantedPerSecond: WANTED_PER_SECOND,
      memory,
    }
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  } else {
    const lines = [
      describeCommand(),
      renderMachine(machine),
      `${starCount} stars, ${sampleCount} samples each, ${threads} workers`,
      renderComparison(comparison),
      ...found.map(
        ({ model, starsPerCoreSecond, isReached }) =>
          `${model}: a second of one core is worth ${starsPerCoreSecond.toFixed(1)} stars; wanted at least ${WANTED_PER_SECOND} stars/s, ${isReached ? 'reached' : 'missed'}`,
      ),
      `memory of its own ${memory.ownMiB} MiB, peak resident ${memory.peakResidentMiB} MiB, mapped file pages included`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
  }
} finally {
  for (const { model } of entrants) await model.close()
  rmSync(folder, { recursive: true, force: true })
}
