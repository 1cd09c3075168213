// The Python of docs/, word for word, against a served demo: what others are told must work.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, type StarSummary } from '../../../ops/client/starClient.ts'
import { type ServedDemo, serveDemo } from '../../browser/servedDemo.ts'
import { blocksOf, linesOf, openPython } from '../documentPrograms.ts'

const ADDRESS = 'http://127.0.0.1:8480'
const WHERE = 'young > 0.9 and within 5 deg of 56.75 24.12'
const folder = mkdtempSync(join(tmpdir(), 'birthline-python-'))
let demo: ServedDemo
let python: string
let young: StarSummary[]

beforeAll(async () => {
  python = openPython(join(folder, 'python'), 'python.md')
  const files = [
    ['pleiades.gaiaDr3.parquet', 'gaiaDr3'],
    ['pleiades.twoMass.fits', 'twoMass'],
  ] as const
  demo = await serveDemo(files, 'all')
  young = []
  for await (const star of createClient(demo.url).stars({ where: WHERE })) young.push(star)
  expect(young.length).toBeGreaterThan(7)
}, 900_000)
afterAll(async () => {
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The program as it stands, asking the server of the test. */
function saveProgram(name: string, text: string): string {
  expect(text).toContain(ADDRESS)
  const file = join(folder, name)
  writeFileSync(file, text.replaceAll(ADDRESS, demo.url))
  return file
}

test('the programs of docs/python.md, each of ten lines at most, print what the server answers', async () => {
  const blocks = blocksOf('python.md', 'python')
  for (const block of blocks) expect(block.trim().split('\n').length).toBeLessThanOrEqual(10)
  const client = createClient(demo.url)
  const [first] = young
  const { samples } = await client.posterior(first.starId)
  const below = samples.logAgeYr.filter(age => 10 ** age < 30e6).length / samples.logAgeYr.length
  const question = { for: 'logAge', given: 'distancePc=136±3', without: 'W1,W2', seed: '7' }
  const [{ q16, q50, q84 }] = (await client.ask(first.starId, question)).answers
  const expected = [
    `${young.length} stars, age in dex(yr)`,
    `${young.length} stars in pages`,
    `${samples.logAgeYr.length} samples, age in dex(yr)`,
    `P(age < 30 Myr) = ${below.toFixed(2)}`,
    `logAgeYr dex(yr) ${q16} ${q50} ${q84}`,
  ]
  const events = young.map(({ starId, youngProbability }) => `event ${starId} ${youngProbability}`)
  const isWanted = (line: string) => events.includes(line) || expected.includes(line)
  const args = ['-u', saveProgram('page.py', blocks.join('\n'))]
  const lines = await linesOf(python, args, expected.length + events.length, { isWanted })
  expect(lines.slice(0, expected.length)).toEqual(expected)
  expect([...lines.slice(expected.length)].sort()).toEqual([...events].sort())
}, 120_000)

test('the program of docs/subscriptions.md is told of the stars that are in the filter', async () => {
  const [block] = blocksOf('subscriptions.md', 'python')
  const file = saveProgram('subscriptions.py', block)
  const lines = await linesOf(python, ['-u', file], young.length)
  const told = lines.map(line => line.split(' ').slice(0, 3).join(' '))
  expect(told.sort()).toEqual(young.map(one => `entered ${one.starId} ${one.youngProbability}`).sort())
}, 120_000)
