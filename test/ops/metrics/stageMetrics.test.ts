import { Registry } from 'prom-client'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createDeadLetter, deadLetterOutput } from '../../../actors/deadLetter.ts'
import { countStages } from '../../../ops/metrics/stageMetrics.ts'
import { type PlacedRecord, publish } from '../../../schemas/index.ts'

let registry: Registry
beforeEach(() => {
  registry = new Registry()
  onTestFinished(countStages(registry))
})

async function linesOf(name: string): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter(line => line.startsWith(name))
}

const letter = (code: 'VALUE_OUT_OF_RANGE' | 'SCHEMA_MISMATCH', offset: number): PlacedRecord => {
  const made = createDeadLetter({
    ...{ step: 'ingest', code, reason: 'It is wrong.', origin: 'a.csv row 1', topic: 'raw', key: null },
    bytes: new Uint8Array(),
  })
  const { key, value } = deadLetterOutput(made)
  return { topic: 'dead-letters', partition: 0, offset, key, value }
}

test('the time of a batch is told by what it went to, its size in records', async () => {
  publish('batch', {
    emittedTo: new Map(),
    ...{ actor: 'fuse', consumed: 300, emitted: 4, refused: 1 },
    place: { topic: 'observations', partition: 0, firstOffset: 0, nextOffset: 300 },
    ...{ readMs: 10, stepMs: 2000, commitMs: 500, durationMs: 2510 },
  })
  expect(await linesOf('birthline_stage_step_seconds_sum')).toEqual([
    'birthline_stage_step_seconds_sum{stage="fuse",step="read"} 0.01',
    'birthline_stage_step_seconds_sum{stage="fuse",step="step"} 2',
    'birthline_stage_step_seconds_sum{stage="fuse",step="commit"} 0.5',
  ])
  expect(await linesOf('birthline_stage_batch_records_bucket{le="250"')).toEqual([
    'birthline_stage_batch_records_bucket{le="250",stage="fuse"} 0',
  ])
  expect(await linesOf('birthline_stage_batch_records_sum')).toEqual([
    'birthline_stage_batch_records_sum{stage="fuse"} 300',
  ])
  const [line] = await linesOf('birthline_stage_last_commit_timestamp_seconds{')
  expect(Math.abs(Number(line.split(' ')[1]) - Date.now() / 1000)).toBeLessThan(60)
})

test('dead letters are counted by their codes, those of files too', async () => {
  const from = { topic: 'raw', partition: 0, offset: 0, key: null, value: null }
  const moves = [
    { from, to: [letter('VALUE_OUT_OF_RANGE', 0)] },
    { from, to: [{ ...from, topic: 'observations' }] },
    { from, to: [letter('VALUE_OUT_OF_RANGE', 1)] },
  ]
  publish('moves', { actor: 'ingest', moves })
  publish('arrival', { file: 'a.csv', survey: 'gaiaDr3', records: [letter('SCHEMA_MISMATCH', 2), from] })
  expect(await linesOf('birthline_dead_letters_total{')).toEqual([
    'birthline_dead_letters_total{stage="ingest",code="VALUE_OUT_OF_RANGE"} 2',
    'birthline_dead_letters_total{stage="file",code="SCHEMA_MISMATCH"} 1',
  ])
})

test('what waits is told by lane and by state, and a file until it is read', async () => {
  publish('mailbox', { actor: 'ingest', lane: 'raw/0', depth: 1, capacity: 1, isPaused: true })
  publish('pool', { running: 4, waiting: 9 })
  publish('progress', { what: 'a.csv', done: 25, total: 100, unit: 'rows' })
  expect(await linesOf('birthline_stage_mailbox_batches{')).toEqual([
    'birthline_stage_mailbox_batches{stage="ingest",lane="raw/0"} 1',
  ])
  expect(await linesOf('birthline_pool_chunks{')).toEqual([
    'birthline_pool_chunks{state="running"} 4',
    'birthline_pool_chunks{state="waiting"} 9',
  ])
  expect(await linesOf('birthline_delivery_read_ratio{')).toEqual(['birthline_delivery_read_ratio{file="a.csv"} 0.25'])
  publish('progress', { what: 'a.csv', done: 100, total: 100, unit: 'rows' })
  expect(await linesOf('birthline_delivery_read_ratio{')).toEqual([])
})

test('a batch that came to nothing is counted by its code', async () => {
  const place = { topic: 'stars', partition: 1, firstOffset: 5, nextOffset: 9 }
  publish('abandoned', { actor: 'infer', place, code: 'WORKER_LOST', message: 'It died.' })
  expect(await linesOf('birthline_stage_abandoned_batches_total{')).toEqual([
    'birthline_stage_abandoned_batches_total{stage="infer",code="WORKER_LOST"} 1',
  ])
})
