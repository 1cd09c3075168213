// What a log holds, so that two logs can be compared record for record, whatever partitions and batches did to it.
import { createHash } from 'node:crypto'
import { holdsOffsets, translateOffsets } from '../../actors/index.ts'
import { decode, encode, type RecordName } from '../../schemas/index.ts'
import { type Log, topics } from '../../streams/index.ts'

/** Topic -> key -> hashes of its records, in order. */
export type LogContent = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

/** Whether a file's stamp can be trusted, and so is kept, is a matter of time. */
const STAMP = 'stamp:'

/** What is left of a record that does not follow from how batches fell, and on brokers from transactions: no offsets. */
function plainOf(record: RecordName | null, value: Uint8Array): Uint8Array {
  if (!holdsOffsets(record)) return value
  const placed = translateOffsets(record, value, () => ({ partition: 0, offset: 0 }))
  return record === 'delivery' ? encode(record, { ...decode(record, placed), stamp: '' }) : placed
}

/** Compacted topics give the newest record of each key, all others every record. */
export async function readLogContent(log: Log): Promise<LogContent> {
  const content = new Map<string, Map<string, string[]>>()
  for (const { name, keep, record } of topics) {
    const keys = new Map<string, string[]>()
    const reader = log.openReader({ topics: [name] })
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { key, value } of batch.records) {
        if (key?.startsWith(STAMP)) continue
        const digest =
          value === null ? 'none' : createHash('sha256').update(plainOf(record, value)).digest('hex').slice(0, 24)
        if (keep === 'all') keys.set(`${key}`, [...(keys.get(`${key}`) ?? []), digest])
        else if (value === null) keys.delete(`${key}`)
        else keys.set(`${key}`, [digest])
      }
    }
    await reader.close()
    content.set(name, keys)
  }
  return content
}

/** Sentences that say where the second log differs, a few for each topic; none when they hold the same. */
export function compareContents(expected: LogContent, actual: LogContent): string[] {
  const differences: string[] = []
  for (const [topic, keys] of expected) {
    const found = actual.get(topic) ?? new Map<string, readonly string[]>()
    const said: string[] = []
    for (const key of new Set([...keys.keys(), ...found.keys()])) {
      const [was, is] = [keys.get(key) ?? [], found.get(key) ?? []]
      if (was.length !== is.length) said.push(`${topic}: key ${key} has ${is.length} records instead of ${was.length}`)
      else if (was.some((digest, i) => digest !== is[i])) said.push(`${topic}: key ${key} has another content`)
    }
    differences.push(...said.slice(0, 5))
    if (said.length > 5) differences.push(`${topic}: ${said.length - 5} more keys differ`)
  }
  return differences
}

export function countRecords(content: LogContent, topic: string): number {
  return [...(content.get(topic) ?? new Map()).values()].reduce((sum, records) => sum + records.length, 0)
}
