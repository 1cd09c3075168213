// The topics a log holds, numbered. The table is stored with the log, so that readers need no configuration.
import { FusionError } from '../../schemas/index.ts'
import type { Topic } from '../topics.ts'
import type { LmdbStore } from './lmdbStore.ts'

/** A topic as the embedded log keeps it. */
export interface NumberedTopic {
  readonly id: number
  readonly name: string
  readonly partitions: number
  readonly keep: Topic['keep']
  readonly retainBytes: number | null
  readonly retainMs: number | null
}

const tableKey = Buffer.from('topics')
const MAX_PARTITIONS = 65_535
const NO_ID = 65_535

export function readTopics(store: LmdbStore): ReadonlyMap<string, NumberedTopic> {
  const stored = store.meta.get(tableKey)
  if (stored === undefined) return new Map()
  const list: readonly NumberedTopic[] = JSON.parse(stored.toString())
  return new Map(list.map(topic => [topic.name, topic]))
}

/** A topic that an earlier birthline's log lacks: to those who only read, it is empty. Its number is nobody's. */
export function absentTopic({ name, partitions, keep, retainBytes, retainMs }: Topic): NumberedTopic {
  return { id: NO_ID, name, partitions, keep, retainBytes, retainMs }
}

/**
 * Adds the wanted topics that the log does not have yet and takes over the retention of those it has; topics that are
 * not wanted stay readable. Inside a transaction only.
 *
 * @throws FusionError CONFIG_INVALID when a topic would change its partitions or what it keeps
 */
export function extendTopics(store: LmdbStore, wanted: readonly Topic[]): ReadonlyMap<string, NumberedTopic> {
  const table = new Map(readTopics(store))
  for (const { name, partitions, keep, retainBytes, retainMs } of wanted) {
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > MAX_PARTITIONS) {
      throw new RangeError(`topic ${name}: ${partitions} partitions; 1 to ${MAX_PARTITIONS} are possible`)
    }
    const known = table.get(name)
    if (known !== undefined && known.partitions !== partitions) {
      throw changed(store, name, `${known.partitions} partitions`, `${partitions}`)
    }
    if (known !== undefined && known.keep !== keep) throw changed(store, name, `keep '${known.keep}'`, `'${keep}'`)
    table.set(name, { id: known?.id ?? table.size, name, partitions, keep, retainBytes, retainMs })
  }
  store.meta.put(tableKey, Buffer.from(JSON.stringify([...table.values()])))
  return table
}

function changed(store: LmdbStore, name: string, has: string, wants: string): FusionError {
  return new FusionError(
    'CONFIG_INVALID',
    `Topic ${name} was created with ${has} in ${store.folder}, not ${wants}; ` +
      'keep that setting, or start a log in another folder and replay its sources.',
    { detail: { topic: name, folder: store.folder } },
  )
}
