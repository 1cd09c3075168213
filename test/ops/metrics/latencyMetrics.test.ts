import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { pipelineGroups, startPipeline } from '../../../actors/index.ts'
import { openPosteriorModel } from '../../../ops/bench/closedFormModel.ts'
import { measureLatency } from '../../../ops/metrics/latencyMetrics.ts'
import { temporaryFolder, temporaryLog } from '../../actors/logFolder.ts'

async function numberOf(registry: Registry, name: string): Promise<number> {
  const line = (await registry.metrics()).split('\n').find(one => one.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? Number.NaN)
}

const header = 'source_id,ra,dec,ra_error,dec_error,pmra,pmdec,pmra_error,pmdec_error,phot_g_mean_mag'
const rows = [1, 2, 3].map(i => `${i},${50 + i},20,0.02,0.02,-5,3,0.03,0.03,14`)

test('every posterior of a row that came while listening has a latency, those of earlier rows are unmeasured', async () => {
  const log = await temporaryLog()
  const path = join(await temporaryFolder(), 'a.csv')
  await writeFile(path, [header, ...rows, ''].join('\n'))
  const early = new Registry()
  const stopEarly = measureLatency(early, pipelineGroups, () => performance.now())
  onTestFinished(stopEarly)
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 32, seed: 1n })
  onTestFinished(() => pipeline.stop())
  const startMs = performance.now()
  await pipeline.ingest({ path, survey: 'gaiaDr3' })
  await pipeline.idle()
  const elapsedS = (performance.now() - startMs) / 1000
  expect(await numberOf(early, 'birthline_posterior_latency_seconds_count')).toBe(rows.length)
  const sumS = await numberOf(early, 'birthline_posterior_latency_seconds_sum')
  expect(sumS).toBeGreaterThan(0)
  expect(sumS).toBeLessThanOrEqual(elapsedS * rows.length)
  expect(await numberOf(early, 'birthline_posteriors_unmeasured_total')).toBe(0)
})

test('a posterior whose row nobody saw arrive is counted as unmeasured', async () => {
  const log = await temporaryLog()
  const path = join(await temporaryFolder(), 'a.csv')
  await writeFile(path, [header, ...rows, ''].join('\n'))
  const model = await openPosteriorModel()
  const first = startPipeline({ log, model, sampleCount: 32, seed: 1n })
  const ingested = await first.ingest({ path, survey: 'gaiaDr3' })
  expect(ingested.delivery.rowCount).toBe(3n)
  await first.idle()
  await first.stop()
  const late = new Registry()
  onTestFinished(measureLatency(late, pipelineGroups, () => performance.now()))
  // The publisher reads them again, as after a restart that came before its commit.
  await log.transact({
    outputs: [],
    group: 'publish',
    offsets: [0, 1, 2, 3].map(partition => ({ topic: 'posteriors', partition, offset: 0 })),
  })
  const second = startPipeline({ log, model, sampleCount: 32, seed: 1n })
  onTestFinished(() => second.stop())
  await second.idle()
  expect(await numberOf(late, 'birthline_posteriors_unmeasured_total')).toBe(rows.length)
  expect(await numberOf(late, 'birthline_posterior_latency_seconds_count')).toBe(0)
})
