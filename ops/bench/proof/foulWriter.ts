// Transactions on Kafka that are aborted on purpose or left open until the brokers end them, through kafkajs's own producer:
// nobody may ever see anything of them.
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { openHistory, readHistory } from './proofHistory.ts'
import { proofOutput, RecordPlan, type RoleContext, SOURCE } from './proofRoles.ts'

export interface FoulOptions {
  readonly brokers: readonly string[]
  readonly prefix: string
}

const PAUSE_MS = 200
/** One in this many is left open, and holds readers back until its timeout. */
const OPEN_SHARE = 40
const OPEN_TIMEOUT_MS = 15_000
const PARTITIONS = 4

export async function writeFoulRecords(name: string, context: RoleContext, options: FoulOptions): Promise<void> {
  const { historyPath, seed, signal } = context
  const plan = new RecordPlan(name, seed, readHistory(historyPath))
  const history = openHistory(historyPath)
  const kafka = new Kafka({ brokers: [...options.brokers], logLevel: logLevel.NOTHING, retry: { retries: 2 } })
  for (let turn = 0; !signal.aborted; turn++) {
    const { transaction, records } = plan.next()
    history.append([{ op: 'begin', transaction, willCommit: false, records }])
    const producer = kafka.producer({
      // Another one each time: taking an id again would end what is open before its time.
      transactionalId: `${options.prefix}${name}${process.pid}.${turn}`,
      transactionTimeout: OPEN_TIMEOUT_MS,
      maxInFlightRequests: 1,
      idempotent: true,
      retry: { retries: 2 },
      createPartitioner:
        () =>
        ({ message }) =>
          (message.key?.length ?? 0) % PARTITIONS,
    })
    try {
      await producer.connect()
      const begun = await producer.transaction()
      const messages = records.map(record => {
        const { key, value } = proofOutput(SOURCE, record)
        return { key, value: Buffer.from(value ?? []) }
      })
      await begun.send({ topic: options.prefix + SOURCE, messages })
      if (plan.integer(OPEN_SHARE) !== 0) await begun.abort()
    } catch {
      // Brokers that are away: whatever is there of it, nobody commits it.
    } finally {
      await producer.disconnect().catch(() => {})
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {})
  }
  history.close()
}
