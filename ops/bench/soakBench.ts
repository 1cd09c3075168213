// How much memory the pipeline takes while a long table streams through fusion and its consumers are slow.
// node dist/ops/bench/soakBench.js [--rows 1000000] [--density 20000] [--stall 10] [--folder DIR] [--json]
// With --minutes 60 the model stays behind all that time, the source stands before a full pipeline, a subscriber reads nothing at all, and
// the slope of the memory is told. With --kafka the log is on a broker of its own, whose memory is not counted.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startPipeline } from '../../actors/index.ts'
import type { PosteriorModel } from '../../models/index.ts'
import { type Log, openLog } from '../../streams/index.ts'
import { startBroker } from '../kafka/kafkaBroker.ts'
import { openPosteriorModel } from './closedFormModel.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { type MemorySample, type MemoryTrend, memoryTrend } from './memoryTrend.ts'
import { type ProcessMemory, readProcessMemory } from './processMemory.ts'
import { writeSampleSurveys } from './sampleSurveys.ts'

/**
 * Of the process, all threads together. Pages of the log's file that it has mapped are counted apart: they are the
 * system's cache, which it takes back when something else needs the memory.
 */
const MOST_MIB = 1024
const SAMPLE_MS = 200
/** When it is a slope that is looked for. */
const TREND_SAMPLE_MS = 2000
/** What the model answers while the source must always wait for it, and rows that are surely more than it gets to. */
const STARS_PER_SECOND = 80
const SPARE_ROWS = 60_000
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
    minutes: { type: 'string' },
    kafka: { type: 'boolean', default: false },
    density: { type: 'string', default: '20000' },
    stall: { type: 'string', default: '10' },
    folder: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
  },
})

