// One transactional producer: records and offsets of a transaction become visible together or never.
//   partitions and groups added -> records and offsets sent -> committed, and asked again until the marks that end it
//   stand in every partition: what a resolved transaction wrote can be read, and the next begins at once.
// Whatever fails before the commit is aborted, and the producer takes a fresh epoch, so that its sequences begin anew. It does so
// too where a request went unanswered and was sent again: the first one may come to the brokers late, and would else commit
// half of the next transaction, or put offsets of this one into it.
import { FusionError } from '../../schemas/index.ts'
import type { Position } from '../log.ts'
import type { CheckedOutput } from '../outputCheck.ts'
import { encodeBatch, RECORD_OVERHEAD_BYTES } from './batchEncoder.ts'
import type { KafkaClient } from './kafkaClient.ts'
import { brokerCodeOf, brokerCodes, movedCodes } from './kafkaErrors.ts'
import { type KafkaNode, type ProducerIdentity, wireIdentity } from './kafkaNode.ts'
import {
  commitOffsets,
  initProducer,
  type Membership,
  noMember,
  type PartitionPlace,
  type PlaceOffset,
} from './kafkaRequests.ts'
import { BATCH_BYTES, type KafkaTopic } from './kafkaTopics.ts'
import { produceBatches } from './produceRequest.ts'

export interface ProducerOptions {
  readonly transactionalId: string
  /** A transaction open longer than this is aborted by the brokers. */
  readonly transactionTimeoutMs: number
  readonly maxRecordBytes: number
  /** What records say of when they were written, for retention by time. */
  readonly nowMs: () => number
}

/** Whoever reads partitions for a group, and is asked when it comes to it: the group may have moved on. */
export interface OffsetOwner {
  /** Waits while the group has no place for it. */
  settled(): Promise<void>
  /** Waits while the group moves. */
  rested(): Promise<void>
  /** @throws FusionError LOG_REASSIGNED when the partition is not its own any more */
  memberOf(place: PartitionPlace): Membership
  noteCommitted(offset: PlaceOffset): void
}

export interface OwnedOffset extends PlaceOffset {
  /** Null is nobody in particular: no reader of the group was open here when it was handed in. */
  readonly owner: OffsetOwner | null
}

export interface GroupOffsets {
  readonly groupId: string
  readonly offsets: readonly OwnedOffset[]
}

interface RecordRun {
  readonly topic: KafkaTopic
  readonly partition: number
  readonly records: CheckedOutput<KafkaTopic>[]
  /** The output that each message is. */
  readonly indexes: number[]
  sizeBytes: number
}

const MAX_BATCH_RECORDS = 10_000
/** Sequences are 31-bit numbers that begin anew after the largest. */
const SEQUENCES = 2 ** 31
/** How often a commit of offsets is tried again after the group has moved. */
const MAX_MOVES = 3

export class KafkaProducer {
  readonly #client: KafkaClient
  readonly #options: ProducerOptions
  readonly #sequences = new Map<string, number>()
  #identity: ProducerIdentity
  /** Something failed since the epoch began, or may still be on its way. */
  #isUnclean = false

  /** Fences whoever held the transactional id before. */
  static async open(client: KafkaClient, options: ProducerOptions): Promise<KafkaProducer> {
    return new KafkaProducer(client, options, await renewed(client, options, null))
  }

  private constructor(client: KafkaClient, options: ProducerOptions, identity: ProducerIdentity) {
    this.#client = client
    this.#options = options
    this.#identity = identity
  }

