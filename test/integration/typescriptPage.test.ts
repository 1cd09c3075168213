// The program of docs/typescript.md, word for word, beside a copy of the client: compiled strictly, and run against a served demo.
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient } from '../../ops/client/starClient.ts'
import { packageFile } from '../../schemas/index.ts'
import { type ServedDemo, serveDemo } from '../browser/servedDemo.ts'
import { blocksOf, linesOf, runProgram } from './documentPrograms.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-typescript-'))
let demo: ServedDemo
beforeAll(async () => {
  demo = await serveDemo([['pleiades.gaiaDr3.parquet', 'gaiaDr3']], 'all')
}, 600_000)
afterAll(async () => {
  await demo?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('the program of docs/typescript.md compiles and prints what the server answers', async () => {
  const [program] = blocksOf('typescript.md', 'ts')
  cpSync(packageFile('ops', 'client'), join(folder, 'client'), { recursive: true })
  symlinkSync(packageFile('node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'young.ts'), program)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const compilerOptions = {
    ...{ target: 'ES2023', lib: ['ES2023'], types: ['node'], module: 'NodeNext', strict: true, skipLibCheck: true },
    ...{ exactOptionalPropertyTypes: true, verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true },
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['young.ts'] }))
  const compiler = packageFile('node_modules', 'typescript', 'bin', 'tsc')
  runProgram(process.execPath, [compiler, '-p', folder], 'The program of docs/typescript.md does not compile')

  const client = createClient(demo.url)
  const expected: string[] = []
  const near = 'within 5 deg of 56.75 24.12'
  for await (const { starId, youngProbability, summaries } of client.stars({ where: `young > 0.5 and ${near}` }))
    expected.push(`star ${starId} ${youngProbability} ${summaries.logAgeYr?.q50}`)
  const [first] = expected[0].split(' ').slice(1)
  const { seed, sampleCount } = await client.posterior(first)
  expected.push(`posterior ${seed} ${sampleCount} ${sampleCount} dex(yr)`)
  const question = { for: 'logAge', given: 'distancePc=136±3', samples: 64 }
  const [{ name, q16, q50, q84 }] = (await client.ask(first, question)).answers
  expected.push(`answer ${name} ${q16} ${q50} ${q84}`)
  const { total } = await client.call('GET /v1/stars', { query: { where: near } })
  expect([expected.length, total].map(count => count > 10)).toEqual([true, true])

  const lines = await linesOf(process.execPath, [join(folder, 'young.js'), demo.url], expected.length + total)
  expect(lines.slice(0, expected.length)).toEqual(expected)
  const told = lines.slice(expected.length).map(line => line.split(' '))
  expect(new Set(told.map(([, kind]) => kind))).toEqual(new Set(['entered']))
  expect(new Set(told.map(([, , starId]) => starId)).size).toBe(total)
}, 300_000)
