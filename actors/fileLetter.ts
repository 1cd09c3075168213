// Dead letters of what lies in a file and cannot be taken in as it is.
import { createHash } from 'node:crypto'
import type { ErrorCode, LetterFile } from '../schemas/index.ts'
import type { Output } from '../streams/index.ts'
import { createDeadLetter, deadLetterOutput } from './deadLetter.ts'

/** A row with more text than this is refused: copies of it would not fit into the log's records. */
export const MAX_ROW_BYTES = 1024 * 1024
/** Of such a row. */
export const KEPT_BYTES = 64 * 1024

export interface FileFault {
  readonly step: string
  /** File, and row or number of the spectrum. */
  readonly origin: string
  readonly code: ErrorCode
  readonly reason: string
  readonly bytes: Uint8Array
  /** Where a re-drive finds it again; null where putting it back would not help, since it lies in the file as before. */
  readonly file: LetterFile | null
}

/** It goes to no topic as it is. */
export function fileLetter({ bytes: whole, reason: why, ...fault }: FileFault): Output {
  const { bytes, note } = keptOf(whole)
  return deadLetterOutput(createDeadLetter({ ...fault, reason: why + note, topic: '', key: null, bytes }))
}

/** What the log cannot take is in its file; its size and hash tell which it is. */
function keptOf(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly note: string } {
  if (bytes.length <= MAX_ROW_BYTES) return { bytes, note: '' }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { bytes: bytes.subarray(0, KEPT_BYTES), note: keptNote(bytes.length, sha256) }
}

export function keptNote(sizeBytes: number, sha256: string): string {
  return ` Of its ${sizeBytes} bytes (sha256 ${sha256}) the first ${KEPT_BYTES} are kept here, the rest is in the file.`
}