  /**
   * @returns each output's position
   * @throws FusionError LOG_FENCED, LOG_REASSIGNED, RECORD_TOO_LARGE or LOG_UNAVAILABLE
   */
  async write(outputs: readonly CheckedOutput<KafkaTopic>[], groups: readonly GroupOffsets[]): Promise<Position[]> {
    if (this.#isUnclean) await this.#renew()
    // Before the transaction opens: while it is open, others wait for it.
    for (const owner of ownersOf(groups)) await owner.settled()
    const positions: Position[] = []
    try {
      const rounds = this.#rounds(outputs)
      await this.#addPlaces(rounds, groups)
      // Records and offsets go to different places and say nothing of one another: they are waited for together.
      const sent = [this.#sendRounds(rounds, positions), ...groups.map(group => this.#sendOffsets(group))]
      for (const outcome of await Promise.allSettled(sent)) if (outcome.status === 'rejected') throw outcome.reason
    } catch (error) {
      this.#isUnclean = true
      await this.#abort()
      throw error
    }
    await this.#commit()
    return positions
  }

  /** One request after another: the brokers refuse to change a transaction twice at a time. */
  async #addPlaces(rounds: readonly RecordRun[][], groups: readonly GroupOffsets[]): Promise<void> {
    if (rounds.length > 0) {
      const topics = rounds[0].map(({ topic, partition }) => ({ topic: topic.brokerName, partitions: [partition] }))
      await this.#coordinate(node => node.addPartitionsToTxn({ ...wireIdentity(this.#identity), topics }))
    }
    for (const { groupId } of groups) {
      await this.#coordinate(node => node.addOffsetsToTxn({ ...wireIdentity(this.#identity), groupId }))
    }
  }

  async #sendRounds(rounds: readonly RecordRun[][], positions: Position[]): Promise<void> {
    for (const round of rounds) await this.#sendRound(round, positions)
  }

  /** Cuts the outputs into batches of each partition; a round holds at most one batch of each, as a request does. */
  #rounds(outputs: readonly CheckedOutput<KafkaTopic>[]): RecordRun[][] {
    const maxBytes = Math.min(BATCH_BYTES, this.#options.maxRecordBytes)
    const runs = new Map<KafkaTopic, RecordRun[][]>()
    for (let index = 0; index < outputs.length; index++) {
      const output = outputs[index]
      const { topic, partition, keyBytes, value } = output
      let lists = runs.get(topic)
      if (lists === undefined) {
        lists = Array.from({ length: topic.partitions }, () => [])
        runs.set(topic, lists)
      }
      const list = lists[partition]
      const sizeBytes = keyBytes + (value?.length ?? 0) + RECORD_OVERHEAD_BYTES
      let run = list.at(-1)
      if (run === undefined || run.records.length >= MAX_BATCH_RECORDS || run.sizeBytes + sizeBytes > maxBytes) {
        run = { topic, partition, records: [], indexes: [], sizeBytes: 0 }
        list.push(run)
      }
      run.records.push(output)
      run.indexes.push(index)
      run.sizeBytes += sizeBytes
    }
    const lists = [...runs.values()].flat()
    const length = Math.max(0, ...lists.map(list => list.length))
    return Array.from({ length }, (_, i) => lists.flatMap(list => list.slice(i, i + 1)))
  }

