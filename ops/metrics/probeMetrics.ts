// How the probes fare that this process sends.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { subscribe } from '../../schemas/index.ts'
import { LATENCY_BUCKETS_S } from './latencyMetrics.ts'

/** Listens until the returned function is called. */
export function countProbes(registry: Registry): () => void {
  const registers = [registry]
  const latency = new Histogram({
    name: 'birthline_probe_latency_seconds',
    help: 'Time from the row of a probe star in the log to its published posterior',
    buckets: LATENCY_BUCKETS_S,
    registers,
  })
  const probes = new Counter({
    name: 'birthline_probes_total',
    help: 'Probe stars by what became of them: right, wrong, late (right, after more than 5 s) or lost',
    labelNames: ['outcome'],
    registers,
  })
  const waiting = new Gauge({
    name: 'birthline_probe_waiting_seconds',
    help: 'How long the oldest probe star has been under way; 0 where none is',
    registers,
  })
  const stops = [
    subscribe('probe', ({ outcome, latencyMs }) => {
      probes.inc({ outcome })
      if (latencyMs !== null) latency.observe(latencyMs / 1000)
    }),
    subscribe('probeWait', ({ waitMs }) => waiting.set(waitMs / 1000)),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
