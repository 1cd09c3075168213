import { afterAll, beforeAll } from 'vitest'
import type { Topic } from '../../../streams/topics.ts'
import { keepingContract } from '../../streams/keepingContract.ts'
import { type LogPlace, logContract } from '../../streams/logContract.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

async function makePlace(topics: readonly Topic[]): Promise<LogPlace> {
  const prefix = place.freshPrefix()
  return { open: () => place.open({ prefix, topics }), remove: async () => {} }
}

logContract('the Kafka log', makePlace)
keepingContract('the Kafka log', makePlace)
