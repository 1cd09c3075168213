// What became of the rows of each delivery, counted where it is decided: a part of ingest's state, so that a row that is
// read again after a kill is counted once.
import type { DeliveryTally } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'
import { readLatest } from './latestRecord.ts'

/** Topic of the tallies, and what their keys in ingest's state begin with; those of sources have a family and a colon there. */
export const TALLIES = 'tallies'
const PREFIX = 'delivery#'

export type Outcome = 'new' | 'changed' | 'unchanged' | 'superseded' | 'refused' | 'restored' | 'withdrawn'

const none: DeliveryTally = {
  newCount: 0n,
  changedCount: 0n,
  unchangedCount: 0n,
  supersededCount: 0n,
  refusedCount: 0n,
  restoredCount: 0n,
  withdrawnCount: 0n,
}

/** @param ordinal of the delivery */
export function tallyKey(ordinal: bigint): string {
  return `${PREFIX}${ordinal}`
}

export function isTallyKey(key: string): boolean {
  return key.startsWith(PREFIX)
}

export function countOutcome(tally: DeliveryTally | null, outcome: Outcome): DeliveryTally {
  const known = tally ?? none
  const name = `${outcome}Count` as const
  return { ...known, [name]: known[name] + 1n }
}

/** As far as ingest has come; all zero for a delivery from before rows were counted. */
export async function readTally(log: Log, ordinal: bigint): Promise<DeliveryTally> {
  return (await readLatest(log, TALLIES, tallyKey(ordinal), 'deliveryTally')) ?? none
}
