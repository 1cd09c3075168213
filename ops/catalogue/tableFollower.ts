// Keeps the table of stars as new as the log: reads the compacted topics from their beginning, then whatever is committed.
import { setImmediate, setTimeout } from 'node:timers/promises'
import { decodeKnown, isFusionError } from '../../schemas/index.ts'
import type { Log, LogRecord, Position } from '../../streams/index.ts'
import { StarTable } from './starTable.ts'

const TOPICS = ['latest-stars', 'latest-posteriors']
/** So few at a time that requests are answered between. */
const BATCH_RECORDS = 100
const RETRY_MS = 2000

export interface FollowedTable {
  /** Another one after the log was lost. */
  readonly table: StarTable
  /** Changes with each record that was taken in, and is the same in every process that has come as far. */
  readonly version: string
  /** Resolves with true once all is taken in that was committed before the table was opened, with false when the time is over. */
  upToDate(waitMs: number): Promise<boolean>
}

/**
 * @param signal ends it
 * @param report hears of each failure; it is tried again from where it stood
 */
export function followTable(log: Log, signal: AbortSignal, report: (error: unknown) => void): FollowedTable {
  let table = new StarTable()
  let positions = new Map<string, Position>()
  let hasCaughtUp = false
  let tellCaughtUp = () => {}
  const caughtUp = new Promise<void>(resolve => {
    tellCaughtUp = resolve
  })

  async function readOn(): Promise<void> {
    const extents = (await Promise.all(TOPICS.map(topic => log.extents(topic)))).flat()
    const from = extents.flatMap(one => positions.get(placeOf(one)) ?? [])
    const reader = log.openReader({ topics: TOPICS, from, maxRecords: BATCH_RECORDS })
    try {
      while (!signal.aborted) {
        const batch = hasCaughtUp ? await reader.next(signal) : await reader.poll()
        if (batch === null) {
          if (hasCaughtUp) return
          hasCaughtUp = true
          tellCaughtUp()
          continue
        }
        for (const record of batch.records) take(table, record, report)
        positions.set(placeOf(batch.next), batch.next)
        // What is there already comes without waiting, and nobody else would have a turn.
        await setImmediate()
      }
    } finally {
      await reader.close()
    }
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      try {
        await readOn()
      } catch (error) {
        if (signal.aborted) return
        report(error)
        if (isFusionError(error) && error.code === 'LOG_OFFSET_LOST') {
          table = new StarTable()
          positions = new Map()
        }
        await setTimeout(RETRY_MS, undefined, { signal }).catch(() => {})
      }
    }
  }
  void follow()

  return {
    get table() {
      return table
    },
    get version() {
      return [...positions.values()]
        .map(one => `${placeOf(one)}:${one.offset}`)
        .sort()
        .join(' ')
    },
    async upToDate(waitMs) {
      if (hasCaughtUp) return true
      const isOver = new AbortController()
      await Promise.race([caughtUp, setTimeout(waitMs, undefined, { signal: isOver.signal })])
      isOver.abort()
      return hasCaughtUp
    },
  }
}

function placeOf({ topic, partition }: Pick<Position, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`
}

/** What cannot be read is told and passed over: the star keeps what was known of it. */
function take(table: StarTable, record: LogRecord, report: (error: unknown) => void): void {
  const { topic, key, value } = record
  if (key === null) return
  try {
    if (topic === 'latest-stars') {
      const star = value === null ? null : decodeKnown('star', value, record)
      if (star === null) table.dropStar(key)
      else table.putStar(star)
    } else {
      const posterior = value === null ? null : decodeKnown('posterior', value, record)
      if (posterior === null) table.dropPosterior(key)
      else table.putPosterior(posterior)
    }
  } catch (error) {
    if (!isFusionError(error)) throw error
    report(error)
  }
}
