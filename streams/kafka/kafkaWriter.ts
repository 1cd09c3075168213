// The one writer of a Kafka log: transactions handed in while another is on its way share the next one, in order.
import type { Position, Transaction } from '../log.ts'
import { type CheckedOutput, checkGroup, checkOutputs, checkPartition } from '../outputCheck.ts'
import {
  type GroupOffsets,
  isFencing,
  isOutcomeUnknown,
  type KafkaProducer,
  type OffsetOwner,
  type OwnedOffset,
} from './kafkaProducer.ts'
import type { KafkaTopic } from './kafkaTopics.ts'

export interface WriterContext {
  readonly producer: KafkaProducer
  readonly maxRecordBytes: number
  readonly topicOf: (name: string) => KafkaTopic
  /** The group as the brokers name it. */
  readonly groupIdOf: (group: string) => string
  /** Who reads the topic for the group here. */
  readonly ownerOf: (group: string, topic: KafkaTopic) => OffsetOwner | null
  /** What must have happened before anything more is written. */
  readonly beforeCommit: () => Promise<unknown>
  /** After every transaction, with where each output lies. */
  readonly onCommit: (outputs: readonly CheckedOutput<KafkaTopic>[], positions: readonly Position[]) => void
}

/** How much of the waiting transactions one commit takes. */
const MAX_COMMIT_BYTES = 16 * 1024 * 1024
/** A transaction is sent within its timeout, and kept in memory meanwhile. */
const MAX_TRANSACTION_BYTES = 128 * 1024 * 1024

interface Waiting {
  readonly outputs: readonly CheckedOutput<KafkaTopic>[]
  readonly group: string
  readonly offsets: readonly OwnedOffset[]
  readonly sizeBytes: number
  readonly resolve: (positions: readonly Position[]) => void
  readonly reject: (error: unknown) => void
}

export class KafkaWriter {
  readonly #context: WriterContext
  #waiting: Waiting[] = []
  #running: Promise<void> | null = null
  #turn = 0
  /** Set once nothing more may be written: another process has taken over. */
  #failure: unknown = null

  constructor(context: WriterContext) {
    this.#context = context
  }

  /** Resolves when the transaction is committed and can be read. The values must not change before that. */
  transact(transaction: Transaction): Promise<readonly Position[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) throw this.#failure
      const { topicOf, ownerOf, maxRecordBytes } = this.#context
      const rules = { topicOf, maxRecordBytes, maxTransactionBytes: MAX_TRANSACTION_BYTES, turn: this.#turn++ }
      const { outputs, sizeBytes } = checkOutputs(transaction.outputs, rules)
      const group = checkGroup(transaction)
      const offsets = (transaction.offsets ?? []).map(({ topic: name, partition, offset }) => {
        const topic = topicOf(name)
        if (!Number.isInteger(offset) || offset < 0) throw new RangeError(`${name}/${partition}: no offset ${offset}`)
        // Its owner is whoever reads now: one that reads later must not answer for what another has begun.
        const owner = ownerOf(group, topic)
        return { topic: topic.brokerName, partition: checkPartition(partition, topic), offset, owner }
      })
      if (outputs.length === 0 && offsets.length === 0) {
        resolve([])
        return
      }
      this.#waiting.push({ outputs, group, offsets, sizeBytes, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Commits what waits. */
  async close(): Promise<void> {
    await this.#running
    this.#failure = new RangeError('the log is closed')
  }

  async #run(): Promise<void> {
    await this.#context.beforeCommit()
    while (this.#waiting.length > 0) {
      let sizeBytes = 0
      let count = 0
      while (count < this.#waiting.length && (count === 0 || sizeBytes < MAX_COMMIT_BYTES)) {
        sizeBytes += this.#waiting[count].sizeBytes
        count += 1
      }
      await this.#commit(this.#waiting.splice(0, count))
      await this.#context.beforeCommit()
    }
    this.#running = null
  }

  async #commit(together: readonly Waiting[]): Promise<void> {
    try {
      if (this.#failure !== null) throw this.#failure
      const groups = this.#groupsOf(together)
      const written = together.flatMap(({ outputs }) => outputs)
      const positions = await this.#context.producer.write(written, groups)
      for (const { offsets } of groups) for (const { owner, ...offset } of offsets) owner?.noteCommitted(offset)
      this.#context.onCommit(written, positions)
      let first = 0
      for (const { outputs, resolve } of together) {
        resolve(positions.slice(first, first + outputs.length))
        first += outputs.length
      }
    } catch (error) {
      if (isFencing(error)) this.#failure = error
      // One that is refused, such as offsets of a group that has moved on, must not take the others with it; but what
      // may be there already must not be written again.
      const mayTryApart = together.length > 1 && this.#failure === null && !isOutcomeUnknown(error)
      if (mayTryApart) for (const one of together) await this.#commit([one])
      else for (const one of together) one.reject(error)
    }
  }

  /** The last offset of each partition of each group, of each owner: all of them are asked. */
  #groupsOf(together: readonly Waiting[]): GroupOffsets[] {
    const groups = new Map<string, Map<OffsetOwner | null, Map<string, OwnedOffset>>>()
    for (const { group, offsets } of together) {
      for (const offset of offsets) {
        const owners = groups.get(group) ?? new Map<OffsetOwner | null, Map<string, OwnedOffset>>()
        const places = owners.get(offset.owner) ?? new Map<string, OwnedOffset>()
        places.set(`${offset.topic}/${offset.partition}`, offset)
        groups.set(group, owners.set(offset.owner, places))
      }
    }
    return [...groups].map(([group, owners]) => ({
      groupId: this.#context.groupIdOf(group),
      offsets: [...owners.values()].flatMap(places => [...places.values()]),
    }))
  }
}
