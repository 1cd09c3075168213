// What a delivery writes that says what is in force already.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ingestFile, readTally, startPipeline } from '../../actors/index.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import { writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import { type Log, topics } from '../../streams/index.ts'
import { temporaryFolder, temporaryLog } from '../actors/logFolder.ts'

/** What is kept of the delivery itself, and what ingest notes of each source: which deliveries have it. */
const bookkeeping = ['raw', 'deliveries', 'tallies', 'sources', 'dead-letters']

async function endsOf(log: Log): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>()
  for (const { name } of topics) {
    ends.set(
      name,
      (await log.extents(name)).reduce((sum, { end }) => sum + end, 0),
    )
  }
  return ends
}

test('a delivery of another file that says the same costs its rows, and no observation, star or posterior', async () => {
  const folder = await temporaryFolder()
  const plan = { starCount: 500, starsPerDeg2: 20_000, seed: 6, surveys: ['gaiaDr3', 'twoMass'] as const }
  const tables = await writeSampleSurveys(folder, plan)
  const log = await temporaryLog()
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 16, seed: 1n })
  onTestFinished(() => pipeline.stop())
  for (const table of tables) await pipeline.ingest(table)
  await pipeline.idle()
  const before = await endsOf(log)
  expect(before.get('posteriors')).toBeGreaterThan(500)

  // The rows from the last to the first, and the columns too: other bytes under another name.
  const lines = (await readFile(tables[0].path, 'utf8')).trimEnd().split('\n')
  const rows = lines.slice(1).filter(line => line.split(',').length === lines[0].split(',').length)
  const mirrored = [lines[0], ...rows.reverse()].map(line => line.split(',').reverse().join(','))
  const path = join(folder, 'other.csv')
  await writeFile(path, [...mirrored, ''].join('\n'))
  const { delivery } = await pipeline.ingest({ path, survey: 'gaiaDr3' })
  await pipeline.idle()
  expect(delivery).toMatchObject({ ordinal: 3n, rowCount: BigInt(rows.length) })
  const { newCount, changedCount, unchangedCount, refusedCount } = await readTally(log, 3n)
  expect([newCount, changedCount]).toEqual([0n, 0n])
  expect(unchangedCount + refusedCount).toBe(BigInt(rows.length))
  expect(unchangedCount).toBeGreaterThan(480n)
  const after = await endsOf(log)
  const grown = [...after].filter(([name, end]) => end !== before.get(name)).map(([name]) => name)
  expect(grown.filter(name => !bookkeeping.includes(name))).toEqual([])
  expect((after.get('raw') ?? 0) - (before.get('raw') ?? 0)).toBe(rows.length)

  // The same bytes under another name cost nothing at all.
  const copy = join(folder, 'copy.csv')
  await writeFile(copy, await readFile(path))
  const control = { signal: new AbortController().signal, waitForRoom: async () => {} }
  expect(await ingestFile(log, { path: copy, survey: 'gaiaDr3' }, control)).toMatchObject({ isRepeat: true })
  expect((await endsOf(log)).get('raw')).toBe(after.get('raw'))
})
