// How much memory the pipeline takes while a long table streams through fusion and its consumers are slow.
// node dist/ops/bench/soakBench.js [--rows 1000000] [--density 20000] [--pause 20] [--folder DIR] [--json]
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startPipeline } from '../../actors/index.ts'
import type { PosteriorModel } from '../../models/index.ts'
import { type Log, openLog } from '../../streams/index.ts'
import { openPosteriorModel } from './closedFormModel.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { writeSampleSurveys } from './sampleSurveys.ts'

/**
 * Of the process, all threads together. Pages of the log's file that it has mapped are counted apart: they are the
 * system's cache, given back when something else needs the memory. In a control group that allows no more than this,
 * cache included, the bench runs as well: systemd-run --scope -p MemoryMax=1G node dist/ops/bench/soakBench.js
 */
const MOST_MIB = 1024
const SAMPLE_MS = 200
const SUBSCRIBER_PAUSE_MS = 500

interface Peak {
  residentMiB: number
  /** Without pages of files, which the system takes back when it needs them. */
  ownMiB: number
}

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    density: { type: 'string', default: '20000' },
    pause: { type: 'string', default: '20' },
    folder: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
  },
})

/** Answers late, so that work piles up in front of it. */
async function slowModel(pauseMs: number): Promise<PosteriorModel> {
  const model = await openPosteriorModel()
  return {
    ...model,
    async infer(stars, options) {
      await sleep(pauseMs)
      return model.infer(stars, options)
    },
  }
}

/** A subscriber that never keeps up. */
async function dawdle(log: Log, signal: AbortSignal): Promise<number> {
  const reader = log.openReader({ topics: ['posteriors'] })
  let read = 0
  for (let batch = await reader.next(signal); batch !== null; batch = await reader.next(signal)) {
    read += batch.records.length
    await sleep(SUBSCRIBER_PAUSE_MS, undefined, { signal }).catch(() => undefined)
  }
  await reader.close()
  return read
}

function noteMemory(peak: Peak): void {
  const status = readStatus()
  peak.residentMiB = Math.max(peak.residentMiB, status('VmRSS') ?? process.memoryUsage.rss() / 2 ** 20)
  peak.ownMiB = Math.max(peak.ownMiB, status('RssAnon') ?? process.memoryUsage.rss() / 2 ** 20)
}

/** Of this process, in MiB; `null` where the system does not tell. */
function readStatus(): (field: string) => number | null {
  let text = ''
  try {
    text = readFileSync('/proc/self/status', 'utf8')
  } catch {
    return () => null
  }
  return field => {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)
    return match === null ? null : Number(match[1]) / 1024
  }
}

const rows = Number(flags.rows)
const folder = await mkdtemp(join(flags.folder, 'birthline-soak-'))
try {
  const [table] = await writeSampleSurveys(folder, {
    starCount: rows,
    starsPerDeg2: Number(flags.density),
    seed: 5,
    surveys: ['gaiaDr3'],
  })
  const log = await openLog({ kind: 'embedded', folder: join(folder, 'log') })
  const pipeline = startPipeline({ log, model: await slowModel(Number(flags.pause)), sampleCount: 16, seed: 1n })
  const peak: Peak = { residentMiB: 0, ownMiB: 0 }
  const sampling = setInterval(() => noteMemory(peak), SAMPLE_MS)
  const startMs = performance.now()
  const telling = setInterval(async () => {
    const stages = await pipeline.status()
    const line = stages.map(({ name, consumed, lag }) => `${name} ${consumed} (+${lag})`).join(', ')
    console.error(
      `${Math.round((performance.now() - startMs) / 1000)} s, ${Math.round(peak.residentMiB)} MiB (${Math.round(peak.ownMiB)} own): ${line}`,
    )
  }, 10_000)
  const over = new AbortController()
  const subscriber = dawdle(log, over.signal)
  await pipeline.ingest({ path: table.path, survey: table.survey })
  await pipeline.idle()
  const seconds = (performance.now() - startMs) / 1000
  over.abort()
  const read = await subscriber
  clearInterval(sampling)
  clearInterval(telling)
  const stages = await pipeline.status()
  await pipeline.stop()
  await log.close()
  const report = {
    command: describeCommand(),
    machine: describeMachine(),
    rows,
    seconds,
    rowsPerSecond: rows / seconds,
    consumed: Object.fromEntries(stages.map(({ name, consumed }) => [name, consumed])),
    readBySubscriber: read,
    peakResidentMiB: peak.residentMiB,
    peakOwnMiB: peak.ownMiB,
    mostMiB: MOST_MIB,
  }
  if (flags.json) console.log(JSON.stringify(report))
  else {
    console.log(renderMachine(report.machine))
    console.log(
      `${rows} rows in ${seconds.toFixed(0)} s (${report.rowsPerSecond.toFixed(0)} a second); a subscriber read ${read} meanwhile.`,
    )
    console.log(
      `Peak memory ${peak.ownMiB.toFixed(0)} MiB, and ${peak.residentMiB.toFixed(0)} with the mapped pages of files; at most ${MOST_MIB} are wanted.`,
    )
  }
  if (peak.ownMiB > MOST_MIB) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
