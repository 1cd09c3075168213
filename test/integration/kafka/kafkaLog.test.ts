import { afterAll, beforeAll } from 'vitest'
import { logContract } from '../../streams/logContract.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
}, 180_000)

afterAll(() => place?.close())

logContract('the Kafka log', async topics => {
  const prefix = place.freshPrefix()
  return { open: () => place.open({ prefix, topics }), remove: async () => {} }
})
