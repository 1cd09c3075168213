// Refused records as they lie in the log, each once, with what became of it since.
import { type DeadLetter, decode, decodeKnown, type RecordPlace } from '../schemas/index.ts'
import type { Log } from '../streams/index.ts'
import { readLaterDeliveries } from './laterDeliveries.ts'

/**
 * `redriven`: put back, and not refused again since. `superseded`: a later delivery has spoken for its row.
 * `closed`: set aside by hand.
 */
export type RefusalState = 'waiting' | 'redriven' | 'superseded' | 'closed'

export interface KeptLetter {
  readonly letter: DeadLetter
  readonly state: RefusalState
}

interface Entry {
  refusedAt: number
  settledAt: number
  settledAs: RefusalState
}

/**
 * Dead letters, oldest first. A letter that was put back and refused again stands where it was refused last.
 * Two passes over the topic, the letters themselves are never held; what is refused meanwhile is left out.
 */
export async function* readRefusals(log: Log): AsyncGenerator<KeptLetter, void, undefined> {
  const entries = await lastRefusals(log)
  const later = await readLaterDeliveries(log)
  for await (const { offset, bytes } of readLetters(log)) {
    const entry = entries.get(offset)
    if (entry === undefined) continue
    const letter = decode('deadLetter', bytes)
    if (entry.settledAt > offset) yield { letter, state: entry.settledAs }
    else yield { letter, state: (await later.speakFor(letter)) ? 'superseded' : 'waiting' }
  }
}

/** By the offset where each was refused last. */
async function lastRefusals(log: Log): Promise<ReadonlyMap<number, Entry>> {
  const last = new Map<string, Entry>()
  for await (const { bytes, ...place } of readLetters(log)) {
    const letter = decodeKnown('deadLetter', bytes, place)
    if (letter === null) continue
    const { offset } = place
    const entry = last.get(letter.deadLetterId) ?? { refusedAt: -1, settledAt: -1, settledAs: 'redriven' }
    if (letter.isRedriven) {
      entry.settledAt = offset
      entry.settledAs = letter.outcome === 'closed' ? 'closed' : 'redriven'
    } else entry.refusedAt = offset
    last.set(letter.deadLetterId, entry)
  }
  return new Map(Array.from(last.values(), entry => [entry.refusedAt, entry]))
}

async function* readLetters(log: Log): AsyncGenerator<RecordPlace & { readonly bytes: Uint8Array }> {
  const reader = log.openReader({ topics: ['dead-letters'] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { value, ...place } of batch.records) if (value !== null) yield { ...place, bytes: value }
    }
  } finally {
    await reader.close()
  }
}
