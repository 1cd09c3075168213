import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { idOfRow, type LongFormat, rowOfId } from '../../../ops/bench/longTable.ts'
import { runResume } from '../../../ops/bench/resumeBench.ts'
import { packageFile } from '../../../schemas/index.ts'
import { temporaryFolder } from '../../actors/logFolder.ts'

// Processes are started one after another: seconds on a machine at rest, more on a busy one.
const PATIENCE_MS = 300_000

const once = async (format: LongFormat, rowCount: number, kills: number, seed: number) => {
  // The killed process runs what is compiled; `npm test` compiles first.
  expect(existsSync(packageFile('dist', 'ops', 'cli.js')), 'compile first: npm run build').toBe(true)
  const plan = { folder: await temporaryFolder(), format, rowCount, kills, seed }
  const report = await runResume(plan, () => {})
  expect(report).toMatchObject({ lost: 0, doubled: 0, foreign: 0 })
  const { lives } = report
  expect(lives.at(-1)).toMatchObject({ isKilled: false, toRow: rowCount })
  // Each process went on where the one before it had ended, behind whole batches.
  lives.forEach(({ fromRow }, i) => void expect(fromRow).toBe(i === 0 ? 0 : lives[i - 1].toRow))
  // On a machine that sleeps at the wrong moment a process may be through before it is killed, but not every one.
  expect(lives.filter(({ isKilled }) => isKilled).length).toBeGreaterThanOrEqual(1)
}

test(
  'a CSV whose ingest is killed at random rows is in the log once, row by row',
  () => once('csv', 8000, 3, 4),
  PATIENCE_MS,
)

test(
  'so are a gzip and a Parquet file',
  async () => {
    await once('csv.gz', 5000, 1, 8)
    await once('parquet', 5000, 1, 8)
  },
  PATIENCE_MS,
)

test('a row is known by its id, and what is no such id is no row', () => {
  expect(rowOfId(idOfRow(7))).toBe(7)
  for (const id of ['', '7', '4000000000000000000', 'x'.repeat(19)]) expect(rowOfId(id)).toBeNull()
})