  /** Sent again unchanged where it may have failed: the brokers know by its sequence a batch that they have already. */
  async #sendRound(round: readonly RecordRun[], positions: Position[]): Promise<void> {
    await this.#persist(async () => {
      const byNode = new Map<number, RecordRun[]>()
      for (const run of round) {
        const nodeId = this.#client.leaderOf(run.topic.brokerName, run.partition)
        byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), run])
      }
      await Promise.all([...byNode].map(([nodeId, runs]) => this.#produce(nodeId, runs, positions)))
    })
    for (const { topic, partition, records } of round) {
      const place = `${topic.name}/${partition}`
      this.#sequences.set(place, ((this.#sequences.get(place) ?? 0) + records.length) % SEQUENCES)
    }
  }

  async #produce(nodeId: number, runs: readonly RecordRun[], positions: Position[]): Promise<void> {
    const node = await this.#client.node(nodeId)
    const { transactionalId, producerId, epochNumber } = this.#identity
    const timeMs = this.#options.nowMs()
    const batches = runs.map(({ topic, partition, records }) => {
      const firstSequence = this.#sequences.get(`${topic.name}/${partition}`) ?? 0
      const head = { producerId: BigInt(producerId), epochNumber, firstSequence, timeMs }
      return { topic: topic.brokerName, partition, bytes: encodeBatch(records, head) }
    })
    for (const { topic, partition, offset } of await this.#client.send(
      node,
      produceBatches(transactionalId, batches),
    )) {
      const run = runs.find(one => one.topic.brokerName === topic && one.partition === partition)
      run?.indexes.forEach((index, i) => {
        positions[index] = { topic: run.topic.name, partition, offset: offset + i }
      })
    }
  }

  async #sendOffsets(group: GroupOffsets): Promise<void> {
    const { groupId } = group
    for (let moves = 0; ; moves++) {
      if (moves > 0) for (const owner of ownersOf([group])) await owner.rested()
      const byMember = new Map<string, { readonly member: Membership; readonly offsets: PlaceOffset[] }>()
      for (const offset of group.offsets) {
        const member = offset.owner?.memberOf(offset) ?? noMember
        const name = `${member.memberId} ${member.generation}`
        const entry = byMember.get(name) ?? { member, offsets: [] }
        entry.offsets.push(offset)
        byMember.set(name, entry)
      }
      try {
        for (const { member, offsets } of byMember.values()) {
          const request = commitOffsets(this.#identity, groupId, member, offsets)
          await this.#persist(async () => {
            await this.#client.send(await this.#client.coordinator('group', groupId), request)
          })
        }
        return
      } catch (error) {
        // The generation ended meanwhile: where the partition stays here, the next one may commit it.
        const code = brokerCodeOf(error)
        if (code === null || !movedCodes.has(code) || moves >= MAX_MOVES) throw error
      }
    }
  }

  async #commit(): Promise<void> {
    let attempts = 0
    const end = () =>
      this.#coordinate(node => {
        attempts += 1
        return node.endTxn({ ...wireIdentity(this.#identity), transactionResult: true })
      })
    try {
      await end()
    } catch (error) {
      this.#isUnclean = true
      if (attempts <= 1 && brokerCodeOf(error) !== null) throw error
      throw new FusionError(
        'LOG_UNAVAILABLE',
        'The brokers did not say whether a transaction was committed: it is there whole or not at all. ' +
          'Go on from the committed offsets.',
        { cause: error, detail: { transactionalId: this.#options.transactionalId, isOutcomeUnknown: 1 } },
      )
    }
    try {
      // Answered only when the marks stand in all partitions.
      await end()
    } catch {
      // It is committed all the same; readers see it as soon as the brokers get to it.
    }
  }

  async #abort(): Promise<void> {
    try {
      await this.#coordinate(node => node.endTxn({ ...wireIdentity(this.#identity), transactionResult: false }))
    } catch {
      // Nothing to abort, or fenced, or away: the brokers abort it after its timeout or with the next epoch.
    }
  }

  async #renew(): Promise<void> {
    await this.#abort()
    this.#identity = await renewed(this.#client, this.#options, this.#identity)
    this.#sequences.clear()
    this.#isUnclean = false
  }

  #coordinate(request: (node: KafkaNode) => Promise<unknown>): Promise<unknown> {
    return this.#persist(async () =>
      request(await this.#client.coordinator('transaction', this.#options.transactionalId)),
    )
  }

  #persist<Answer>(action: () => Promise<Answer>): Promise<Answer> {
    return this.#client.persist(async () => {
      try {
        return await action()
      } catch (error) {
        if (brokerCodeOf(error) === null) this.#isUnclean = true
        throw error
      }
    })
  }
}

function renewed(
  client: KafkaClient,
  { transactionalId, transactionTimeoutMs }: ProducerOptions,
  current: ProducerIdentity | null,
): Promise<ProducerIdentity> {
  return client.persist(async () =>
    client.send(
      await client.coordinator('transaction', transactionalId),
      initProducer(transactionalId, transactionTimeoutMs, current),
    ),
  )
}

function ownersOf(groups: readonly GroupOffsets[]): ReadonlySet<OffsetOwner> {
  return new Set(groups.flatMap(({ offsets }) => offsets.flatMap(({ owner }) => owner ?? [])))
}

export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof FusionError && error.detail.isOutcomeUnknown === 1
}

export function isFencing(error: unknown): boolean {
  const code = brokerCodeOf(error)
  return code === brokerCodes.invalidEpoch || code === brokerCodes.producerFenced
}
