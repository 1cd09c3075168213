import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type KillReport, runKills, samplePlan } from '../../../ops/bench/killBench.ts'
import { packageFile } from '../../../schemas/index.ts'

// Ten processes are started one after another: seconds on a machine at rest, more on a busy one.
const PATIENCE_MS = 300_000

test(
  'a pipeline that is killed at eight moments ends with the records of one that is not, each once',
  () => killEight('end'),
  PATIENCE_MS,
)

test('so does one that takes a delivery in and back again', () => killEight('rollback'), PATIENCE_MS)

test('so does one whose spectra come before their stars and after them', () => killEight('spectra'), PATIENCE_MS)

test(
  'so does one that tells subscribers, who miss nothing and hear nothing twice',
  async () => {
    const { events } = await killEight('subscriptions')
    expect(events).toBeGreaterThan(300)
  },
  PATIENCE_MS,
)

async function killEight(then: 'end' | 'rollback' | 'spectra' | 'subscriptions'): Promise<KillReport['records']> {
  // The killed process runs what is compiled; `npm test` compiles first.
  expect(existsSync(packageFile('dist', 'ops', 'bench', 'killRun.js')), 'compile first: npm run build').toBe(true)
  const folder = await mkdtemp(join(tmpdir(), 'birthline-tables-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const plan = await samplePlan(folder, 120, then)
  const report = await runKills({ ...plan, kills: 8, seed: 3 }, () => {})
  expect(report.differences).toEqual([])
  expect(report.kills).toBe(8)
  expect(report.records.posteriors).toBeGreaterThan(150)
  expect(report.records.deadLetters).toBeGreaterThan(0)
  return report.records
}
