import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupLag, pipelineGroups } from '../../../actors/index.ts'
import { createMetrics, type Metrics } from '../../../ops/metrics/metrics.ts'
import { packageFile, publish } from '../../../schemas/index.ts'
import { makeStar, openTemporaryLog, starOutputs, type TemporaryLog } from '../starRecords.ts'

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
  const rate = 'birthline_topic_offsets_per_second{topic="stars"}'
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
  expect(await numberOf('birthline_topic_offsets_total{topic="stars"}')).toBe(5)
})

test('what stages say is counted by stage, until the metrics are closed', async () => {
  const batch = {
    ...{ actor: 'fuse', consumed: 10, emitted: 4, emittedTo: new Map([['stars', 4]]), refused: 1 },
    place: { topic: 'observations', partition: 0, firstOffset: 0, nextOffset: 10 },
    ...{ readMs: 10, stepMs: 25, commitMs: 15, durationMs: 50 },
  }
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
    for (const topic of topics) expect(text).toContain(`birthline_group_lag_offsets{group="${group}",topic="${topic}"}`)
  }
  expect(text).toContain('birthline_group_lag_offsets{group="infer",topic="stars"} 3')
})

test('the lag of a group is what stands in the topic less what it committed', async () => {
  const { log } = temporary
  await commit(7)
  expect(await groupLag(log, 'infer', ['stars'])).toBe(7)
  const [extent] = (await log.extents('stars')).filter(({ end }) => end > 0)
  const { topic, partition, end } = extent
  await log.transact({ outputs: [], group: 'infer', offsets: [{ topic, partition, offset: end }] })
  expect(await groupLag(log, 'infer', ['stars'])).toBe(7 - end)
})

interface Described {
  readonly name: string
  readonly type: string
  readonly help: string
}

async function described(): Promise<readonly Described[]> {
  const text = await metrics.render()
  return Array.from(text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm), ([, name, help, type]) => ({
    ...{ name, type, help },
  }))
}

test('docs/metrics.md lists every metric of ours with its type, labels and meaning, and no other', async () => {
  const document = readFileSync(packageFile('docs', 'metrics.md'), 'utf8')
  const row = /^\| `(birthline_\w+)` \| (\w+) \| ([\w, ]*?) ?\| (.*) \|$/gm
  const listed = Array.from(document.matchAll(row), ([, name, type, , help]) => ({ name, type, help }))
  const ours = (await described()).filter(({ name }) => name.startsWith('birthline_'))
  const byName = (a: Described, b: Described) => (a.name < b.name ? -1 : 1)
  expect([...listed].sort(byName)).toEqual([...ours].sort(byName))
  const labels = new Map(Array.from(document.matchAll(row), ([, name, , names]) => [name, names]))
  const used = await labelsInUse()
  for (const [name, names] of used) expect([name, labels.get(name)]).toEqual([name, names])
})

/** Of the series that are there once everything has been said. */
async function labelsInUse(): Promise<ReadonlyMap<string, string>> {
  const place = { topic: 'stars', partition: 0, firstOffset: 0, nextOffset: 1 }
  publish('batch', {
    emittedTo: new Map(),
    ...{ actor: 'a', consumed: 1, emitted: 1, refused: 0, place },
    ...{ readMs: 1, stepMs: 1, commitMs: 1, durationMs: 3 },
  })
  publish('abandoned', { actor: 'a', place, code: 'LOG_FULL', message: '' })
  publish('failure', { actor: 'a', code: 'LOG_FULL', message: '', decision: 'escalate', attempt: 1, delayMs: 0 })
  publish('gap', { kind: 'unread', count: 1 })
  publish('probe', { outcome: 'right', latencyMs: 40 })
  publish('probeWait', { waitMs: 0 })
  publish('mailbox', { actor: 'a', lane: 'stars/0', depth: 0, capacity: 1, isPaused: false })
  publish('pool', { running: 1, waiting: 0 })
  publish('answer', { requestId: '1', method: 'GET', route: '/', status: 200, durationMs: 1, client: 'a' })
  publish('progress', { what: 'a.csv', done: 1, total: 2, unit: 'rows' })
  const found = new Map<string, string>()
  for (const line of (await metrics.render()).split('\n')) {
    const [, name, labels] = /^(birthline_\w+?)(?:_bucket|_sum|_count)?\{(.*)\}/.exec(line) ?? []
    if (name === undefined) continue
    const names = Array.from(labels.matchAll(/(\w+)="/g), ([, label]) => label).filter(label => label !== 'le')
    found.set(name, names.join(', '))
  }
  return found
}

test('every expression of the dashboard asks for metrics and labels that exist', async () => {
  const names = new Set(
    (await described()).flatMap(({ name, type }) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )
  const dashboard = JSON.parse(readFileSync(packageFile('ops', 'deploy', 'dashboards', 'birthline.json'), 'utf8'))
  const texts: string[] = dashboard.panels.flatMap(
    (panel: { readonly targets: readonly { readonly expr: string }[] }) => panel.targets.map(({ expr }) => expr),
  )
  texts.push(...dashboard.templating.list.map((one: { readonly query: unknown }) => JSON.stringify(one.query)))
  const asked = new Set(texts.flatMap(text => text.match(/\b(?:birthline|process|nodejs)_\w+/g) ?? []))
  expect([...asked].filter(name => !names.has(name))).toEqual([])
  // All of ours are shown somewhere.
  const shown = [...asked].map(name => name.replace(/_(?:bucket|sum|count)$/, ''))
  const ours = (await described()).map(({ name }) => name).filter(name => name.startsWith('birthline_'))
  expect(ours.filter(name => !shown.includes(name))).toEqual([])
})

test('the dashboard’s panels have titles, numbers of their own and places that do not overlap', () => {
  const { panels, templating } = JSON.parse(
    readFileSync(packageFile('ops', 'deploy', 'dashboards', 'birthline.json'), 'utf8'),
  ) as {
    readonly panels: readonly {
      readonly id: number
      readonly title: string
      readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
      readonly targets: readonly { readonly refId: string; readonly expr: string }[]
    }[]
    readonly templating: { readonly list: readonly { readonly name: string }[] }
  }
  const variables = templating.list.map(({ name }) => name)
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length)
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  )
  expect(new Set(cells).size).toBe(cells.length)
  expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
  for (const { targets } of panels) {
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
    for (const { expr } of targets) {
      const named = Array.from(expr.matchAll(/\$(\w+)/g), ([, name]) => name)
      expect(named.filter(name => !variables.includes(name) && !name.startsWith('__'))).toEqual([])
      for (const [open, close] of ['()', '{}', '[]']) expect(expr.split(open).length).toBe(expr.split(close).length)
    }
  }
})

test('where several processes share a log, every series says whose it is', async () => {
  const named = createMetrics(temporary.log, [], () => nowMs, { version: '1.2.3', process: 'node-2' })
  const text = await named.render()
  named.close()
  expect(text).toContain('birthline_build_info{version="1.2.3",process="node-2"} 1')
  expect(text).toContain('birthline_posteriors_unmeasured_total{process="node-2"} 0')
})
