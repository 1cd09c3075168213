// The newest record of a key, decoded.
import { decode, type RecordName, type Records } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'

/**
 * @param topic a compacted one that holds such records
 * @returns `null` where the key has no record, or was removed
 * @throws FusionError SCHEMA_UNKNOWN or SCHEMA_MISMATCH, and what the log throws
 */
export async function readLatest<N extends RecordName>(
  log: Log,
  topic: string,
  key: string,
  record: N,
): Promise<Records[N] | null> {
  const found = await log.latest(topic, key)
  return found === null || found.value === null ? null : decode(record, found.value)
}
