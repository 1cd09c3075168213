// The programs of docs/consumers.md, word for word, on a broker: what others are told must work.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startPipeline } from '../../../actors/index.ts'
import { openPosteriorModel } from '../../../ops/bench/closedFormModel.ts'
import { writeSampleSurveys } from '../../../ops/bench/sampleSurveys.ts'
import { type RunningServer, startServer } from '../../../ops/server/server.ts'
import { packageFile } from '../../../schemas/index.ts'
import { readTopic } from '../../actors/logFolder.ts'
import { smallServerParts } from '../../ops/server/smallServer.ts'
import { readAll } from '../../streams/logRecords.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

const document = readFileSync(packageFile('docs', 'consumers.md'), 'utf8')
/** One that a double cannot hold. */
const SEED = 2n ** 63n - 1n
const scratch = mkdtempSync(join(tmpdir(), 'birthline-consumers-'))

let place: BrokerPlace
let server: RunningServer
let expected: readonly string[]
let expectedSamples: readonly string[]

/** The blocks of a language in the document. */
function blocks(language: string): readonly string[] {
  return Array.from(document.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs')), ([, text]) => text)
}

beforeAll(async () => {
  place = await openBrokerPlace()
  const log = await place.open({ prefix: 'birthline.' })
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 32, seed: SEED })
  const folder = join(scratch, 'tables')
  mkdirSync(folder)
  const surveys = ['twoMass', 'gaiaDr3'] as const
  const tables = await writeSampleSurveys(folder, { starCount: 40, starsPerDeg2: 20_000, seed: 3, surveys })
  for (const table of tables) await pipeline.ingest(table)
  await pipeline.idle()
  await pipeline.stop()
  const records = (await readTopic(log, 'posteriors', 'posterior')).map(({ value }) => value)
  const posteriors = records.filter(value => value !== null)
  expect(posteriors.length).toBeLessThan(records.length)
  expected = posteriors.map(({ starId, youngProbability }) => `${starId} ${youngProbability} ${SEED}`)
  expect(expected.length).toBeGreaterThan(40)
  const samples = await readAll(log, { topics: ['samples'] })
  expectedSamples = samples.flatMap(({ key, value }) => {
    if (value === null) return []
    const table = tableFromIPC(value)
    const columns = table.schema.fields.map(({ name }) => name)
    return [`${key} ${table.numRows} ${table.getChildAt(0)?.get(0)} ${columns.join(' ')}`]
  })
  expect(expectedSamples.length).toBeGreaterThan(40)
  server = await startServer(smallServerParts(log, 'birthline.'), '127.0.0.1', 0)
}, 240_000)

afterAll(async () => {
  await server?.close()
  await place?.close()
  rmSync(scratch, { recursive: true, force: true })
})

/** The first lines that a program prints. */
async function linesOf(command: string, args: readonly string[], count: number): Promise<readonly string[]> {
  const env = { ...process.env, BIRTHLINE_KAFKA_BROKERS: place.broker.addresses.join(','), REGISTRY_URL: server.url }
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let complaint = ''
  child.stderr.on('data', bytes => {
    complaint += bytes
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    // kafkajs tells of its own doings in JSON.
    if (!line.startsWith('{')) lines.push(line)
    if (lines.length === count) break
  }
  expect(lines.length, complaint.slice(-2000)).toBe(count)
  return lines
}

/** The Python of a fresh environment with the packages that the document names. */
function pythonOf(folder: string): string {
  const run = (command: string, args: readonly string[], remedy: string) => {
    const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${remedy}: ${error?.message ?? `${stdout}${stderr}`.slice(-2000)}`)
  }
  run(
    'python3',
    ['-m', 'venv', folder],
    'The Python consumer needs python3 with venv (Debian: apt-get install python3-venv)',
  )
  const [install] = blocks('sh')
  const packages = Array.from(install.matchAll(/"([^"]+==[^"]+)"/g), ([, name]) => name)
  expect(packages.length).toBeGreaterThan(0)
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]
  run(join(folder, 'bin', 'python'), pip, 'pip could not install what docs/consumers.md names; check the network')
  return join(folder, 'bin', 'python')
}

test('Python reads every posterior, with 64-bit integers exact, and its samples', async () => {
  const python = pythonOf(join(scratch, 'python'))
  const programs = blocks('python')
  for (const [i, texts] of [expected, expectedSamples].entries()) {
    expect(programs[i].trim().split('\n').length).toBeLessThanOrEqual(16)
    const file = join(scratch, `consumer${i}.py`)
    writeFileSync(file, programs[i])
    const lines = await linesOf(python, [file], texts.length)
    expect([...lines].sort()).toEqual([...texts].sort())
  }
}, 300_000)
