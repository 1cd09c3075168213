// How much memory the pipeline takes while a long table streams through fusion and its consumers are slow.
// node dist/ops/bench/soakBench.js [--rows 1000000] [--density 20000] [--stall 10] [--folder DIR] [--json]
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
 * system's cache, which it takes back when something else needs the memory.
 */
const MOST_MIB = 1024
const SAMPLE_MS = 200
/** A hundred records a second, of a stream several times as fast. */
const SUBSCRIBER_PAUSE_MS = 500
const SUBSCRIBER_RECORDS = 50

interface Peak {
  residentMiB: number
  /** Without pages of files, which the system takes back when it needs them. */
  ownMiB: number
}

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    density: { type: 'string', default: '20000' },
    stall: { type: 'string', default: '10' },
    folder: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
  },
})

/** Answers nothing for a while, again and again for as long as it answered before, so that work piles up before it. */
async function stallingModel(stallMs: number): Promise<PosteriorModel> {
  const model = await openPosteriorModel()
  const startMs = performance.now()
  return {
    ...model,
    async infer(stars, options) {
      const phaseMs = (performance.now() - startMs) % (2 * stallMs)
      if (phaseMs < stallMs) await sleep(stallMs - phaseMs)
      return model.infer(stars, options)
    },
  }
}

/** A subscriber that never keeps up. */
async function dawdle(log: Log, signal: AbortSignal): Promise<number> {
  const reader = log.openReader({ topics: ['posteriors'], maxRecords: SUBSCRIBER_RECORDS })
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
  const pipeline = startPipeline({
    log,
    model: await stallingModel(Number(flags.stall) * 1000),
    sampleCount: 16,
    seed: 1n,
  })
  const peak: Peak = { residentMiB: 0, ownMiB: 0 }
  const mostBehind = new Map<string, number>()
  const sampling = setInterval(async () => {
    noteMemory(peak)
    for (const { name, lag } of await pipeline.status()) mostBehind.set(name, Math.max(mostBehind.get(name) ?? 0, lag))
  }, SAMPLE_MS)
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
    /** Records that waited for a stage, at the most. */
    mostBehind: Object.fromEntries(mostBehind),
    readBySubscriber: read,
    peakResidentMiB: peak.residentMiB,
    peakOwnMiB: peak.ownMiB,
    mostMiB: MOST_MIB,
  }
  if (flags.json) console.log(JSON.stringify(report))
  else {
    console.log(renderMachine(report.machine))
    console.log(
      `${rows} rows in ${seconds.toFixed(0)} s (${report.rowsPerSecond.toFixed(0)} a second); a subscriber read ${read} posteriors meanwhile. At most ${mostBehind.get('infer')} stars waited for the stalling model.`,
    )
    console.log(
      `Peak memory ${peak.ownMiB.toFixed(0)} MiB, and ${peak.residentMiB.toFixed(0)} with the mapped pages of files; at most ${MOST_MIB} are wanted.`,
    )
  }
  if (peak.ownMiB > MOST_MIB) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
