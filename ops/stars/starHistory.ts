// How belief about one star changed: every posterior that was committed for it, oldest first.
import { decode, type Posterior } from '../../schemas/index.ts'
import type { Log, Position } from '../../streams/index.ts'

export interface HistoryEntry {
  readonly position: Position
  readonly posterior: Posterior
}

/**
 * Reads one partition of `posteriors` from its beginning, holding one batch at a time.
 * Both topics split by star id into equally many partitions, so the newest posterior tells which partition it is.
 */
export async function* starHistory(log: Log, starId: string): AsyncGenerator<HistoryEntry, void, undefined> {
  const newest = await log.latest('latest-posteriors', starId)
  if (newest === null) return
  const extents = await log.extents('posteriors')
  const from = extents.map(({ topic, partition, first, end }) => ({
    topic,
    partition,
    offset: partition === newest.partition ? first : end,
  }))
  const reader = log.openReader({ topics: ['posteriors'], from })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { topic, partition, offset, key, value } of batch.records) {
        if (key !== starId || value === null) continue
        yield { position: { topic, partition, offset }, posterior: decode('posterior', value) }
      }
    }
  } finally {
    await reader.close()
  }
}
