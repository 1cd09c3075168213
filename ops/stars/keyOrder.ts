// The keys of a compacted topic in the order of their names: the log's own order says who was done first, which is
// another in every run.
import type { Log } from '../../streams/index.ts'

/** Keys held at a time, some tens of bytes each; a topic of more is read again for the next of them. */
const WINDOW = 500_000

/**
 * Each key that has a record, once; one that was removed meanwhile may be among them.
 *
 * @param window the most keys held in memory is twice this
 */
export async function* keysInOrder(log: Log, topic: string, window = WINDOW): AsyncGenerator<string, void, undefined> {
  let after: string | null = null
  for (;;) {
    const keys: readonly string[] = await smallestKeys(log, topic, after, window)
    yield* keys
    if (keys.length < window) return
    after = keys[keys.length - 1]
  }
}

/** The first keys after one, sorted by their code units. */
async function smallestKeys(log: Log, topic: string, after: string | null, count: number): Promise<readonly string[]> {
  let found: string[] = []
  const trim = () => {
    found = [...new Set(found)].sort().slice(0, count)
  }
  const reader = log.openReader({ topics: [topic] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { key, value } of batch.records) {
        if (key !== null && value !== null && (after === null || key > after)) found.push(key)
      }
      if (found.length >= 2 * count) trim()
    }
  } finally {
    await reader.close()
  }
  trim()
  return found
}
