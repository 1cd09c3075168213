// A transaction left open by somebody else, through kafkajs's own producer.
import { Kafka, logLevel } from 'kafkajs'

export interface OpenTransaction {
  commit(): Promise<void>
  abort(): Promise<void>
}

export async function openTransaction(
  brokers: readonly string[],
  transactionalId: string,
  topic: string,
  texts: readonly string[],
  partition = 0,
  transactionTimeout = 60_000,
): Promise<OpenTransaction> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING })
  const producer = kafka.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout,
    createPartitioner: () => () => partition,
    retry: { retries: 5, initialRetryTime: 30 },
  })
  await producer.connect()
  const transaction = await producer.transaction()
  await transaction.send({ topic, messages: texts.map(text => ({ key: `of ${text}`, value: text, partition })) })
  const end = async (how: () => Promise<void>) => {
    try {
      await how()
    } finally {
      await producer.disconnect()
    }
  }
  return { commit: () => end(() => transaction.commit()), abort: () => end(() => transaction.abort()) }
}
