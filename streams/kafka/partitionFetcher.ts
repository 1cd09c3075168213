// Fetches committed records of partitions into small buffers, and cuts batches from them.
import { FusionError } from '../../schemas/index.ts'
import type { LogBatch, LogRecord } from '../log.ts'
import type { KafkaClient } from './kafkaClient.ts'
import { BrokerError, brokerCodes } from './kafkaErrors.ts'
import { type FetchedPartition, fetchRecords, findLeaderEnd } from './kafkaRequests.ts'
import type { KafkaTopic } from './kafkaTopics.ts'
import type { RawRecord } from './recordBatch.ts'
import { findOffsets } from './topicOffsets.ts'

export interface BatchLimits {
  readonly maxRecords: number
  /** Of keys and values together; a single larger record is still delivered. */
  readonly maxBytes: number
}

/** A partition being read: what was fetched of it and not yet delivered, and where fetching goes on. */
export interface Source {
  readonly topic: KafkaTopic
  readonly partition: number
  /** Where the next fetch begins; `null` is the oldest record there is when it is first read. */
  fetchOffset: number | null
  /** The end, and up to where every transaction has ended, as of the last fetch. */
  end: number
  stableEnd: number
  buffer: readonly RawRecord[]
  /** How much of the buffer was delivered. */
  taken: number
  /** Whether a fetch finds all that was acknowledged before it: a new leader does not know of all of it at once. */
  readonly isExact: boolean
  /** Of the leader that is known to know. */
  leaderNumber: number | null
}

/** What is read ahead: about this for each partition, and one batch of records of any size. */
const PARTITION_BYTES = 1024 * 1024
const FETCH_BYTES = 8 * 1024 * 1024

export function newSource(topic: KafkaTopic, partition: number, offset: number | null, isExact = false): Source {
  const fresh = { end: 0, stableEnd: 0, buffer: [], taken: 0, leaderNumber: null }
  return { topic, partition, fetchOffset: offset, isExact, ...fresh }
}

export function hasRecords(source: Source): boolean {
  return source.taken < source.buffer.length
}

/**
 * Fetches the next records of every source once. A source that gets none and is at its stable end has been read whole.
 *
 * @param waitMs how long the brokers may wait for news where there is none
 * @throws FusionError LOG_OFFSET_LOST when a place was removed by retention or lies past the end, or LOG_UNAVAILABLE
 */
export async function fill(client: KafkaClient, sources: readonly Source[], waitMs: number): Promise<void> {
  const unplaced = sources.filter(source => source.fetchOffset === null)
  if (unplaced.length > 0) {
    const found = await findOffsets(client, unplaced.map(placeOf), 'first')
    for (const source of unplaced) {
      const { topic, partition } = placeOf(source)
      source.fetchOffset = found.find(one => one.topic === topic && one.partition === partition)?.offset ?? 0
    }
  }
  const done = new Set<Source>()
  await client.persist(async () => {
    const byNode = new Map<number, Source[]>()
    for (const source of sources) {
      if (done.has(source)) continue
      const nodeId = client.leaderOf(source.topic.brokerName, source.partition)
      byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), source])
    }
    // All are waited for: what one node answers after another has failed must not be asked for again.
    const ends = await Promise.allSettled(
      [...byNode].map(([nodeId, list]) => fetchFrom(client, nodeId, list, waitMs, done)),
    )
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  })
}

