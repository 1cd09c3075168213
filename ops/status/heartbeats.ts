// The newest heartbeat of each process, from the end of their topic.
import { decodeKnown, type Heartbeat } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'

/** Enough for a dozen processes, where brokers put marks of transactions between them. */
const TAIL_OFFSETS = 64
/** Whoever was silent for so long is over, in order or not. */
const SHOWN_MS = 600_000

/** Of processes that are at work. @param nowMs since 1970 */
export async function readHeartbeats(log: Log, nowMs: number): Promise<readonly Heartbeat[]> {
  return (await newestHeartbeats(log)).filter(({ atMs, isLast }) => !isLast && nowMs - Number(atMs) < SHOWN_MS)
}

/** Of processes that are over too. */
export async function newestHeartbeats(log: Log): Promise<readonly Heartbeat[]> {
  const extents = await log.extents('heartbeat')
  const from = extents.map(({ topic, partition, first, end }) => ({
    ...{ topic, partition },
    offset: Math.max(first, end - TAIL_OFFSETS),
  }))
  const newest = new Map<string, Heartbeat>()
  const reader = log.openReader({ topics: ['heartbeat'], from })
  try {
    let read = 0
    // More may come while it is read: what was there is enough.
    for (let batch = await reader.poll(); batch !== null && read < TAIL_OFFSETS; batch = await reader.poll()) {
      read += batch.records.length
      for (const { value, ...place } of batch.records) {
        const heartbeat = value === null ? null : decodeKnown('heartbeat', value, place)
        if (heartbeat !== null) newest.set(heartbeat.process, heartbeat)
      }
    }
  } finally {
    await reader.close()
  }
  return [...newest.values()]
}
