import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createRng } from '../../models/index.ts'
import { CaseProcess, runFuzz } from './fuzzRun.ts'
import { fuzzTargets } from './fuzzTargets.ts'
import { minimize, mutate } from './mutation.ts'

const cases = new CaseProcess()
afterAll(() => cases.close())

/** Cases beyond the seeds; where each takes long, fewer. */
const MUTATED = 25
const SEEDS = 12
const slow: Readonly<Record<string, number>> = { http: 15, logFile: 5, modelCard: 4, parquet: 10 }

for (const { name, knownCrash } of fuzzTargets) {
  test(`${name}: damaged input is read or refused, and nothing else`, async () => {
    const plan = { target: name, seed: 11, maxMs: 60_000, corpusFolder: null, minimizeTries: 0 }
    const maxCases = (slow[name] ?? MUTATED) + SEEDS
    const { findings, read, cases: tried, knownCrashes } = await runFuzz({ ...plan, maxCases }, cases)
    expect(findings.map(({ kind, detail }) => `${kind}: ${detail}`)).toEqual([])
    expect(read).toBeGreaterThan(0)
    if (knownCrash === undefined) expect([tried, knownCrashes]).toEqual([maxCases, 0])
  })
}

test('what a target must not do is found: a wrong value, an abort, a hang, memory, an error nobody hears; no file is left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'birthline-fuzz-parent-'))
  const impatient = new CaseProcess(10_000, folder)
  const outcomes: string[] = []
  for (const text of ['good', 'nan', 'crash', 'memory', 'reject', 'hang', 'good'])
    outcomes.push((await impatient.attempt('selfTest', Buffer.from(text))).outcome)
  await impatient.close()
  expect(outcomes).toEqual(['read', 'broken', 'crash', 'memory', 'crash', 'hang', 'read'])
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

test('a seed gives the same inputs again, and they differ from one another', () => {
  const made = (seed: number) => {
    const rng = createRng(seed)
    const seeds = [Buffer.from('some text with 12 and 34'), Buffer.alloc(64, 7)]
    return Array.from({ length: 300 }, () => mutate(seeds, [Buffer.from('word')], rng).toString('hex'))
  }
  expect(made(1)).toEqual(made(1))
  expect(new Set(made(1)).size).toBeGreaterThan(200)
  expect(made(2)).not.toEqual(made(1))
})

test('a failing input is made as small as it still fails', async () => {
  const bytes = Buffer.from('a long text around what is bad in it, and more')
  const smallest = await minimize(bytes, async one => one.includes('bad'), 1000)
  expect(smallest.toString()).toBe('bad')
})
