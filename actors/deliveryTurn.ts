// Who brings something into the log from outside has the turn: one at a time, or two would give their deliveries one
// number, and both write the rows of one file. The turn is the one partition of `deliveries` in a group: every transaction
// of the work commits an offset there, so that brokers refuse it once another process has the partition. A log in a folder
// has one writer, whose turn it always is.
import { setTimeout as sleep } from 'node:timers/promises'
import { isFusionError, publish } from '../schemas/index.ts'
import type { Log, LogReader, Output, Position } from '../streams/index.ts'
import { newestDelivery } from './deliveries.ts'

export interface Turn {
  /** @throws FusionError LOG_REASSIGNED once the turn is lost: nothing was written then */
  transact(outputs: readonly Output[]): Promise<readonly Position[]>
}

const GROUP = 'deliver'
const LOOK_AGAIN_MS = 250

/**
 * Waits for the turn, then works. Where the turn is lost in the middle, as by a process that slept, the work begins anew in
 * the next one: it must ask the log how far it is.
 * @returns null where `signal` aborted before that
 */
export async function inTurn<T>(log: Log, signal: AbortSignal, work: (turn: Turn) => Promise<T>): Promise<T | null> {
  for (;;) {
    const reader = log.openReader({ topics: ['deliveries'], group: GROUP, from: 'latest' })
    try {
      const offsets = await turnOf(log, reader, signal)
      if (offsets === null) return null
      return await work({ transact: outputs => log.transact({ outputs, group: GROUP, offsets }) })
    } catch (error) {
      if (!isFusionError(error) || error.code !== 'LOG_REASSIGNED') throw error
    } finally {
      await reader.close()
    }
  }
}

/** Waits until all that was committed in a topic before can be read: the last turn may have ended a moment ago. */
export async function settle(log: Log, topic: string, signal: AbortSignal): Promise<void> {
  const reader = log.openReader({ topics: [topic] })
  try {
    await reader.holding(signal)
  } finally {
    await reader.close()
  }
}

async function turnOf(log: Log, reader: LogReader, signal: AbortSignal): Promise<readonly Position[] | null> {
  let isTold = false
  while (!signal.aborted) {
    const offsets = await reader.holding(signal)
    if (signal.aborted) break
    if (offsets.length > 0) return offsets
    if (!isTold) publish('notice', { room: 'actors', message: await waitSentence(log) })
    isTold = true
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {})
  }
  return null
}

async function waitSentence(log: Log): Promise<string> {
  const newest = await newestDelivery(log)
  const what = newest === null || newest.isComplete ? '' : ` (${newest.file}, ${newest.rowCount} rows so far)`
  return `Another process takes files in, or dead letters, or takes a delivery back${what}: this one waits until that has ended.`
}
