// How long it took from a row in the log to the published posterior of its star.
import { Counter, Histogram, type Registry } from 'prom-client'
import { subscribe } from '../../schemas/index.ts'
import { ArrivalTimes } from './arrivalTimes.ts'

/** A consumer group and the topics it reads. */
export interface ConsumerGroup {
  readonly group: string
  readonly topics: readonly string[]
}

/** Probes are measured by whoever sends them. */
const PROBES = 'probe-posteriors'
/** Close together where the promises lie: 150, 500 and 800 ms. */
export const LATENCY_BUCKETS_S = [0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 0.8, 1.5, 3, 10, 30, 120, 600, 3600]

/** Listens until the returned function is called. @param groups in the order of the walk: the last one publishes */
export function measureLatency(registry: Registry, groups: readonly ConsumerGroup[], nowMs: () => number): () => void {
  const latency = new Histogram({
    name: 'birthline_posterior_latency_seconds',
    help: 'Time from a row in the log to the published posterior of its star, where both happened in this process',
    buckets: LATENCY_BUCKETS_S,
    registers: [registry],
  })
  const unmeasured = new Counter({
    name: 'birthline_posteriors_unmeasured_total',
    help: 'Published posteriors whose row came before this process began, or by another one',
    registers: [registry],
  })
  const times = new ArrivalTimes(groups.flatMap(({ topics }) => topics))
  const publisher = groups.at(-1)?.group
  const stops = [
    subscribe('arrival', ({ records }) => times.arrived(records, nowMs())),
    subscribe('moves', ({ actor, moves }) => {
      const atMs = nowMs()
      for (const move of moves) {
        const arrivedMs = times.moved(move)
        if (actor !== publisher || move.from.value === null || move.from.topic === PROBES) continue
        if (arrivedMs === null) unmeasured.inc()
        else latency.observe((atMs - arrivedMs) / 1000)
      }
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
