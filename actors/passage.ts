// Whether what was in the log at a moment has gone the whole way since, whatever came after it.
import type { Log, TopicExtent } from '../streams/index.ts'

export interface ReadingGroup {
  readonly group: string
  readonly topics: readonly string[]
}

export class Passage {
  readonly #log: Log
  /** In the order of the walk. */
  readonly #groups: readonly ReadingGroup[]
  #passed = 0
  /** Ends of what the next group reads, as they were when the one before it had passed its own. */
  #marks: readonly TopicExtent[] | null = null

  constructor(log: Log, groups: readonly ReadingGroup[]) {
    this.#log = log
    this.#groups = groups
  }

  /** Looks on from where the last look ended. */
  async isThrough(): Promise<boolean> {
    for (; this.#passed < this.#groups.length; this.#passed++) {
      const { group, topics } = this.#groups[this.#passed]
      this.#marks ??= (await Promise.all(topics.map(topic => this.#log.extents(topic)))).flat()
      const committed = await this.#log.committed(group)
      const isPassed = this.#marks.every(({ topic, partition, first, end }) => {
        const position = committed.find(one => one.topic === topic && one.partition === partition)
        return Math.max(first, position?.offset ?? 0) >= end
      })
      if (!isPassed) return false
      this.#marks = null
    }
    return true
  }
}
