import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDeadLetter, deadLetterOutput } from '../../../actors/deadLetter.ts'
import { WAITING_SPECTRA } from '../../../actors/index.ts'
import { StatusReader } from '../../../ops/status/pipelineStatus.ts'
import { parseMetrics } from '../../../ops/status/serverNumbers.ts'
import { statusText } from '../../../ops/status/statusText.ts'
import { encode } from '../../../schemas/index.ts'
import { openLog } from '../../../streams/index.ts'
import { xpSpectrum } from '../../actors/xpSpectra.ts'
import {
  makePosterior,
  makeStar,
  openTemporaryLog,
  posteriorOutputs,
  starOutputs,
  type TemporaryLog,
} from '../starRecords.ts'

let temporary: TemporaryLog
let nowMs = 0
beforeEach(async () => {
  temporary = await openTemporaryLog()
  nowMs = 0
})
afterEach(() => temporary.remove())

const delivery = (file: string, isComplete: boolean, ordinal = 1n) => ({
  topic: 'deliveries',
  key: `file:${file}`,
  value: encode('delivery', {
    ...{ fingerprint: file, file, survey: 'gaiaDr3', ordinal, nextRow: 41n, rowCount: 40n, badRowCount: 0n },
    isComplete,
  }),
})

/** As a later birthline may write it. */
function newer({ value, ...output }: ReturnType<typeof delivery>) {
  const bytes = Uint8Array.from(value)
  new DataView(bytes.buffer).setUint32(1, 200)
  return { ...output, value: bytes }
}

function letter(origin: string) {
  const bytes = Uint8Array.of(1)
  const refused = {
    step: 'ingest',
    code: 'SCHEMA_MISMATCH',
    reason: 'No.',
    origin,
    topic: 'raw',
    key: null,
    bytes,
  } as const
  return deadLetterOutput(createDeadLetter(refused))
}

test('lag, rates, sizes, refusals, deliveries and the newest posterior are those of the log', async () => {
  const { log, dataFolder } = temporary
  const reader = new StatusReader(log, () => nowMs)
  const empty = await reader.look(null)
  expect(empty.stages.map(({ lag, perSecond }) => [lag, perSecond])).toEqual(Array(4).fill([0, null]))
  expect(empty.newest).toEqual([])
  await log.transact({
    outputs: [
      ...['1', '2', '3', '4'].flatMap(id => starOutputs(makeStar(id))),
      ...posteriorOutputs(makePosterior('gaiaDr3:1', 0.25, 1)),
      ...posteriorOutputs(makePosterior('gaiaDr3:1', 0.75, 2)),
      ...[letter('a.csv row 1'), letter('a.csv row 2')],
      ...[delivery('a.csv', false), delivery('b.csv', true, 2n), newer(delivery('c.csv', false, 3n))],
    ],
  })
  nowMs = 2000
  const found = await reader.look(null)
  expect(found.stages.find(({ stage }) => stage === 'infer')).toMatchObject({ lag: 4, perSecond: 0, consumed: 0 })
  expect(found.topics.find(({ topic }) => topic === 'stars')).toMatchObject({ places: 4, perSecond: 2 })
  expect(found.topics.find(({ topic }) => topic === 'stars')?.sizeBytes).toBeGreaterThan(400)
  expect(found.deadLetters).toEqual([{ code: 'SCHEMA_MISMATCH', count: 2 }])
  expect(found.deliveries).toEqual([{ file: 'a.csv', survey: 'gaiaDr3', rows: 40, readRatio: null, leftS: null }])
  expect(found.newest[0]).toMatchObject({ starId: 'gaiaDr3:1', youngProbability: 0.75 })
  // This process writes the log; one that only reads it sees so too.
  expect([found.state, found.writerPid]).toEqual(['running', process.pid])
  const looking = await openLog({ kind: 'embedded', folder: `${dataFolder}/log`, readOnly: true })
  expect((await new StatusReader(looking, () => nowMs).look(null)).writerPid).toBe(process.pid)
  await log.close()
  expect((await new StatusReader(looking, () => nowMs).look(null)).state).toBe('stopped')
  await looking.close()
})

