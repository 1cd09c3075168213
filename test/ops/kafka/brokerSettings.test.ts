import { expect, test } from 'vitest'
import { nodeProperties } from '../../../ops/kafka/brokerSettings.ts'

const ports = [1, 2, 3].map(i => ({ broker: 9000 + i, controller: 9100 + i, inner: 9200 + i }))

test('a node of three knows all controllers, listens on loopback alone and copies everything three times', () => {
  const lines = nodeProperties(2, ports, 'place').split('\n')
  expect(lines).toContain('node.id=2')
  expect(lines).toContain('controller.quorum.voters=1@127.0.0.1:9101,2@127.0.0.1:9102,3@127.0.0.1:9103')
  expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:9002,INNER://127.0.0.1:9202,CONTROLLER://127.0.0.1:9102')
  expect(lines).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:9002,INNER://127.0.0.1:9202')
  expect(lines).toContain('transaction.state.log.replication.factor=3')
  expect(lines).toContain('transaction.state.log.min.isr=2')
})

test('a single node asks for no copies', () => {
  const lines = nodeProperties(1, ports.slice(0, 1), 'place').split('\n')
  expect(lines).toContain('offsets.topic.replication.factor=1')
  expect(lines).toContain('min.insync.replicas=1')
})

test('clients are told of what stands before a node, other nodes are not', () => {
  const lines = nodeProperties(1, [{ ...ports[0], advertised: 7777 }], 'place').split('\n')
  expect(lines).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:7777,INNER://127.0.0.1:9201')
})
