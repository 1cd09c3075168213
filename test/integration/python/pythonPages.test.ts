// The Python of docs/ and its notebook, word for word, against a served demo: what others are told must work.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createClient, type StarSummary } from '../../../ops/client/starClient.ts'
import { packageFile } from '../../../schemas/index.ts'
import { type ServedDemo, serveDemo } from '../../browser/servedDemo.ts'
import { blocksOf, linesOf, runProgram } from '../documentPrograms.ts'

const ADDRESS = 'http://127.0.0.1:8480'
const WHERE = 'young > 0.9 and within 5 deg of 56.75 24.12'
const folder = mkdtempSync(join(tmpdir(), 'birthline-python-'))
const python = inject('python')
let demo: ServedDemo
let young: StarSummary[]

beforeAll(async () => {
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
})

test('the program of docs/subscriptions.md is told of the stars that are in the filter', async () => {
  const [block] = blocksOf('subscriptions.md', 'python')
  const file = saveProgram('subscriptions.py', block)
  const lines = await linesOf(python, ['-u', file], young.length)
  const told = lines.map(line => line.split(' ').slice(0, 3).join(' '))
  expect(told.sort()).toEqual(young.map(one => `entered ${one.starId} ${one.youngProbability}`).sort())
})

test('the commands and the program of docs/first-subscription.md are told of the same stars', async () => {
  const [program] = blocksOf('first-subscription.md', 'python')
  const lines = await linesOf(python, ['-u', saveProgram('first.py', program)], young.length)
  const expected = young.map(({ starId, youngProbability }) => `${starId} ${youngProbability}`)
  expect([...lines].sort()).toEqual(expected.sort())
  const [commands] = blocksOf('first-subscription.md', 'sh')
  const isWanted = (line: string) => line.startsWith('event: entered')
  await linesOf('sh', [saveProgram('first.sh', commands)], young.length, { isWanted })
})

interface Cell {
  readonly cell_type: string
  readonly execution_count?: number | null
  readonly outputs?: readonly {
    readonly output_type: string
    readonly text?: string | readonly string[]
    readonly data?: Readonly<Record<string, string>>
  }[]
}

test('the notebook is kept without outputs, and runs from top to bottom', async () => {
  const text = readFileSync(packageFile('docs', 'notebooks', 'young-stars.ipynb'), 'utf8')
  const kept: readonly Cell[] = JSON.parse(text).cells
  const code = kept.filter(cell => cell.cell_type === 'code')
  expect(code.every(cell => cell.outputs?.length === 0 && cell.execution_count === null)).toBe(true)
  const file = saveProgram('notebook.ipynb', text)
  runProgram(join(dirname(python), 'jupyter-execute'), ['--inplace', file], 'The notebook does not run')
  const run: readonly Cell[] = JSON.parse(readFileSync(file, 'utf8')).cells
  const outputs = run.flatMap(cell => cell.outputs ?? [])
  const printed = outputs.flatMap(({ text: words = '' }) => (typeof words === 'string' ? words : words.join('')))
  expect(printed[0]).toMatch(new RegExp(`^${young.length} of \\d+ stars are young`))
  expect(printed.at(-1)).toMatch(new RegExp(`^${young.length} stars are in the filter`))
  const pictures = outputs.flatMap(({ data }) => data?.['image/png'] ?? [])
  expect(pictures).toHaveLength(1)
  expect(pictures[0].length).toBeGreaterThan(10_000)
  // It leaves no subscription behind.
  const { subscriptions } = await createClient(demo.url).call('GET /v1/subscriptions', {})
  expect(subscriptions.map(({ name }) => name)).not.toContain('young Pleiades, notebook')
}, 300_000)
