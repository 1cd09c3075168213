// How often a log is read, for tests of who must not read it ahead.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../streams/index.ts'

export interface CountedReads {
  /** How many batches were read, once some were and then nothing for a while. */
  atRest(): Promise<number>
  /** Leaves the log as it was. */
  stop(): void
}

/** Counts the batches that readers opened from now on take, of so many records at most. */
export function countReads(log: Log, maxRecords: number): CountedReads {
  let count = 0
  const open = log.openReader
  const openInner = open.bind(log)
  log.openReader = options => {
    const reader = openInner({ ...options, maxRecords })
    const next = reader.next.bind(reader)
    reader.next = signal => {
      count += 1
      return next(signal)
    }
    return reader
  }
  return {
    async atRest() {
      let before = -1
      while (count === 0 || count !== before) {
        before = count
        await sleep(200)
      }
      return count
    },
    stop() {
      log.openReader = open
    },
  }
}
