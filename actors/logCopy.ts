// A whole log into another one, with the partitions of that one: records are keyed anew, in order, the offsets that they
// hold are translated, and the groups stand at the end, so that nothing that was done is done again.
import { FusionError } from '../schemas/index.ts'
import { type Log, type LogRecord, type TopicExtent, topics } from '../streams/index.ts'
import { groupLag } from './groupLag.ts'
import { compareKeys } from './logComparison.ts'
import { checkKnown, type FindPlace, holdsOffsets, referencedTopics, translateOffsets } from './offsetFields.ts'
import { OffsetMap } from './offsetMap.ts'
import { pipelineGroups } from './pipeline.ts'
import { restartedWork, SUBSCRIPTION_WORK } from './subscriptions.ts'

export interface CopyOptions {
  /** Empty, and kept as long as the copy takes: 8 bytes for each row and each posterior. */
  readonly scratchFolder: string
  readonly signal: AbortSignal
  /** Records copied or compared, and how many that will be. */
  readonly onProgress: (done: number, total: number) => void
}

export interface CopyResult {
  /** Records of each topic, tombstones included. */
  readonly counts: Readonly<Record<string, number>>
  /** Keys that were compared between the two logs. */
  readonly keys: number
}

const BATCH_RECORDS = 4000
const BATCH_BYTES = 8 * 2 ** 20

/**
 * Copies, then compares both logs key by key. What the target holds after a failure is no log: empty it and begin again.
 * @throws FusionError CONFIG_INVALID when the source has work under way or was written to meanwhile, or the target is not
 * empty; LOG_DAMAGED when the two differ in the end; SCHEMA_UNKNOWN for records of a newer birthline
 * @throws the signal's reason once it aborts
 */
export async function copyLog(source: Log, target: Log, options: CopyOptions): Promise<CopyResult> {
  const { signal, onProgress } = options
  await checkDrained(source)
  await checkEmpty(target)
  const before = await extentsOf(source)
  const total = 2 * before.reduce((sum, { first, end }) => sum + end - first, 0)
  let done = 0
  const advance = (records: number) => {
    done += records
    onProgress(Math.min(done, total), total)
  }
  const maps = new Map(referencedTopics.map(topic => [topic, new OffsetMap(options.scratchFolder, topic)]))
  const find: FindPlace = (topic, partition, offset) => maps.get(topic)?.find(partition, offset) ?? null
  try {
    const counts: Record<string, number> = {}
    for (const { name } of inCopyOrder()) {
      counts[name] = await copyTopic(name, { source, target, find, map: maps.get(name) ?? null, signal, advance })
    }
    await checkUnchanged(source, before)
    const movedValue = (record: LogRecord) => translatedValue(record, find)
    const { keys, differences } = await compareKeys(source, target, movedValue, { signal, advance })
    if (differences.length > 0) {
      throw new FusionError(
        'LOG_DAMAGED',
        `The copy is not what it was copied from: ${differences.slice(0, 5).join('; ')}. ` +
          'Look at the disk or the brokers of both, empty the target, and copy again.',
        { detail: { differences: differences.length } },
      )
    }
    await checkUnchanged(source, before)
    await placeGroups(target)
    onProgress(total, total)
    return { counts, keys }
  } finally {
    for (const map of maps.values()) map.close()
  }
}

/** Topics that others point into come first. */
function inCopyOrder() {
  const isFirst = ({ name }: { readonly name: string }) => referencedTopics.includes(name)
  return [...topics.filter(isFirst), ...topics.filter(topic => !isFirst(topic))]
}

interface TopicCopy {
  readonly source: Log
  readonly target: Log
  readonly find: FindPlace
  readonly map: OffsetMap | null
  readonly signal: AbortSignal
  readonly advance: (records: number) => void
}

async function copyTopic(name: string, { source, target, find, map, signal, advance }: TopicCopy): Promise<number> {
  const reader = source.openReader({ topics: [name], maxRecords: BATCH_RECORDS, maxBytes: BATCH_BYTES })
  let count = 0
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      signal.throwIfAborted()
      const { records } = batch
      const outputs = records.map(record => ({
        topic: name,
        key: record.key,
        value: translatedValue(record, find),
      }))
      const places = await target.transact({ outputs })
      map?.note(records, places)
      count += records.length
      advance(records.length)
    }
  } finally {
    await reader.close()
  }
  return count
}

/** A record's value as it must be in the target. */
function translatedValue({ topic, value }: LogRecord, find: FindPlace): Uint8Array | null {
  const record = topics.find(({ name }) => name === topic)?.record ?? null
  if (value === null || record === null) return value
  checkKnown(record, value)
  if (topic === SUBSCRIPTION_WORK) return restartedWork(value)
  return holdsOffsets(record) ? translateOffsets(record, value, find) : value
}

async function checkDrained(source: Log): Promise<void> {
  const waiting: string[] = []
  for (const { group, topics: read } of pipelineGroups) {
    const lag = await groupLag(source, group, read)
    if (lag > 0) waiting.push(`${group} has ${lag} records to do`)
  }
  if (waiting.length > 0) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The log has work under way (${waiting.join(', ')}): let \`birthline run\` come to its end first, and copy then.`,
    )
  }
}

async function checkEmpty(target: Log): Promise<void> {
  for (const { topic, end } of await extentsOf(target)) {
    if (end === 0) continue
    throw new FusionError(
      'CONFIG_INVALID',
      `The place to copy to is not empty, its topic ${topic} has records: name another folder or prefix, or delete what an earlier copy has left there.`,
    )
  }
}

async function checkUnchanged(source: Log, before: readonly TopicExtent[]): Promise<void> {
  const now = await extentsOf(source)
  const moved = before.find(({ topic, partition, end }) =>
    now.some(one => one.topic === topic && one.partition === partition && one.end !== end),
  )
  if (moved === undefined) return
  throw new FusionError(
    'CONFIG_INVALID',
    `The log was written to while it was copied (topic ${moved.topic}): stop every birthline that writes to it, empty the target, and copy again.`,
  )
}

/** At the end of what they read: all of it was done in the source. */
async function placeGroups(target: Log): Promise<void> {
  for (const { group, topics: read } of pipelineGroups) {
    for (const topic of read) {
      const ends = await target.extents(topic)
      const offsets = ends.map(({ partition, end }) => ({ topic, partition, offset: end }))
      await target.transact({ outputs: [], group, offsets })
    }
  }
}

async function extentsOf(log: Log): Promise<readonly TopicExtent[]> {
  const extents: TopicExtent[] = []
  for (const { name } of topics) extents.push(...(await log.extents(name)))
  return extents
}
