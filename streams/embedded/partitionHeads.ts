// The heads that one write transaction has touched, written back once at its end.
import { type LmdbStore, readHead, writeHead } from './lmdbStore.ts'
import type { NumberedTopic } from './topicTable.ts'

export interface DraftHead {
  readonly topic: NumberedTopic
  readonly partition: number
  first: number
  end: number
  sizeBytes: number
}

export class PartitionHeads {
  readonly #store: LmdbStore
  readonly #drafts = new Map<string, DraftHead>()

  constructor(store: LmdbStore) {
    this.#store = store
  }

  of(topic: NumberedTopic, partition: number): DraftHead {
    const id = `${topic.id}/${partition}`
    let draft = this.#drafts.get(id)
    if (draft === undefined) {
      draft = { topic, partition, ...readHead(this.#store, topic.id, partition) }
      this.#drafts.set(id, draft)
    }
    return draft
  }

  touched(): Iterable<DraftHead> {
    return this.#drafts.values()
  }

  /** Inside a transaction only. */
  write(): void {
    for (const draft of this.#drafts.values()) writeHead(this.#store, draft.topic.id, draft.partition, draft)
  }
}
