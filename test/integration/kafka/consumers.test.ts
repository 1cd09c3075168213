// The programs of docs/consumers.md, word for word, on a broker: what others are told must work.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPipeline } from '../../../actors/index.ts'
import { openPosteriorModel } from '../../../ops/bench/closedFormModel.ts'
import { writeSampleSurveys } from '../../../ops/bench/sampleSurveys.ts'
import { type RunningServer, startServer } from '../../../ops/server/server.ts'
import { readTopic } from '../../actors/logFolder.ts'
import { smallServerParts } from '../../ops/server/smallServer.ts'
import { readAll } from '../../streams/logRecords.ts'
import { blocksOf, linesOf, openPython } from '../documentPrograms.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

const DOCUMENT = 'consumers.md'
/** One that a double cannot hold. */
const SEED = 2n ** 63n - 1n
const scratch = mkdtempSync(join(tmpdir(), 'birthline-consumers-'))

let place: BrokerPlace
let server: RunningServer
let expected: readonly string[]
let expectedSamples: readonly string[]

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
})

afterAll(async () => {
  await server?.close()
  await place?.close()
  rmSync(scratch, { recursive: true, force: true })
})

/** The first lines of a program that is told where the broker and the registry are. */
function linesBeside(command: string, args: readonly string[], count: number): Promise<readonly string[]> {
  const env = { BIRTHLINE_KAFKA_BROKERS: place.broker.addresses.join(','), REGISTRY_URL: server.url }
  // kafkajs tells of its own doings in JSON.
  return linesOf(command, args, count, { env, isWanted: line => !line.startsWith('{') })
}

test('Python reads every posterior, with 64-bit integers exact, and its samples', async () => {
  const python = openPython(join(scratch, 'python'), DOCUMENT)
  const programs = blocksOf(DOCUMENT, 'python')
  for (const [i, texts] of [expected, expectedSamples].entries()) {
    expect(programs[i].trim().split('\n').length).toBeLessThanOrEqual(16)
    const file = join(scratch, `consumer${i}.py`)
    writeFileSync(file, programs[i])
    const lines = await linesBeside(python, [file], texts.length)
    expect([...lines].sort()).toEqual([...texts].sort())
  }
}, 300_000)
