// Numbers for Prometheus: what stands in the log, how far each group is behind, how the process fares.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { type Log, topics } from '../streams/index.ts'

export interface Metrics {
  readonly contentType: string
  render(): Promise<string>
}

/** Rates are means since the reading before, but at least over this time. */
const MIN_RATE_MS = 1000

/**
 * @param groups consumer groups whose lag is shown, with the topics each reads
 * @param nowMs a clock that never goes back
 */
export function createMetrics(
  log: Log,
  groups: readonly { readonly group: string; readonly topics: readonly string[] }[],
  nowMs: () => number,
): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const records = new Counter({
    name: 'birthline_topic_records_total',
    help: 'Records ever appended to a topic',
    labelNames: ['topic'],
    registers: [registry],
  })
  const rates = new Gauge({
    name: 'birthline_topic_records_per_second',
    help: 'Records appended to a topic in a second, since the reading before',
    labelNames: ['topic'],
    registers: [registry],
  })
  const lag = new Gauge({
    name: 'birthline_group_lag_records',
    help: 'Records a stage has not consumed yet',
    labelNames: ['group', 'topic'],
    registers: [registry],
  })
  let before: ReadonlyMap<string, number> | null = null
  let beforeMs = nowMs()

  async function collect(): Promise<void> {
    const ends = new Map<string, number>()
    for (const { name } of topics) {
      const extents = await log.extents(name)
      ends.set(
        name,
        extents.reduce((sum, { end }) => sum + end, 0),
      )
    }
    records.reset()
    for (const [topic, end] of ends) records.inc({ topic }, end)
    const elapsedMs = nowMs() - beforeMs
    if (before === null || elapsedMs >= MIN_RATE_MS) {
      for (const [topic, end] of ends) {
        const grown = end - (before?.get(topic) ?? end)
        rates.set({ topic }, grown === 0 ? 0 : (1000 * grown) / elapsedMs)
      }
      before = ends
      beforeMs += elapsedMs
    }
    for (const { group, topics: read } of groups) {
      const committed = await log.committed(group)
      for (const topic of read) {
        const consumed = new Map(committed.filter(one => one.topic === topic).map(one => [one.partition, one.offset]))
        const behind = (await log.extents(topic)).map(
          ({ partition, first, end }) => end - Math.max(first, consumed.get(partition) ?? 0),
        )
        lag.set(
          { group, topic },
          behind.reduce((sum, one) => sum + one, 0),
        )
      }
    }
  }

  return {
    contentType: registry.contentType,
    async render() {
      await collect()
      return registry.metrics()
    },
  }
}