test('spectra that wait for their star are counted, and those that found it are not', async () => {
  const reader = new StatusReader(temporary.log, () => nowMs)
  expect((await reader.look(null)).waitingSpectra).toBe(0)
  const waits = (source: string, isWaiting = true) => ({
    topic: WAITING_SPECTRA,
    key: `5/gaiaDr3:${source}`,
    value: isWaiting ? encode('spectrum', xpSpectrum(source, 1)) : null,
  })
  await temporary.log.transact({ outputs: [waits('1'), waits('2'), waits('3')] })
  await temporary.log.transact({ outputs: [waits('2'), waits('3', false)] })
  const found = await reader.look(null)
  expect(found.waitingSpectra).toBe(2)
  expect(statusText(found, 'here', 0)).toContain('Spectra that wait for their star: 2')
  expect(statusText({ ...found, waitingSpectra: 0 }, 'here', 0).join('')).not.toContain('wait for their star')
  expect(statusText({ ...found, waitingSpectra: null }, 'here', 0).join('')).toContain('too many to be counted')
})

test('what a server adds is shown: last commits, memory, latency, and how long a delivery will take', async () => {
  await temporary.log.transact({ outputs: [delivery('a.csv', false)] })
  const reader = new StatusReader(temporary.log, () => nowMs)
  const said = (ratio: number) =>
    parseMetrics(
      [
        'process_resident_memory_bytes 104857600',
        'birthline_stage_last_commit_timestamp_seconds{stage="fuse"} 990',
        `birthline_delivery_read_ratio{file="a.csv"} ${ratio}`,
        'birthline_posterior_latency_seconds_bucket{le="0.15"} 90',
        'birthline_posterior_latency_seconds_bucket{le="0.5"} 100',
        'birthline_posterior_latency_seconds_bucket{le="+Inf"} 100',
      ].join('\n'),
    )
  await reader.look(said(0.2))
  nowMs = 10_000
  const found = await reader.look(said(0.4))
  expect(found.deliveries[0].leftS).toBeCloseTo(30)
  const text = statusText(found, 'here', 1000).join('\n')
  expect(text).toContain('server answers, 100 MiB memory, row to posterior within 150 ms at the median, within 500 ms')
  expect(text).toMatch(/^fuse .* 10 s ago$/m)
  expect(text).toContain('Delivery a.csv (gaiaDr3): 40 rows in, 40% read, about 30 s left')
})

test('heartbeats are shown with their age, and who was silent for too long; who ended in order is not', async () => {
  const atMs = 1_700_000_000_000
  const noProbe = { probeOutcome: null, probeSentMs: null, probeLatencyMs: null }
  const rightProbe = { probeOutcome: 'right', probeSentMs: 5n, probeLatencyMs: 41.6 }
  const beat = (
    process: string,
    sequence: number,
    atMs: number,
    isLast = false,
    probe: typeof noProbe | typeof rightProbe = noProbe,
  ) => ({
    topic: 'heartbeat',
    key: process,
    value: encode('heartbeat', {
      ...{ process, startedMs: 0n, sequence: BigInt(sequence), atMs: BigInt(atMs), isLast, model: 'm' },
      ...{ lags: [], stages: [], ...probe },
    }),
  })
  await temporary.log.transact({
    outputs: [
      ...[beat('one', 0, atMs - 1000), beat('two', 7, atMs - 30_000), beat('three', 0, atMs)],
      ...[beat('one', 1, atMs, false, rightProbe), beat('three', 1, atMs, true), beat('long ago', 1, atMs - 3_600_000)],
    ],
  })
  const found = await new StatusReader(
    temporary.log,
    () => nowMs,
    () => atMs + 500,
  ).look(null)
  expect(found.heartbeats).toMatchObject([
    { process: 'one', atMs, probe: { outcome: 'right', latencyMs: 41.6 } },
    { process: 'two', atMs: atMs - 30_000, probe: null },
  ])
  const lines = statusText(found, 'here', (atMs + 500) / 1000).filter(line => line.startsWith('Heartbeat'))
  expect(lines).toEqual([
    'Heartbeat of one: 1 s ago, last probe right after 42 ms',
    'Heartbeat of two: 31 s ago, which is too long: it is dead or cut off',
  ])
})
