import { afterAll, beforeAll } from 'vitest'
import { chaosContract } from '../chaosContract.ts'
import { type BrokerPlace, openBrokerPlace } from './brokerPlace.ts'

let place: BrokerPlace

beforeAll(async () => {
  place = await openBrokerPlace()
})

afterAll(() => place?.close())

chaosContract('actors over the Kafka log', topics => place.open({ prefix: place.freshPrefix(), topics }))
