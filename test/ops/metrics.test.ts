import { afterEach, beforeEach, expect, test } from 'vitest'
import { pipelineGroups } from '../../actors/index.ts'
import { createMetrics, lagOf, type Metrics } from '../../ops/metrics.ts'
import { publish } from '../../schemas/index.ts'
import { makeStar, openTemporaryLog, starOutputs, type TemporaryLog } from './starRecords.ts'

let temporary: TemporaryLog
let metrics: Metrics
let nowMs = 0
beforeEach(async () => {
  temporary = await openTemporaryLog()
  nowMs = 0
  metrics = createMetrics(temporary.log, [], () => nowMs)
})
afterEach(async () => {
  metrics.close()
  await temporary.remove()
})

async function numberOf(name: string): Promise<number | null> {
  const line = (await metrics.render()).split('\n').find(one => one.startsWith(`${name} `))
  return line === undefined ? null : Number(line.slice(name.length + 1))
}

const commit = (count: number) =>
  temporary.log.transact({
    outputs: Array.from({ length: count }, (_, i) => starOutputs(makeStar(`${i + 1}`))[0]),
  })

test('the rate of a topic is what it grew by since the reading before, over the time between', async () => {
  const rate = 'birthline_topic_records_per_second{topic="stars"}'
  await commit(5)
  expect(await numberOf(rate)).toBe(0)
  await commit(30)
  nowMs = 10_000
  expect(await numberOf(rate)).toBe(3)
  nowMs = 12_000
  expect(await numberOf(rate)).toBe(0)
})

test('a topic that was read twice is not counted twice', async () => {
  await commit(5)
  await metrics.render()
  expect(await numberOf('birthline_topic_records_total{topic="stars"}')).toBe(5)
})

test('what stages say is counted by stage, until the metrics are closed', async () => {
  const batch = { actor: 'fuse', consumed: 10, emitted: 4, refused: 1, durationMs: 50 }
  publish('batch', batch)
  publish('batch', batch)
  publish('failure', { actor: 'infer', code: 'WORKER_LOST', message: '', decision: 'restart', attempt: 1, delayMs: 0 })
  publish('inference', { stars: 64, samples: 256, durationMs: 500 })
  expect(await numberOf('birthline_stage_records_total{stage="fuse",kind="consumed"}')).toBe(20)
  expect(await numberOf('birthline_stage_records_total{stage="fuse",kind="refused"}')).toBe(2)
  expect(await numberOf('birthline_stage_failures_total{stage="infer",code="WORKER_LOST",decision="restart"}')).toBe(1)
  expect(await numberOf('birthline_inferred_stars_total')).toBe(64)
  expect(await numberOf('birthline_inference_seconds_total')).toBe(0.5)
  metrics.close()
  publish('batch', batch)
  expect(await numberOf('birthline_stage_records_total{stage="fuse",kind="consumed"}')).toBe(20)
})

test('every stage of the pipeline has a lag for each topic it reads', async () => {
  const all = createMetrics(temporary.log, pipelineGroups, () => nowMs)
  await commit(3)
  const text = await all.render()
  all.close()
  for (const { group, topics } of pipelineGroups) {
    for (const topic of topics) expect(text).toContain(`birthline_group_lag_records{group="${group}",topic="${topic}"}`)
  }
  expect(text).toContain('birthline_group_lag_records{group="infer",topic="stars"} 3')
})

test('the lag of a group is what stands in the topic less what it committed', async () => {
  const { log } = temporary
  await commit(7)
  expect(await lagOf(log, 'infer', 'stars')).toBe(7)
  const [extent] = (await log.extents('stars')).filter(({ end }) => end > 0)
  const { topic, partition, end } = extent
  await log.transact({ outputs: [], group: 'infer', offsets: [{ topic, partition, offset: end }] })
  expect(await lagOf(log, 'infer', 'stars')).toBe(7 - end)
})
