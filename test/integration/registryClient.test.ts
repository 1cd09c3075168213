// The registry as others use it: a client that knows nothing of birthline decodes what the pipeline wrote.
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import avro from 'avsc'
import { expect, onTestFinished, test } from 'vitest'
import { startPipeline } from '../../actors/index.ts'
import { openPosteriorModel } from '../../ops/bench/closedFormModel.ts'
import { writeSampleSurveys } from '../../ops/bench/sampleSurveys.ts'
import { startServer } from '../../ops/server/server.ts'
import { decode, encode, toJson } from '../../schemas/index.ts'
import { type Log, registrySubjects, topics } from '../../streams/index.ts'
import { temporaryFolder, temporaryLog } from '../actors/logFolder.ts'
import { smallServerParts } from '../ops/server/smallServer.ts'
import { readAll } from '../streams/logRecords.ts'

/** A long as BigInt: what a user of that client sets where 64-bit ids matter. */
const long = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
})

async function openClient(log: Log): Promise<SchemaRegistry> {
  const server = await startServer(smallServerParts(log), '127.0.0.1', 0)
  onTestFinished(() => server.close())
  return new SchemaRegistry({ host: server.url }, { forSchemaOptions: { registry: { long } } })
}

test('every record of every topic of a pipeline says to a client of the registry what it says to us', async () => {
  const log = await temporaryLog()
  const tables = await writeSampleSurveys(await temporaryFolder(), {
    starCount: 30,
    starsPerDeg2: 20_000,
    seed: 5,
    surveys: ['twoMass', 'gaiaDr3'],
  })
  const pipeline = startPipeline({ log, model: await openPosteriorModel(), sampleCount: 32, seed: 1n })
  onTestFinished(() => pipeline.stop())
  for (const table of tables) await pipeline.ingest(table)
  await pipeline.idle()
  const client = await openClient(log)
  const counts: Record<string, number> = {}
  for (const { name, record } of topics) {
    if (record === null) continue
    for (const { value } of await readAll(log, { topics: [name] })) {
      if (value === null) continue
      const decoded = await client.decode(Buffer.from(value))
      // Its records are classes of its own making.
      expect(toJson({ ...decoded })).toEqual(toJson(decode(record, value)))
      counts[name] = (counts[name] ?? 0) + 1
    }
  }
  expect(counts.posteriors).toBeGreaterThan(30)
  expect(counts.raw).toBeGreaterThan(30)
})

test('64-bit integers arrive exact, and a schema is found by its text', async () => {
  const log = await temporaryLog()
  const client = await openClient(log)
  const revision = 2n ** 53n + 1n
  const bytes = encode('rawRow', { survey: 'gaiaDr3', file: 'f', row: 2n ** 63n - 1n, revision, cells: {} })
  expect(await client.decode(Buffer.from(bytes))).toMatchObject({ row: 2n ** 63n - 1n, revision })
  const id = await client.getLatestSchemaId('raw-value')
  const schema = JSON.stringify(await client.getSchema(id))
  expect(id).toBe(70101)
  const known =
    registrySubjects('')
      .find(({ name }) => name === 'raw-value')
      ?.versions.at(-1)?.schema ?? ''
  expect(await client.getRegistryIdBySchema('raw-value', { type: SchemaType.AVRO, schema: known })).toBe(70101)
  expect(JSON.parse(schema).name).toBe('birthline.v1_1.RawRow')
})
