// The indexes of a log: made when a partition is first asked about, or ahead of that where the process stands by for
// partitions that others work on.
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogRecord, Position } from '../log.ts'
import type { CheckedOutput } from '../outputCheck.ts'
import type { KafkaClient } from './kafkaClient.ts'
import { identifyTopics } from './kafkaRequests.ts'
import type { KafkaTopic } from './kafkaTopics.ts'
import { LatestIndex, type OwnRecord } from './latestIndex.ts'
import type { ProcessState } from './processState.ts'

/** How far a process that stands by is behind, beside the time it takes to read what is new. */
const FOLLOW_EVERY_MS = 500

export class LatestIndexes {
  readonly #client: KafkaClient
  readonly #state: ProcessState
  readonly #nowMs: () => number
  readonly #indexes = new Map<string, Promise<LatestIndex>>()
  /** By topic and partition, as soon as they are there. */
  readonly #opened = new Map<KafkaTopic, LatestIndex[]>()
  /** Of the topics, by name: what their state is kept under. */
  readonly #identities = new Map<string, Promise<string>>()
  readonly #closing = new AbortController()
  #following: Promise<void> = Promise.resolve()

  constructor(client: KafkaClient, state: ProcessState, nowMs: () => number) {
    this.#client = client
    this.#state = state
    this.#nowMs = nowMs
  }

  async latest(topic: KafkaTopic, partition: number, key: string): Promise<LogRecord | null> {
    const index = await this.#indexOf(topic, partition)
    return index.latest(key)
  }

  /** Of what was committed, each partition that somebody has asked about is told its part; positions as the outputs are. */
  noteOwn(outputs: readonly CheckedOutput<KafkaTopic>[], positions: readonly Position[]): void {
    const parts = new Map<LatestIndex, OwnRecord[]>()
    for (let i = 0; i < outputs.length; i++) {
      const { topic, partition, key, value } = outputs[i]
      const index = this.#opened.get(topic)?.[partition]
      if (index === undefined || !index.wantsOwn) continue
      const part = parts.get(index)
      const record = { key, value, offset: positions[i].offset }
      if (part === undefined) parts.set(index, [record])
      else part.push(record)
    }
    for (const [index, part] of parts) index.noteOwn(part)
  }

  /** Keeps the state of every partition of the topics near the end of the log until closed. */
  follow(topics: readonly KafkaTopic[]): void {
    this.#following = this.#follow(topics)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#following
    for (const opening of this.#indexes.values()) {
      const index = await opening.catch(() => null)
      // What was not written is read again at the next start.
      await index?.close().catch(() => {})
    }
  }

  async #follow(topics: readonly KafkaTopic[]): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      for (const topic of topics) {
        for (let partition = 0; partition < topic.partitions && !signal.aborted; partition++) {
          try {
            const index = await this.#indexOf(topic, partition)
            await index.follow()
          } catch {
            // Whoever needs the partition is told; here the next round tries again.
          }
        }
      }
      await sleep(FOLLOW_EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  #indexOf(topic: KafkaTopic, partition: number): Promise<LatestIndex> {
    const place = `${topic.brokerName}/${partition}`
    let index = this.#indexes.get(place)
    if (index === undefined) {
      index = this.#open(topic, partition)
      this.#indexes.set(place, index)
      index.catch(() => {
        this.#indexes.delete(place)
        // The topic may have been made anew.
        this.#identities.delete(topic.brokerName)
      })
    }
    return index
  }

  async #open(topic: KafkaTopic, partition: number): Promise<LatestIndex> {
    const { brokerName } = topic
    const store = await this.#state.keys(`${brokerName}/${partition}`, await this.#identityOf(brokerName))
    const index = new LatestIndex(this.#client, { topic, partition, store, nowMs: this.#nowMs })
    const opened = this.#opened.get(topic) ?? []
    opened[partition] = index
    this.#opened.set(topic, opened)
    return index
  }

  #identityOf(brokerName: string): Promise<string> {
    let identity = this.#identities.get(brokerName)
    if (identity === undefined) {
      identity = this.#identify(brokerName)
      this.#identities.set(brokerName, identity)
    }
    return identity
  }

  async #identify(brokerName: string): Promise<string> {
    const { clusterId, topicIds } = await this.#client.persist(async () =>
      this.#client.send(await this.#client.controller(), identifyTopics([brokerName])),
    )
    return `${clusterId} ${topicIds.get(brokerName)}`
  }
}
