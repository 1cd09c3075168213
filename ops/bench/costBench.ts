// What a star costs: records and bytes of each topic, time of each stage, processor time with and without the model. The
// plan in docs/scale.md is made of these. Three surveys of one piece of sky arrive one after another, the real model answers.
// node dist/ops/bench/costBench.js [--json] [--kafka] [--stars 300] [--samples 256] [--workers 2] [--folder DIR]
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openInferPool, type Pipeline, startPipeline } from '../../actors/index.ts'
import { subscribe } from '../../schemas/index.ts'
import { type Log, openLog, topics } from '../../streams/index.ts'
import { type Broker, startBroker } from '../kafka/kafkaBroker.ts'
import { describeCommand, describeMachine, renderMachine } from './harness.ts'
import { readGroupCpuSeconds } from './processTime.ts'
import { writeSampleSurveys } from './sampleSurveys.ts'

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    kafka: { type: 'boolean', default: false },
    stars: { type: 'string', default: '300' },
    samples: { type: 'string', default: '256' },
    workers: { type: 'string', default: '2' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const [starCount, sampleCount, threads] = [flags.stars, flags.samples, flags.workers].map(Number)

interface TopicCost {
  readonly topic: string
  readonly keep: string
  readonly records: number
  /** Without those that only say that something is gone. */
  readonly values: number
  /** Of keys and values. */
  readonly bytes: number
  /** What compaction leaves: the newest record of each key. */
  readonly liveRecords: number
  readonly liveBytes: number
}

async function costOf(log: Log, topic: string, keep: string): Promise<TopicCost> {
  const reader = log.openReader({ topics: [topic] })
  const live = new Map<string, number>()
  let [records, values, bytes] = [0, 0, 0]
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
    for (const { key, value } of batch.records) {
      const sizeBytes = Buffer.byteLength(key ?? '') + (value?.length ?? 0)
      records += 1
      if (value !== null) values += 1
      bytes += sizeBytes
      if (value === null) live.delete(`${key}`)
      else live.set(`${key}`, sizeBytes)
    }
  }
  await reader.close()
  if (keep === 'all') return { topic, keep, records, values, bytes, liveRecords: records, liveBytes: bytes }
  const liveBytes = [...live.values()].reduce((sum, one) => sum + one, 0)
  return { topic, keep, records, values, bytes, liveRecords: live.size, liveBytes }
}

/** Of all files in it that hold records; a file that is reserved and not written takes no room. */
function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && /\.(log|mdb)$/.test(entry.name) && !/__/.test(entry.parentPath))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).blocks * 512, 0)
}

interface StageCost {
  records: number
  batches: number
  readMs: number
  stepMs: number
  commitMs: number
}

function watchStages(): { readonly stages: Map<string, StageCost>; readonly stop: () => void } {
  const stages = new Map<string, StageCost>()
  const stop = subscribe('batch', ({ actor, consumed, readMs, stepMs, commitMs }) => {
    const stage = stages.get(actor) ?? { records: 0, batches: 0, readMs: 0, stepMs: 0, commitMs: 0 }
    stages.set(actor, stage)
    stage.records += consumed
    stage.batches += 1
    stage.readMs += readMs
    stage.stepMs += stepMs
    stage.commitMs += commitMs
  })
  return { stages, stop }
}

const cpuSeconds = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

