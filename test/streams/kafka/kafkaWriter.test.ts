import { expect, test } from 'vitest'
import { reassigned } from '../../../streams/kafka/kafkaErrors.ts'
import type { GroupOffsets, KafkaProducer, OffsetOwner } from '../../../streams/kafka/kafkaProducer.ts'
import { KafkaWriter } from '../../../streams/kafka/kafkaWriter.ts'
import type { Transaction } from '../../../streams/log.ts'

const topic = { name: 'in', brokerName: 'a.in', partitions: 2, keep: 'all', tombstoneMs: 0 } as const

function owner(memberId: string, committed: string[]): OffsetOwner & { isClosed: boolean } {
  return {
    isClosed: false,
    settled: async () => {},
    rested: async () => {},
    memberOf({ topic, partition }) {
      if (this.isClosed) throw reassigned(`${topic}/${partition}`)
      return { memberId, generation: 1 }
    },
    noteCommitted: ({ partition, offset }) => {
      committed.push(`${memberId} ${partition}@${offset}`)
    },
  }
}

test('offsets belong to the reader that was open when they were handed in, and to no later one', async () => {
  const committed: string[] = []
  const [first, second] = [owner('first', committed), owner('second', committed)]
  let reading: OffsetOwner | null = first
  let release = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  let begin = () => {}
  const begun = new Promise<void>(resolve => {
    begin = resolve
  })
  const written: string[][] = []
  const producer = {
    async write(_outputs: unknown, groups: readonly GroupOffsets[]) {
      if (written.length === 0) {
        written.push([])
        begin()
        await held
        return []
      }
      const asked = groups.flatMap(({ groupId, offsets }) =>
        offsets.map(one => {
          const member = one.owner?.memberOf(one).memberId ?? 'nobody'
          return `${groupId} ${member} ${one.topic}/${one.partition}@${one.offset}`
        }),
      )
      written.push(asked)
      return []
    },
  }
  const writer = new KafkaWriter({
    producer: producer as unknown as KafkaProducer,
    maxRecordBytes: 100,
    topicOf: () => topic,
    groupIdOf: group => `a.${group}`,
    ownerOf: () => reading,
    beforeCommit: async () => {},
    onCommit: () => {},
  })
  const at = (partition: number, offset: number): Transaction => ({
    outputs: [],
    group: 'all',
    offsets: [{ topic: 'in', partition, offset }],
  })
  const busy = writer.transact(at(1, 1))
  await begun
  const late = writer.transact(at(0, 5))
  reading = second
  const current = writer.transact(at(0, 9))
  reading = null
  const free = writer.transact(at(1, 3))
  first.isClosed = true
  release()
  await busy
  await expect(late).rejects.toMatchObject({ code: 'LOG_REASSIGNED' })
  await current
  await free
  expect(written).toEqual([[], ['a.all second a.in/0@9'], ['a.all nobody a.in/1@3']])
  expect(committed).toEqual(['first 1@1', 'second 0@9'])
})
