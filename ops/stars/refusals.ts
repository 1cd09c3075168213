// Refused records as they lie in the log, each once, with whether it was put back since.
import { type DeadLetter, decode } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'

export interface Refused {
  readonly letter: DeadLetter
  /** True once it was put back and not refused again since. */
  readonly isRedriven: boolean
}

/**
 * Dead letters, oldest first. A letter that was put back and refused again stands where it was refused last.
 * Two passes over the topic, the letters themselves are never held.
 */
export async function* readRefusals(log: Log): AsyncGenerator<Refused, void, undefined> {
  const last = new Map<string, { refusedAt: number; redrivenAt: number }>()
  for await (const { offset, letter } of readLetters(log)) {
    const entry = last.get(letter.deadLetterId) ?? { refusedAt: -1, redrivenAt: -1 }
    if (letter.isRedriven) entry.redrivenAt = offset
    else entry.refusedAt = offset
    last.set(letter.deadLetterId, entry)
  }
  for await (const { offset, letter } of readLetters(log)) {
    const entry = last.get(letter.deadLetterId)
    if (entry === undefined || entry.refusedAt !== offset) continue
    yield { letter, isRedriven: entry.redrivenAt > offset }
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