const folder = mkdtempSync(join(flags.folder, 'birthline-bench-'))
const kept = join(folder, 'log')
mkdirSync(kept)
const model = await openInferPool({ checkpointFolder: null, threads })
let broker: Broker | null = null
let log: Log | null = null
let pipeline: Pipeline | null = null
try {
  if (flags.kafka) broker = await startBroker({ folder: kept })
  log = await openLog(
    broker === null
      ? { kind: 'embedded', folder: kept }
      : { kind: 'kafka', brokers: broker.addresses, stateFolder: join(folder, 'state') },
  )
  const plan = { starCount, starsPerDeg2: 2000, seed: 1 }
  const tables = await writeSampleSurveys(folder, { ...plan, surveys: ['twoMass', 'allWise', 'gaiaDr3'] })
  pipeline = startPipeline({ log, model, sampleCount, seed: 1n })
  const { stages, stop } = watchStages()
  const before = process.cpuUsage()
  const brokerBefore = broker === null ? null : readGroupCpuSeconds(broker.processGroups)
  for (const table of tables) {
    await pipeline.ingest(table)
    await pipeline.idle()
  }
  const wholeSeconds = cpuSeconds(before)
  const brokerSeconds =
    broker === null || brokerBefore === null ? null : (readGroupCpuSeconds(broker.processGroups) ?? 0) - brokerBefore
  stop()
  const costs: TopicCost[] = []
  for (const { name, keep } of topics) costs.push(await costOf(log, name, keep))
  const costOfTopic = (topic: string) => costs.find(one => one.topic === topic)
  const [rows = 0, stars = 0, posteriors = 0] = [
    costOfTopic('raw')?.values,
    costOfTopic('latest-stars')?.liveRecords,
    costOfTopic('posteriors')?.values,
  ]
  // The model alone on as many stars, for what of the processor's time is its own.
  const given = ['gMag', 'bpMag', 'rpMag', 'jMag', 'hMag', 'kMag'].map((quantity, i) => ({
    quantity,
    ...{ value: 14 - i / 3, err: 0.03, isLimit: false },
  }))
  const beforeModel = process.cpuUsage()
  await model.infer(
    Array.from({ length: starCount }, (_, i) => ({ key: `star ${i}`, given })),
    { sampleCount, seed: 1n },
  )
  const modelSeconds = cpuSeconds(beforeModel) / starCount
  const report = {
    command: describeCommand(),
    machine: describeMachine(),
    ...{ rows, stars, posteriors, sampleCount },
    topics: costs.filter(({ records }) => records > 0),
    diskBytes: folderBytes(kept),
    modelCpuMs: 1000 * modelSeconds,
    /** Of everything but the model, for each row that came. */
    streamCpuMsPerRow: (1000 * (wholeSeconds - modelSeconds * posteriors)) / rows,
    brokerCpuMsPerRow: brokerSeconds === null ? null : (1000 * brokerSeconds) / rows,
    stages: Object.fromEntries(stages),
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else {
    const table = report.topics.map(({ topic, records, bytes, liveRecords, liveBytes }) =>
      [
        topic,
        records,
        Math.round(bytes / records),
        (records / stars).toFixed(2),
        Math.round(bytes / stars),
        liveRecords,
      ]
        .concat(Math.round(liveBytes / stars))
        .map((cell, i) => (i === 0 ? `${cell}`.padEnd(18) : `${cell}`.padStart(12)))
        .join(''),
    )
    const names = ['topic', 'records', 'B a record', 'a star', 'B a star', 'live', 'live B a star']
    const heading = names.map((cell, i) => (i === 0 ? cell.padEnd(18) : cell.padStart(i === 6 ? 14 : 12))).join('')
    const perStage = [...stages].map(([actor, stage]) => {
      const each = (ms: number) => (ms / stage.records).toFixed(2)
      return `${actor}: ${stage.records} records in ${stage.batches} batches; ms a record: read ${each(stage.readMs)}, step ${each(stage.stepMs)}, commit ${each(stage.commitMs)}`
    })
    const brokers = report.brokerCpuMsPerRow === null ? '' : `, the broker ${report.brokerCpuMsPerRow.toFixed(2)} ms`
    const lines = [
      report.command,
      renderMachine(report.machine),
      `${rows} rows of three surveys, ${stars} stars, ${posteriors} posteriors of ${sampleCount} samples`,
      heading,
      ...table,
      `on disk ${Math.round(report.diskBytes / stars)} B a star`,
      ...perStage,
      `processor: the model ${report.modelCpuMs.toFixed(2)} ms a posterior, everything else ${report.streamCpuMsPerRow.toFixed(2)} ms a row${brokers}`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
  }
} finally {
  await pipeline?.stop()
  await log?.close()
  await broker?.stop()
  await model.close()
  rmSync(folder, { recursive: true, force: true })
}
