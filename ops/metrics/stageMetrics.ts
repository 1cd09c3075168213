// What the lower rooms say on their channels, counted by stage.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { decode, isFusionError, type PlacedRecord, subscribe } from '../../schemas/index.ts'

/** Listens until the returned function is called. */
export function countStages(registry: Registry): () => void {
  const stops = [
    ...countBatches(registry),
    ...countWaiting(registry),
    ...countTroubles(registry),
    countAnswers(registry),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function countBatches(registry: Registry): (() => void)[] {
  const registers = [registry]
  const records = new Counter({
    name: 'birthline_stage_records_total',
    help: 'Records a stage consumed, emitted and refused',
    labelNames: ['stage', 'kind'],
    registers,
  })
  const sizes = new Histogram({
    name: 'birthline_stage_batch_records',
    help: 'Records in a batch that was committed',
    labelNames: ['stage'],
    buckets: [1, 4, 16, 64, 250, 1000, 4000],
    registers,
  })
  const batches = new Histogram({
    name: 'birthline_stage_batch_seconds',
    help: 'Time from a batch to its commit',
    labelNames: ['stage'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  const steps = new Histogram({
    name: 'birthline_stage_step_seconds',
    help: 'Time of a batch by what it went to: read (workers included), step (with its state), commit',
    labelNames: ['stage', 'step'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  const lastCommit = new Gauge({
    name: 'birthline_stage_last_commit_timestamp_seconds',
    help: 'When a stage last committed, in seconds since 1970',
    labelNames: ['stage'],
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
  return [
    subscribe('batch', ({ actor: stage, consumed, emitted, refused, readMs, stepMs, commitMs, durationMs }) => {
      records.inc({ stage, kind: 'consumed' }, consumed)
      records.inc({ stage, kind: 'emitted' }, emitted)
      records.inc({ stage, kind: 'refused' }, refused)
      sizes.observe({ stage }, consumed)
      batches.observe({ stage }, durationMs / 1000)
      steps.observe({ stage, step: 'read' }, readMs / 1000)
      steps.observe({ stage, step: 'step' }, stepMs / 1000)
      steps.observe({ stage, step: 'commit' }, commitMs / 1000)
      lastCommit.setToCurrentTime({ stage })
    }),
    subscribe('inference', ({ stars: count, durationMs }) => {
      stars.inc(count)
      seconds.inc(durationMs / 1000)
    }),
  ]
}

function countWaiting(registry: Registry): (() => void)[] {
  const registers = [registry]
  const mailboxes = new Gauge({
    name: 'birthline_stage_mailbox_batches',
    help: 'Batches that wait behind those a stage is working on',
    labelNames: ['stage', 'lane'],
    registers,
  })
  const paused = new Gauge({
    name: 'birthline_stage_source_paused',
    help: '1 while a full mailbox makes its source wait',
    labelNames: ['stage'],
    registers,
  })
  const pool = new Gauge({
    name: 'birthline_pool_chunks',
    help: 'Chunks of stars that workers have before them (running), and that wait for a place there (waiting)',
    labelNames: ['state'],
    registers,
  })
  const delivery = new Gauge({
    name: 'birthline_delivery_read_ratio',
    help: 'How much of the file that is being taken in was read, from 0 to 1; absent where no file is',
    labelNames: ['file'],
    registers,
  })
  return [
    subscribe('mailbox', ({ actor: stage, lane, depth, isPaused }) => {
      mailboxes.set({ stage, lane }, depth)
      paused.set({ stage }, isPaused ? 1 : 0)
    }),
    subscribe('pool', ({ running, waiting }) => {
      pool.set({ state: 'running' }, running)
      pool.set({ state: 'waiting' }, waiting)
    }),
    subscribe('progress', ({ what, done, total }) => {
      // One file is read at a time: what was said of the one before is over.
      delivery.reset()
      if (total !== null && total > 0 && done < total) delivery.set({ file: what }, done / total)
    }),
  ]
}

function countTroubles(registry: Registry): (() => void)[] {
  const registers = [registry]
  const failures = new Counter({
    name: 'birthline_stage_failures_total',
    help: 'Failures of a stage by error code and what its supervisor decided',
    labelNames: ['stage', 'code', 'decision'],
    registers,
  })
  const abandoned = new Counter({
    name: 'birthline_stage_abandoned_batches_total',
    help: 'Batches that came to nothing and are read again, by error code',
    labelNames: ['stage', 'code'],
    registers,
  })
  const letters = new Counter({
    name: 'birthline_dead_letters_total',
    help: 'Records that were refused, by error code',
    labelNames: ['stage', 'code'],
    registers,
  })
  const gaps = new Counter({
    name: 'birthline_gaps_total',
    help: 'Heartbeats or records that were found missing, by the kind of gap',
    labelNames: ['kind'],
    registers,
  })
  const countLetters = (stage: string, records: readonly PlacedRecord[]) => {
    for (const record of records) {
      if (record.topic === 'dead-letters') letters.inc({ stage, code: codeOf(record) })
    }
  }
  return [
    subscribe('failure', ({ actor: stage, code, decision }) => failures.inc({ stage, code, decision })),
    subscribe('gap', ({ kind, count }) => gaps.inc({ kind }, count)),
    subscribe('abandoned', ({ actor: stage, code }) => abandoned.inc({ stage, code })),
    subscribe('moves', ({ actor, moves }) => {
      for (const { to } of moves) countLetters(actor, to)
    }),
    subscribe('arrival', ({ records }) => countLetters('file', records)),
  ]
}

function countAnswers(registry: Registry): () => void {
  const requests = new Histogram({
    name: 'birthline_http_request_seconds',
    help: 'Time of HTTP requests by route and status; a subscription counts when it ends',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  return subscribe('answer', ({ route, status, durationMs }) =>
    requests.observe({ route, status: String(status) }, durationMs / 1000),
  )
}

function codeOf({ value }: PlacedRecord): string {
  if (value === null) return 'unknown'
  try {
    return decode('deadLetter', value).code
  } catch (error) {
    if (isFusionError(error)) return 'unknown'
    throw error
  }
}