async function fetchFrom(
  client: KafkaClient,
  nodeId: number,
  sources: readonly Source[],
  waitMs: number,
  done: Set<Source>,
): Promise<void> {
  const node = await client.node(nodeId)
  for (const source of sources) {
    if (source.isExact) source.leaderNumber ??= (await client.send(node, findLeaderEnd(placeOf(source)))).leaderNumber
  }
  const from = sources.map(source => ({
    ...placeOf(source),
    offset: source.fetchOffset ?? 0,
    leaderNumber: source.leaderNumber,
  }))
  const request = fetchRecords(from, {
    maxWaitMs: waitMs,
    maxBytes: FETCH_BYTES,
    maxPartitionBytes: PARTITION_BYTES,
  })
  const fetched = await client.send(node, request)
  for (const one of fetched) {
    const source = sources.find(({ topic, partition }) => topic.brokerName === one.topic && partition === one.partition)
    if (source === undefined || one.errorCode !== brokerCodes.none) continue
    take(source, one)
    done.add(source)
  }
  for (const { topic, partition, errorCode } of fetched) {
    if (errorCode === brokerCodes.none) continue
    const source = sources.find(one => one.topic.brokerName === topic && one.partition === partition)
    if (source !== undefined) source.leaderNumber = null
    if (errorCode === brokerCodes.offsetOutOfRange && source !== undefined) throw await offsetLost(client, source)
    throw new BrokerError(errorCode, `fetching ${topic}/${partition}`)
  }
}

function take(source: Source, fetched: FetchedPartition): void {
  const left = source.buffer.slice(source.taken)
  source.buffer = left.length === 0 ? fetched.records : [...left, ...fetched.records]
  source.taken = 0
  source.fetchOffset = fetched.nextOffset
  source.end = fetched.end
  source.stableEnd = fetched.stableEnd
}

/**
 * Whether the next batch would leave open where reading goes on: the buffer would be empty, yet what follows is only the
 * mark of a transaction, which no record says.
 */
export function needsMore(source: Source, limits: BatchLimits): boolean {
  const isLast = source.taken + cut(source, limits) === source.buffer.length
  return isLast && (source.fetchOffset ?? 0) < source.stableEnd
}

/** Takes the next batch out of the buffer, which must hold records. */
export function takeBatch(source: Source, limits: BatchLimits): LogBatch {
  const { topic, partition, buffer, taken } = source
  const end = taken + cut(source, limits)
  const records: LogRecord[] = []
  for (let i = taken; i < end; i++) {
    const { offset, key, value } = buffer[i]
    records.push({ topic: topic.name, partition, offset, key, value })
  }
  source.taken = end
  // Past the marks of transactions and what was aborted, as far as is known.
  const offset = end < buffer.length ? buffer[end].offset : (source.fetchOffset ?? 0)
  return { records, next: { topic: topic.name, partition, offset } }
}

/** How many records of the buffer the next batch takes. */
function cut({ buffer, taken }: Source, { maxRecords, maxBytes }: BatchLimits): number {
  let usedBytes = 0
  let end = taken
  for (; end < buffer.length && end - taken < maxRecords; end++) {
    usedBytes += buffer[end].sizeBytes
    if (end > taken && usedBytes > maxBytes) break
  }
  return end - taken
}

function placeOf({ topic, partition }: Source): { readonly topic: string; readonly partition: number } {
  return { topic: topic.brokerName, partition }
}

async function offsetLost(client: KafkaClient, source: Source): Promise<FusionError> {
  const [[{ offset: first }], [{ offset: end }]] = await Promise.all([
    findOffsets(client, [placeOf(source)], 'first'),
    findOffsets(client, [placeOf(source)], 'end'),
  ])
  const offset = source.fetchOffset ?? 0
  const where = `${source.topic.name}/${source.partition}`
  const sentence =
    offset < first
      ? `Records of ${where} from offset ${offset} were removed by retention before they were read; ` +
        `the first available offset is ${first}: start there, or replay the source and keep ${source.topic.name} longer.`
      : `Offset ${offset} of ${where} lies past the end of the log, ${end}: the log is older than whoever reads it; ` +
        `the first available offset is ${first}: start there, or bring back the log that was read before.`
  return new FusionError('LOG_OFFSET_LOST', sentence, {
    detail: { topic: source.topic.name, partition: source.partition, offset, first, end },
  })
}
