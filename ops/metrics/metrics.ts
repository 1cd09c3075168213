// Numbers for Prometheus: what stands in the log, how far each stage is behind, what the stages say, how the process fares.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { groupProgress } from '../../actors/index.ts'
import { type Log, topics } from '../../streams/index.ts'
import { type ConsumerGroup, measureLatency } from './latencyMetrics.ts'
import { countProbes } from './probeMetrics.ts'
import { countStages } from './stageMetrics.ts'

export interface Metrics {
  readonly contentType: string
  render(): Promise<string>
  /** Stops listening. */
  close(): void
}

/** Rates are means since the reading before, but at least over this time. */
const MIN_RATE_MS = 1000

export interface MetricsOptions {
  readonly version: string
  /** Told in every series, where several processes share a log; `null` leaves that to whoever collects them. */
  readonly process: string | null
}

/** @param nowMs a clock that never goes back */
export function createMetrics(
  log: Log,
  groups: readonly ConsumerGroup[],
  nowMs: () => number,
  { version, process }: MetricsOptions = { version: '', process: null },
): Metrics {
  const registry = new Registry()
  if (process !== null) registry.setDefaultLabels({ process })
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'birthline_build_info',
    help: '1, labelled with the version of birthline',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
  const stops = [countStages(registry), countProbes(registry), measureLatency(registry, groups, nowMs)]
  const measureTopics = createTopicGauges(registry, log, nowMs)
  const measureLag = createLagGauge(registry, log, groups)
  return {
    contentType: registry.contentType,
    async render() {
      await measureTopics()
      await measureLag()
      return registry.metrics()
    },
    close() {
      for (const stop of stops) stop()
    },
  }
}

function createTopicGauges(registry: Registry, log: Log, nowMs: () => number): () => Promise<void> {
  const registers = [registry]
  const labelNames = ['topic'] as const
  const total = new Counter({
    name: 'birthline_topic_offsets_total',
    help: 'Offsets ever given in a topic: to records, and on Kafka to the ends of transactions',
    labelNames,
    registers,
  })
  const rate = new Gauge({
    name: 'birthline_topic_offsets_per_second',
    help: 'Offsets given in a topic in a second, since the reading before',
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
    name: 'birthline_group_lag_offsets',
    help: 'Offsets between the end of a topic and where a stage is',
    labelNames: ['group', 'topic'],
    registers: [registry],
  })
  return async () => {
    for (const { group, topics: read } of groups) {
      const { lags } = await groupProgress(log, group, read)
      for (const [topic, offsets] of lags) lag.set({ group, topic }, offsets)
    }
  }
}
