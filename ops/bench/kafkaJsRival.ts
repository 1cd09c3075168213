// The rival of the Kafka log: kafkajs as one who knows it well would use it for the same promise.
// - One transactional, idempotent producer for each partition, so that partitions commit side by side; offsets go with the
//   records, and read-committed fetching is its default.
// - Fetches large enough for large transactions: a batch is what one fetch gave of a partition.
// - A transaction that begins while the marks of the one before are still being written is refused by the brokers; kafkajs
//   tries again after 300 ms unless told otherwise, and is told 2 ms.
// - No compression, no limits on requests under way, no auto-commit, no log lines.
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'
import {
  INPUT,
  outputOf,
  PARTITIONS,
  PREFIX,
  type Question,
  type RoundAnswer,
  Stopwatch,
  transform,
} from './kafkaWork.ts'

const RECORD_ON_WIRE_BYTES = 420
const retry = { initialRetryTime: 2, maxRetryTime: 50, multiplier: 1.5, retries: 50 }

/** Reads, transforms and commits every record of the input once. */
export async function copyWithKafkaJs(
  brokers: readonly string[],
  { group, records, batchRecords }: Question,
): Promise<RoundAnswer> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'rival', logLevel: logLevel.NOTHING, retry })
  const producers = await Promise.all(Array.from({ length: PARTITIONS }, (_, i) => openProducer(kafka, i)))
  const groupId = PREFIX + group
  const maxBytesPerPartition = batchRecords * RECORD_ON_WIRE_BYTES
  const consumer = kafka.consumer({
    groupId,
    maxBytesPerPartition,
    maxBytes: maxBytesPerPartition * PARTITIONS,
    maxWaitTimeInMs: 100,
  })
  await consumer.connect()
  await consumer.subscribe({ topic: PREFIX + INPUT, fromBeginning: true })
  const watch = new Stopwatch()
  let done = 0
  const answer = await new Promise<RoundAnswer>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    consumer
      .run({
        autoCommit: false,
        partitionsConsumedConcurrently: PARTITIONS,
        async eachBatch({ batch: { topic, partition, messages } }) {
          watch.begin()
          const transaction = await producers[partition].transaction()
          await transaction.send({
            topic: PREFIX + outputOf('kafkajs'),
            messages: messages.map(({ key, value }) => ({ key, value: value && Buffer.from(transform(value).buffer) })),
          })
          const offset = `${BigInt(messages[messages.length - 1].offset) + 1n}`
          await transaction.sendOffsets({
            consumerGroupId: groupId,
            topics: [{ topic, partitions: [{ partition, offset }] }],
          })
          await transaction.commit()
          done += messages.length
          if (done >= records) resolve(watch.end(done))
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  await Promise.all(producers.map(producer => producer.disconnect()))
  return answer
}

async function openProducer(kafka: Kafka, number: number): Promise<Producer> {
  const producer = kafka.producer({
    transactionalId: `rival-${number}`,
    idempotent: true,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry,
  })
  await producer.connect()
  return producer
}
