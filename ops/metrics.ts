// Numbers for Prometheus: what stands in the log, how far each stage is behind, what the stages say, how the process fares.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { subscribe } from '../schemas/index.ts'
import { type Log, topics } from '../streams/index.ts'

export interface Metrics {
  readonly contentType: string
  render(): Promise<string>
  /** Stops listening. */
  close(): void
}

/** A consumer group and the topics it reads. */
export interface ConsumerGroup {
  readonly group: string
  readonly topics: readonly string[]
}

/** Rates are means since the reading before, but at least over this time. */
const MIN_RATE_MS = 1000

/** @param nowMs a clock that never goes back */
export function createMetrics(log: Log, groups: readonly ConsumerGroup[], nowMs: () => number): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const stopListening = countStages(registry)
  const measureTopics = createTopicGauges(registry, log, nowMs)
  const measureLag = createLagGauge(registry, log, groups)
  return {
    contentType: registry.contentType,
    async render() {
      await measureTopics()
      await measureLag()
      return registry.metrics()
    },
    close: stopListening,
  }
}

/** What the lower rooms say on their channels. */
function countStages(registry: Registry): () => void {
  const registers = [registry]
  const records = new Counter({
    name: 'birthline_stage_records_total',
    help: 'Records a stage consumed, emitted and refused',
    labelNames: ['stage', 'kind'],
    registers,
  })
  const batches = new Histogram({
    name: 'birthline_stage_batch_seconds',
    help: 'Time from a batch to its commit',
    labelNames: ['stage'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  const paused = new Gauge({
    name: 'birthline_stage_source_paused',
    help: '1 while a full mailbox makes its source wait',
    labelNames: ['stage'],
    registers,
  })
  const failures = new Counter({
    name: 'birthline_stage_failures_total',
    help: 'Failures of a stage by error code and what its supervisor decided',
    labelNames: ['stage', 'code', 'decision'],
    registers,
  })
  const stars = new Counter({
    name: 'birthline_inferred_stars_total',
    help: 'Stars that workers answered for',
    registers,
  })
  const seconds = new Counter({
    name: 'birthline_inference_seconds_total',
    help: 'Time workers spent on them',
    registers,
  })
  const stops = [
    subscribe('batch', ({ actor: stage, consumed, emitted, refused, durationMs }) => {
      records.inc({ stage, kind: 'consumed' }, consumed)
      records.inc({ stage, kind: 'emitted' }, emitted)
      records.inc({ stage, kind: 'refused' }, refused)
      batches.observe({ stage }, durationMs / 1000)
    }),
    subscribe('mailbox', ({ actor: stage, isPaused }) => paused.set({ stage }, isPaused ? 1 : 0)),
    subscribe('failure', ({ actor: stage, code, decision }) => failures.inc({ stage, code, decision })),
    subscribe('inference', ({ stars: count, durationMs }) => {
      stars.inc(count)
      seconds.inc(durationMs / 1000)
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function createTopicGauges(registry: Registry, log: Log, nowMs: () => number): () => Promise<void> {
  const registers = [registry]
  const labelNames = ['topic'] as const
  const total = new Counter({
    name: 'birthline_topic_records_total',
    help: 'Records ever appended to a topic',
    labelNames,
    registers,
  })
  const rate = new Gauge({
    name: 'birthline_topic_records_per_second',
    help: 'Records appended to a topic in a second, since the reading before',
    labelNames,
    registers,
  })
  let before: ReadonlyMap<string, number> | null = null
  let beforeMs = nowMs()
  return async () => {
    const ends = new Map<string, number>()
    for (const { name } of topics) {
      const extents = await log.extents(name)
      ends.set(
        name,
        extents.reduce((sum, { end }) => sum + end, 0),
      )
    }
    total.reset()
    for (const [topic, end] of ends) total.inc({ topic }, end)
    const elapsedMs = nowMs() - beforeMs
    if (before !== null && elapsedMs < MIN_RATE_MS) return
    for (const [topic, end] of ends) {
      const grown = end - (before?.get(topic) ?? end)
      rate.set({ topic }, grown === 0 ? 0 : (1000 * grown) / elapsedMs)
    }
    before = ends
    beforeMs += elapsedMs
  }
}

function createLagGauge(registry: Registry, log: Log, groups: readonly ConsumerGroup[]): () => Promise<void> {
  const lag = new Gauge({
    name: 'birthline_group_lag_records',
    help: 'Records a stage has not consumed yet',
    labelNames: ['group', 'topic'],
    registers: [registry],
  })
  return async () => {
    for (const { group, topics: read } of groups) {
      for (const topic of read) lag.set({ group, topic }, await lagOf(log, group, topic))
    }
  }
}

/** Records of a topic that a group has not consumed yet. */
export async function lagOf(log: Log, group: string, topic: string): Promise<number> {
  const committed = await log.committed(group)
  const consumed = new Map(committed.filter(one => one.topic === topic).map(one => [one.partition, one.offset]))
  const extents = await log.extents(topic)
  return extents.reduce(
    (sum, { partition, first, end }) => sum + end - Math.max(first, consumed.get(partition) ?? 0),
    0,
  )
}
