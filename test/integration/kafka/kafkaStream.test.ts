import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decode } from '../../../schemas/index.ts'
import { temporaryFolder } from '../../actors/logFolder.ts'
import { runCommand, startCommand } from '../../ops/commandProcess.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

test('simulated stars that are paced onto Kafka are there once, though their maker is killed', async () => {
  const folder = await temporaryFolder()
  const prefix = place.freshPrefix()
  const env = { BIRTHLINE_KAFKA_PREFIX: prefix, BIRTHLINE_KAFKA_BROKERS: place.broker.addresses.join(',') }
  const args = (rate: string) => ['simulate', 'pilot', '--paced', rate, '--stars', '6000', '--no-infer']
  const running = startCommand(folder, [...args('400'), '--progress'], env)
  await running.untilStderr(/delivering: [1-9]/)
  running.process.kill('SIGKILL')
  await once(running.process, 'close')
  const resumed = await runCommand(folder, [...args('100000'), '--json'], env)
  const { stars, sentStars, rows, isComplete } = JSON.parse(resumed.stdout)
  expect([resumed.code, stars, isComplete]).toEqual([0, 6000, true])
  expect(sentStars).toBeLessThan(6000)
  const log = await place.open({ prefix, transactionalId: 'reader' })
  const reader = log.openReader({ topics: ['raw'] })
  const found: string[] = []
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
    for (const { value } of batch.records) {
      if (value === null) continue
      const row = decode('rawRow', value)
      found.push(`${row.survey} ${row.row}`)
    }
  }
  await reader.close()
  expect(found).toHaveLength(rows)
  expect(new Set(found).size).toBe(rows)
})
