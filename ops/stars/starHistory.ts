// How belief about one star changed: every posterior that was committed for it, under any id it had.
import { decode, type Posterior, type Star } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { idsOfStar } from './starIds.ts'

/**
 * All posteriors of a star, the oldest first. Reads the topic of posteriors from its beginning, one batch at a time:
 * ids that the star no longer has lie in other partitions.
 */
export async function starHistory(log: Log, star: Star): Promise<readonly Posterior[]> {
  const found = new Map<string, Posterior[]>(idsOfStar(star).map(id => [id, []]))
  const reader = log.openReader({ topics: ['posteriors'] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { key, value } of batch.records) {
        if (key === null || value === null) continue
        found.get(key)?.push(decode('posterior', value))
      }
    }
  } finally {
    await reader.close()
  }
  return [...found.values()].flat()
}
