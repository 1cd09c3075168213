// A record that cannot go on: kept whole, with the reason and the way back.
import { createHash } from 'node:crypto'
import type { DeadLetter, ErrorCode, LetterFile } from '../schemas/index.ts'
import type { LogRecord, Output } from '../streams/index.ts'
import { outputOf } from './behavior.ts'

const ID_DIGITS = 24

export interface Refused {
  /** The actor that refuses it. */
  readonly step: string
  readonly code: ErrorCode
  readonly reason: string
  /** File and row, or topic, partition and offset. */
  readonly origin: string
  /** Where a re-drive puts it back; empty where there is no such place. */
  readonly topic: string
  readonly key: string | null
  readonly bytes: Uint8Array
  /** Of spectra: where a re-drive reads it again. */
  readonly file?: LetterFile | null
}

/** The same refusal has the same id, however often it happens. */
export function createDeadLetter(refused: Refused): DeadLetter {
  const hash = createHash('sha256').update(`${refused.step}\n${refused.origin}\n`).update(refused.bytes)
  return { deadLetterId: hash.digest('hex').slice(0, ID_DIGITS), ...refused, isRedriven: false }
}

export function deadLetterOutput(letter: DeadLetter): Output {
  return outputOf('dead-letters', letter.origin, 'deadLetter', letter)
}

/** A record of a topic, refused as it came. */
export function refuseRecord(
  record: LogRecord,
  step: string,
  code: ErrorCode,
  reason: string,
  origin = `${record.topic} partition ${record.partition} offset ${record.offset}`,
): Output {
  const { topic, key, value } = record
  return deadLetterOutput(
    createDeadLetter({ step, code, reason, origin, topic, key, bytes: value ?? new Uint8Array() }),
  )
}
