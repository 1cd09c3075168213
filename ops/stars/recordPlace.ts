// One record of a topic that keeps all, looked up where it lies.
import type { Log, LogRecord } from '../../streams/index.ts'

/** The record at an offset; `null` where retention has taken it, or nothing is there yet. */
export async function recordAt(log: Log, topic: string, partition: number, offset: number): Promise<LogRecord | null> {
  const extents = await log.extents(topic)
  const { first, end } = extents[partition]
  if (offset < first || offset >= end) return null
  // The other partitions have nothing to say: they are read from their ends on.
  const from = extents.map(one => ({ topic, partition: one.partition, offset: one.end }))
  from[partition] = { ...from[partition], offset }
  const reader = log.openReader({ topics: [topic], from, maxRecords: 1 })
  try {
    // A partition that has grown meanwhile may come first.
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      const found = batch.records.find(record => record.partition === partition && record.offset === offset)
      if (found !== undefined) return found
    }
    return null
  } finally {
    await reader.close()
  }
}
