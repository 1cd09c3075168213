// Puts dead letters back on their way after a fix: each once, the record and the mark in one transaction.
import { type DeadLetter, decode } from '../schemas/index.ts'
import type { Log, Output } from '../streams/index.ts'
import { deadLetterOutput } from './deadLetter.ts'

export interface RedriveResult {
  readonly redriven: number
  /** Chosen, but with no way back: only a new delivery of their file helps. */
  readonly skipped: number
}

const LETTERS_AT_ONCE = 500
const BYTES_AT_ONCE = 16 * 2 ** 20

/**
 * Puts back the letters that `isWanted` chooses among those that wait. A letter that was put back waits again only once
 * its record has been refused again.
 */
export async function redriveDeadLetters(
  log: Log,
  isWanted: (letter: DeadLetter) => boolean,
  signal: AbortSignal,
): Promise<RedriveResult> {
  const waiting = await waitingLetters(log)
  let outputs: Output[] = []
  let sizeBytes = 0
  let [redriven, skipped] = [0, 0]
  const flush = async () => {
    if (outputs.length > 0) await log.transact({ outputs })
    outputs = []
    sizeBytes = 0
  }
  for await (const { offset, letter } of readLetters(log)) {
    if (signal.aborted) break
    if (waiting.get(letter.deadLetterId) !== offset || !isWanted(letter)) continue
    if (letter.topic === '') {
      skipped++
      continue
    }
    outputs.push({ topic: letter.topic, key: letter.key, value: letter.bytes })
    // The mark needs no second copy of the record.
    outputs.push(deadLetterOutput({ ...letter, bytes: new Uint8Array(), isRedriven: true }))
    sizeBytes += letter.bytes.length
    redriven++
    if (outputs.length >= 2 * LETTERS_AT_ONCE || sizeBytes >= BYTES_AT_ONCE) await flush()
  }
  await flush()
  return { redriven, skipped }
}

/** Id -> offset of the newest refusal, where nothing has put the letter back since. */
async function waitingLetters(log: Log): Promise<ReadonlyMap<string, number>> {
  const waiting = new Map<string, number>()
  for await (const { offset, letter } of readLetters(log)) {
    if (letter.isRedriven) waiting.delete(letter.deadLetterId)
    else waiting.set(letter.deadLetterId, offset)
  }
  return waiting
}

/** Up to the end that the topic has when reading comes there; marks written meanwhile are passed over by their ids. */
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
