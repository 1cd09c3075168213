// The jars of the broker are fetched once, before the first of the tests that start one side by side.
import { brokerClassPath } from '../../../ops/kafka/brokerJars.ts'

export function setup(): void {
  brokerClassPath()
}
