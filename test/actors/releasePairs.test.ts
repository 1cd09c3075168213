import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Pipeline, type ReleaseSide, releasePairs, type SourcePair, startPipeline } from '../../actors/index.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import type { Log } from '../../streams/index.ts'
import { temporaryFolder, temporaryLog } from './logFolder.ts'

const header = 'source_id,ra,dec,parallax,parallax_error,phot_g_mean_mag'
const rowOf = (id: number, parallax: number) => `${id},${(56 + id / 1000).toFixed(4)},24.12,${parallax},0.03,10.1`

async function startOn(log: Log): Promise<Pipeline> {
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  return pipeline
}

async function deliver(pipeline: Pipeline, survey: string, rows: readonly string[]): Promise<void> {
  const path = join(await temporaryFolder(), `${survey}.csv`)
  await writeFile(path, [header, ...rows, ''].join('\n'))
  await pipeline.ingest({ path, survey })
  await pipeline.idle()
}

const side = (...ordinals: bigint[]): ReleaseSide => ({
  family: 'gaia',
  ordinals: new Set(ordinals),
  rowCount: 100,
  rawStart: null,
})
const inForce: ReleaseSide = { family: 'gaia', ordinals: null, rowCount: 100, rawStart: null }

interface Compared {
  /** Source -> parallax before and after; `null` where it is not there. */
  readonly pairs: ReadonlyMap<string, readonly (number | null)[]>
  readonly refused: readonly string[]
  readonly progress: readonly (readonly [number, number])[]
}

async function compare(
  log: Log,
  before: ReleaseSide,
  after: ReleaseSide,
  limits: { readonly rowsAtOnce?: number; readonly maxBuckets?: number } = {},
): Promise<Compared> {
  const scratchFolder = await temporaryFolder()
  const refused: string[] = []
  const progress: (readonly [number, number])[] = []
  const options = {
    ...limits,
    scratchFolder,
    signal: new AbortController().signal,
    onProgress: (done: number, total: number) => void progress.push([done, total]),
    onRefused: (name: string) => void refused.push(name),
  }
  const pairs = new Map<string, readonly (number | null)[]>()
  const parallaxOf = (one: SourcePair['before']) =>
    one?.measurements.find(({ quantity }) => quantity === 'parallaxMas')?.value ?? null
  for await (const { source, before: earlier, after: later } of releasePairs(log, before, after, options)) {
    expect(pairs.has(source)).toBe(false)
    // The zero point of the release is off.
    pairs.set(
      source,
      [earlier, later].map(one => {
        const parallax = parallaxOf(one)
        return parallax === null ? null : Number(parallax.toFixed(3))
      }),
    )
  }
  expect(await readdir(scratchFolder)).toEqual([])
  return { pairs: new Map([...pairs].sort(([a], [b]) => Number(a) - Number(b))), refused, progress }
}

test('two deliveries are paired source by source, and as many buckets and passes as there are change nothing', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  const ids = Array.from({ length: 90 }, (_, i) => i + 1)
  await deliver(
    pipeline,
    'gaiaDr2',
    ids.slice(0, 60).map(id => rowOf(id, 5)),
  )
  await deliver(
    pipeline,
    'gaiaDr2',
    ids.slice(30).map(id => rowOf(id, 6)),
  )
  const expected = new Map(ids.map(id => [`${id}`, [id <= 60 ? 5.029 : null, id > 30 ? 6.029 : null]] as const))
  const whole = await compare(log, side(1n), side(2n))
  expect(whole.pairs).toEqual(expected)
  const [done, total] = whole.progress.at(-1) ?? [0, 1]
  expect(done).toBe(total)
  // Nine buckets in three passes.
  const cut = await compare(log, side(1n), side(2n), { rowsAtOnce: 23, maxBuckets: 3 })
  expect(cut.pairs).toEqual(expected)
  const dones = cut.progress.map(([one]) => one)
  expect([...dones].sort((a, b) => a - b)).toEqual(dones)
})

test('a release of several deliveries is what the last one of each source says; refused rows are told', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  await deliver(pipeline, 'gaiaDr2', [rowOf(1, 5), rowOf(2, 5), rowOf(2, 5.5), `3,512,24.12,5,0.03,10.1`])
  await deliver(pipeline, 'gaiaDr2', [rowOf(1, 6), rowOf(4, 6)])
  await deliver(pipeline, 'gaiaDr3', [rowOf(1, 7)])
  const { pairs, refused } = await compare(log, side(1n, 2n), side(3n))
  expect([...pairs.keys()]).toEqual(['1', '2', '4'])
  expect(pairs.get('1')?.[0]).toBe(6.029)
  // As ingest decides: of two rows of one delivery the first one stays.
  expect(pairs.get('2')).toEqual([5.029, null])
  expect(refused).toEqual(['before'])
  // Though there are as many passes as rows.
  const cut = await compare(log, side(1n, 2n), side(3n), { rowsAtOnce: 2, maxBuckets: 2 })
  expect(cut).toMatchObject({ pairs, refused })
})

test('what is in force is what ingest decided on, before and after a rollback', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  await deliver(pipeline, 'gaiaDr2', [rowOf(1, 5), rowOf(2, 5)])
  await deliver(pipeline, 'gaiaDr2', [rowOf(2, 6), rowOf(3, 6)])
  const before = await compare(log, side(1n), inForce)
  expect(before.pairs).toEqual(
    new Map([
      ['1', [5.029, 5.029]],
      ['2', [5.029, 6.029]],
      ['3', [null, 6.029]],
    ]),
  )
  await pipeline.rollBack(2n)
  await pipeline.idle()
  const after = await compare(log, inForce, side(2n))
  expect(after.pairs).toEqual(
    new Map([
      ['1', [5.029, null]],
      ['2', [5.029, 6.029]],
      ['3', [null, 6.029]],
    ]),
  )
})

test('a comparison that is interrupted ends at once and leaves nothing behind', async () => {
  const log = await temporaryLog()
  const pipeline = await startOn(log)
  await deliver(pipeline, 'gaiaDr2', [rowOf(1, 5)])
  const scratchFolder = await temporaryFolder()
  const signal = AbortSignal.abort()
  const none = { onProgress: () => {}, onRefused: () => {} }
  const pairs = releasePairs(log, side(1n), inForce, { scratchFolder, signal, ...none })
  await expect(pairs.next()).rejects.toThrow(/abort/i)
  expect(await readdir(scratchFolder)).toEqual([])
})
