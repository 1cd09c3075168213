// Reads consecutive records of one partition, no more than asked for.
import { FusionError } from '../../schemas/index.ts'
import type { LogBatch, LogRecord } from '../log.ts'
import { offsetOfRecordKey, partitionEndKey, partitionKey, recordKey } from './lmdbKeys.ts'
import { type LmdbStore, readHead } from './lmdbStore.ts'
import { damaged, unpackChunk } from './recordChunk.ts'
import type { NumberedTopic } from './topicTable.ts'

export interface BatchLimits {
  readonly maxRecords: number
  /** Of keys and values together; a single larger record is still delivered. */
  readonly maxBytes: number
}

/**
 * @param offset where to begin
 * @returns the next records and where to go on; an empty batch where nothing is left to read
 * @throws FusionError LOG_OFFSET_LOST when retention has removed `offset` or it lies past the end,
 * LOG_DAMAGED when records that should be there are not readable
 */
export function readBatch(
  store: LmdbStore,
  topic: NumberedTopic,
  partition: number,
  offset: number,
  limits: BatchLimits,
): LogBatch {
  const head = readHead(store, topic.id, partition)
  if (offset < head.first || offset > head.end) throw offsetLost(topic, partition, offset, head)
  const records: LogRecord[] = []
  if (offset === head.end) return { records, next: { topic: topic.name, partition, offset } }
  let usedBytes = 0
  const end = partitionEndKey(topic.id, partition)
  for (const { key, value } of store.chunks.getRange({ start: startKey(store, topic, partition, offset), end })) {
    if (records.length >= limits.maxRecords) break
    const place = { topic: topic.name, partition, offset: offsetOfRecordKey(key) }
    const isNext = topic.keep === 'latest' || place.offset <= nextOffset(records, offset)
    if (!isNext) throw damaged({ ...place, offset: nextOffset(records, offset) })
    const unpacked = unpackChunk(value, place, offset, limits, records, usedBytes)
    usedBytes = unpacked.usedBytes
    if (!unpacked.isWhole) break
  }
  if (records.length === 0 && topic.keep === 'all') throw damaged({ topic: topic.name, partition, offset })
  // Where compaction left nothing up to the end, reading goes on at the end.
  const next = records.length === 0 ? head.end : nextOffset(records, offset)
  return { records, next: { topic: topic.name, partition, offset: next } }
}

/** The key of the chunk that holds `offset`, or of its place where compaction has removed it. */
function startKey(store: LmdbStore, topic: NumberedTopic, partition: number, offset: number): Buffer {
  const key = recordKey(topic.id, partition, offset)
  if (topic.keep === 'latest' || store.chunks.doesExist(key)) return key
  const before = { start: key, end: partitionKey(topic.id, partition), reverse: true, limit: 1 }
  const [chunk] = store.chunks.getKeys(before)
  return chunk ?? key
}

function nextOffset(records: readonly LogRecord[], otherwise: number): number {
  return records.length === 0 ? otherwise : records[records.length - 1].offset + 1
}

function offsetLost(
  topic: NumberedTopic,
  partition: number,
  offset: number,
  head: { first: number; end: number },
): FusionError {
  const where = `${topic.name}/${partition}`
  const sentence =
    offset < head.first
      ? `Records of ${where} from offset ${offset} were removed by retention before they were read; ` +
        `the first available offset is ${head.first}: start there, or replay the source and keep ${topic.name} longer.`
      : `Offset ${offset} of ${where} lies past the end of the log, ${head.end}: the log is older than whoever reads it; ` +
        `the first available offset is ${head.first}: start there, or bring back the log that was read before.`
  return new FusionError('LOG_OFFSET_LOST', sentence, {
    detail: { topic: topic.name, partition, offset, first: head.first, end: head.end },
  })
}
