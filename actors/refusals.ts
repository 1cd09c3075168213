// Refused records as they lie in the log, each once, with what became of it since.
import { type DeadLetter, decode } from '../schemas/index.ts'
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
  const last = new Map<string, Entry>()
  for await (const { offset, letter } of readLetters(log)) {
    const entry = last.get(letter.deadLetterId) ?? { refusedAt: -1, settledAt: -1, settledAs: 'redriven' }
    if (letter.isRedriven) {
      entry.settledAt = offset
      entry.settledAs = letter.outcome === 'closed' ? 'closed' : 'redriven'
    } else entry.refusedAt = offset
    last.set(letter.deadLetterId, entry)
  }
  const later = await readLaterDeliveries(log)
  for await (const { offset, letter } of readLetters(log)) {
    const entry = last.get(letter.deadLetterId)
    if (entry === undefined || entry.refusedAt !== offset) continue
    if (entry.settledAt > offset) yield { letter, state: entry.settledAs }
    else yield { letter, state: (await later.speakFor(letter)) ? 'superseded' : 'waiting' }
  }
}

async function* readLetters(log: Log): AsyncGenerator<{ readonly offset: number; readonly letter: DeadLetter }> {
  const reader = log.openReader({ topics: ['dead-letters'] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { offset, value } of batch.records) {
        if (value !== null) yield { offset, letter: decode('deadLetter', value) }
      }
    }
  } finally {
    await reader.close()
  }
}