/** Answers nothing for a while, again and again for as long as it answered before, so that work piles up before it. */
async function stallingModel(stallMs: number, starsPerSecond: number): Promise<PosteriorModel> {
  const model = await openPosteriorModel()
  const startMs = performance.now()
  let turn: Promise<void> = Promise.resolve()
  return {
    ...model,
    async infer(stars, options) {
      const phaseMs = (performance.now() - startMs) % (2 * stallMs)
      if (phaseMs < stallMs) await sleep(stallMs - phaseMs)
      // All partitions wait for one another, as if one thread drew.
      turn = turn.then(() => sleep((1000 * stars.length) / starsPerSecond))
      await turn
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

/** A subscriber that takes one batch and never asks again. */
async function freeze(log: Log, signal: AbortSignal): Promise<void> {
  const reader = log.openReader({ topics: ['posteriors'], maxRecords: SUBSCRIBER_RECORDS })
  await reader.next(signal)
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  await reader.close()
}

function memoryNow(): ProcessMemory {
  const residentMiB = process.memoryUsage.rss() / 2 ** 20
  return readProcessMemory('self') ?? { residentMiB, ownMiB: residentMiB }
}

function renderTrend({ slopeMiBPerHour, lowMiBPerHour, highMiBPerHour, points }: MemoryTrend): string {
  const slopes = [slopeMiBPerHour, lowMiBPerHour, highMiBPerHour].map(slope => slope.toFixed(1))
  const ends = [points[0], points[points.length - 1]].map(({ sizeMiB }) => sizeMiB.toFixed(0))
  return `After the first quarter memory went from ${ends[0]} to ${ends[1]} MiB: ${slopes[0]} MiB an hour [${slopes[1]}, ${slopes[2]}].`
}

const minutes = flags.minutes === undefined ? null : Number(flags.minutes)
const rows = minutes === null ? Number(flags.rows) : Math.ceil(60 * minutes * STARS_PER_SECOND) + SPARE_ROWS
const folder = await mkdtemp(join(flags.folder, 'birthline-soak-'))
const broker = flags.kafka ? await startBroker({ folder: join(folder, 'broker') }) : null
try {
  const [table] = await writeSampleSurveys(folder, {
    starCount: rows,
    starsPerDeg2: Number(flags.density),
    seed: 5,
    surveys: ['gaiaDr3'],
  })
  const log =
    broker === null
      ? await openLog({ kind: 'embedded', folder: join(folder, 'log') })
      : await openLog({ kind: 'kafka', brokers: broker.addresses, stateFolder: join(folder, 'state') })
  const speed = minutes === null ? Number.POSITIVE_INFINITY : STARS_PER_SECOND
  const model = await stallingModel(Number(flags.stall) * 1000, speed)
  const pipeline = startPipeline({ log, model, sampleCount: 16, seed: 1n })
  const peak: Peak = { residentMiB: 0, ownMiB: 0 }
  const samples: MemorySample[] = []
  const mostBehind = new Map<string, number>()
  const startMs = performance.now()
  const sampling = setInterval(
    async () => {
      const { residentMiB, ownMiB } = memoryNow()
      peak.residentMiB = Math.max(peak.residentMiB, residentMiB)
      peak.ownMiB = Math.max(peak.ownMiB, ownMiB)
      samples.push({ minutes: (performance.now() - startMs) / 60_000, sizeMiB: ownMiB })
      for (const { name, lag } of await pipeline.status())
        mostBehind.set(name, Math.max(mostBehind.get(name) ?? 0, lag))
    },
    minutes === null ? SAMPLE_MS : TREND_SAMPLE_MS,
  )
  const telling = setInterval(async () => {
    const stages = await pipeline.status()
    const line = stages.map(({ name, consumed, lag }) => `${name} ${consumed} (+${lag})`).join(', ')
    console.error(
      `${Math.round((performance.now() - startMs) / 1000)} s, ${Math.round(samples.at(-1)?.sizeMiB ?? 0)} MiB own, at most ${Math.round(peak.ownMiB)} (${Math.round(peak.residentMiB)} resident): ${line}`,
    )
  }, 10_000)
  const over = new AbortController()
  const subscribers = Promise.all([dawdle(log, over.signal), freeze(log, over.signal)])
  const enough = new AbortController()
  const timer = minutes === null ? null : setTimeout(() => enough.abort(), minutes * 60_000)
  await pipeline.ingest({ path: table.path, survey: table.survey }, enough.signal)
  if (timer === null) await pipeline.idle()
  else if (!enough.signal.aborted) throw new Error('soakBench: the model was quicker than the source')
  const seconds = (performance.now() - startMs) / 1000
  over.abort()
  const [read] = await subscribers
  clearInterval(sampling)
  clearInterval(telling)
  const stages = await pipeline.status()
  await pipeline.stop()
  await log.close()
  const trend = minutes === null ? null : memoryTrend(samples)
  const consumed = Object.fromEntries(stages.map(({ name, consumed }) => [name, consumed]))
  const taken = minutes === null ? rows : consumed.ingest
  const report = {
    command: describeCommand(),
    machine: describeMachine(),
    rows: taken,
    seconds,
    rowsPerSecond: taken / seconds,
    consumed,
    /** Records that waited for a stage, at the most. */
    mostBehind: Object.fromEntries(mostBehind),
    readBySubscriber: read,
    peakResidentMiB: peak.residentMiB,
    peakOwnMiB: peak.ownMiB,
    mostMiB: MOST_MIB,
    trend,
  }
  if (flags.json) console.log(JSON.stringify(report))
  else {
    console.log(renderMachine(report.machine))
    console.log(
      `${taken} rows in ${seconds.toFixed(0)} s (${report.rowsPerSecond.toFixed(0)} a second); a subscriber read ${read} posteriors meanwhile. At most ${mostBehind.get('infer')} stars waited for the stalling model.`,
    )
    console.log(
      `Peak memory ${peak.ownMiB.toFixed(0)} MiB, and ${peak.residentMiB.toFixed(0)} with the mapped pages of files; at most ${MOST_MIB} are wanted.`,
    )
    if (trend !== null) console.log(renderTrend(trend))
  }
  if (peak.ownMiB > MOST_MIB) process.exitCode = 1
} finally {
  await broker?.stop()
  await rm(folder, { recursive: true, force: true })
}
