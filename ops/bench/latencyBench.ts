// How long a new record of a known star takes to become a posterior that a subscriber can read, at half of the largest load.
// node dist/ops/bench/latencyBench.js [--json] [--kafka] [--events 1000] [--saturate 500] [--rate R] [--samples 256]
//   [--workers 2] [--folder DIR]. --rate skips finding the largest load and sends as many records a second.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openInferPool, type Pipeline, startPipeline } from '../../actors/index.ts'
import { subscribe } from '../../schemas/index.ts'
import { type Log, type LogConfig, openLog } from '../../streams/index.ts'
import { type Broker, startBroker } from '../kafka/kafkaBroker.ts'
import { arrivalTimesMs, type KnownStars, makeKnownStars } from './arrivals.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { quantile } from './statistics.ts'

const WANTED_MS = { embedded: { median: 150, p99: 500 }, kafka: { median: null, p99: 800 } } as const
/** Share of the largest load at which records are sent. */
const LOAD = 0.5
/** Records that come first, while caches and queues settle, and are not counted. */
const SETTLING = 0.05
const SEED = 5

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    kafka: { type: 'boolean', default: false },
    events: { type: 'string', default: '1000' },
    saturate: { type: 'string', default: '500' },
    rate: { type: 'string' },
    samples: { type: 'string', default: '256' },
    workers: { type: 'string', default: '2' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const [events, saturating, sampleCount, threads] = [flags.events, flags.saturate, flags.samples, flags.workers].map(
  Number,
)

type News = KnownStars['news']

/** Hears of posteriors as they can be read, by star. */
class Subscriber {
  readonly #seenMs = new Map<string, number>()
  readonly #stop = new AbortController()
  readonly #reading: Promise<void>
  #news = () => {}

  constructor(log: Log, topic: string) {
    this.#reading = this.#read(log, topic)
  }

  /** When the posterior of a star was first read. */
  seenMs(starId: string): number | undefined {
    return this.#seenMs.get(starId)
  }

  async awaitAll(news: News): Promise<void> {
    for (const { starId } of news) {
      while (!this.#seenMs.has(starId)) {
        await new Promise<void>(resolve => {
          this.#news = resolve
        })
      }
    }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#reading
  }

  async #read(log: Log, topic: string): Promise<void> {
    const reader = log.openReader({ topics: [topic], from: 'latest' })
    for (;;) {
      const batch = await reader.next(this.#stop.signal)
      if (batch === null) break
      const nowMs = performance.now()
      for (const { key, value } of batch.records) {
        if (key !== null && value !== null && !this.#seenMs.has(key)) this.#seenMs.set(key, nowMs)
      }
      this.#news()
    }
    await reader.close()
  }
}

/** Records a second that the pipeline can do when all of them wait. */
async function findLargestLoad(log: Log, subscriber: Subscriber, news: News): Promise<number> {
  const startMs = performance.now()
  await log.transact({ outputs: news.map(({ output }) => output) })
  await subscriber.awaitAll(news)
  return (news.length * 1000) / (performance.now() - startMs)
}

/** Sends each record at its time, whatever became of those before; returns when each was in the log. */
async function sendPaced(log: Log, news: News, timesMs: Float64Array): Promise<readonly number[]> {
  const startMs = performance.now()
  const appended: Promise<number>[] = []
  for (let i = 0; i < news.length; i++) {
    const waitMs = startMs + timesMs[i] - performance.now()
    if (waitMs > 0) await sleep(waitMs)
    appended.push(log.transact({ outputs: [news[i].output] }).then(() => performance.now()))
  }
  return Promise.all(appended)
}

/** Medians over batches, by actor. */
function watchStages(): () => object {
  const times = new Map<string, { consumed: number[]; readMs: number[]; stepMs: number[]; commitMs: number[] }>()
  const stop = subscribe('batch', ({ actor, consumed, readMs, stepMs, commitMs }) => {
    const stage = times.get(actor) ?? { consumed: [], readMs: [], stepMs: [], commitMs: [] }
    times.set(actor, stage)
    stage.consumed.push(consumed)
    stage.readMs.push(readMs)
    stage.stepMs.push(stepMs)
    stage.commitMs.push(commitMs)
  })
  return () => {
    stop()
    const summary = (values: readonly number[]) => ({ p50: quantile(values, 0.5), p99: quantile(values, 0.99) })
    return Object.fromEntries(
      [...times].map(([actor, stage]) => [
        actor,
        Object.fromEntries(Object.entries(stage).map(([name, values]) => [name, summary(values)])),
      ]),
    )
  }
}

const summarize = (latenciesMs: readonly number[]) => ({
  p50: quantile(latenciesMs, 0.5),
  p90: quantile(latenciesMs, 0.9),
  p99: quantile(latenciesMs, 0.99),
  max: quantile(latenciesMs, 1),
})

const folder = mkdtempSync(join(flags.folder, 'birthline-bench-'))
const model = await openInferPool({ checkpointFolder: null, threads })
let broker: Broker | null = null
let log: Log | null = null
let pipeline: Pipeline | null = null
try {
  if (flags.kafka) broker = await startBroker()
  const config: LogConfig =
    broker === null
      ? { kind: 'embedded', folder: join(folder, 'log') }
      : { kind: 'kafka', brokers: broker.addresses, prefix: 'bench.', stateFolder: join(folder, 'state') }
  log = await openLog(config)
  pipeline = startPipeline({ log, model, sampleCount, seed: 1n })
  const { table, news } = await makeKnownStars(folder, events + saturating, SEED)
  await pipeline.ingest(table)
  await pipeline.idle()
  const subscriber = new Subscriber(log, 'posteriors')
  const newest = new Subscriber(log, 'latest-posteriors')
  // Long enough for both to know where they begin.
  await sleep(1000)
  const largestPerSecond =
    flags.rate === undefined ? await findLargestLoad(log, subscriber, news.slice(0, saturating)) : null
  await pipeline.idle()
  const perSecond = largestPerSecond === null ? Number(flags.rate) : largestPerSecond * LOAD
  const paced = news.slice(saturating)
  const stages = watchStages()
  const appendedMs = await sendPaced(log, paced, arrivalTimesMs(events, perSecond, SEED))
  await Promise.all([subscriber.awaitAll(paced), newest.awaitAll(paced)])
  const perStage = stages()
  const settled = Math.ceil(SETTLING * events)
  const latencies = (seen: Subscriber) =>
    paced.map(({ starId }, i) => (seen.seenMs(starId) ?? Number.NaN) - appendedMs[i]).slice(settled)
  const latencyMs = summarize(latencies(subscriber))
  const newestMs = summarize(latencies(newest))
  await subscriber.close()
  await newest.close()
  const wantedMs = WANTED_MS[flags.kafka ? 'kafka' : 'embedded']
  const isReached = latencyMs.p99 <= wantedMs.p99 && (wantedMs.median === null || latencyMs.p50 <= wantedMs.median)
  const machine = describeMachine()
  if (flags.json) {
    const setting = { command: describeCommand(), machine, events, sampleCount, threads, largestPerSecond, perSecond }
    const report = { ...setting, latencyMs, newestMs, wantedMs, isReached, perStage }
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  } else {
    const line = (what: string, { p50, p90, p99, max }: typeof latencyMs) =>
      `${what}: median ${p50.toFixed(0)} ms, 90% ${p90.toFixed(0)} ms, 99% ${p99.toFixed(0)} ms, longest ${max.toFixed(0)} ms`
    const wanted = `${wantedMs.median === null ? '' : `median ${wantedMs.median} ms, `}99% ${wantedMs.p99} ms`
    const largest =
      largestPerSecond === null ? 'given' : `half of the largest load, ${largestPerSecond.toFixed(1)} records/s`
    const lines = [
      describeCommand(),
      renderMachine(machine),
      `${events} records of known stars at ${perSecond.toFixed(1)} records/s (${largest}), ${sampleCount} samples, ${threads} workers`,
      line('from the log to a posterior that is read', latencyMs),
      line('to the newest of each star', newestMs),
      `wanted: ${wanted}; ${isReached ? 'reached' : 'missed'}`,
      JSON.stringify(perStage, (_, value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value)),
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
  }
} finally {
  await pipeline?.stop()
  await log?.close()
  await broker?.stop()
  await model.close()
  rmSync(folder, { recursive: true, force: true })
}
