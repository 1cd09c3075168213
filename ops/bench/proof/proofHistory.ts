// What the processes of a proof say they did and saw: a file of JSON lines for each role, on disk before the deed is done.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'

export interface ProofRecord {
  /** Of its transaction, and a number in it: there once in all the world. */
  readonly id: string
  readonly key: string
  /** Grows with each record of the key. */
  readonly sequence: number
}

export interface ProofPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export type HistoryLine =
  | {
      readonly op: 'begin'
      readonly transaction: string
      /** Else it is aborted on purpose, or left open. */
      readonly willCommit: boolean
      readonly records: readonly ProofRecord[]
    }
  /** In the order of the records. */
  | { readonly op: 'acknowledged'; readonly transaction: string; readonly places: readonly ProofPlace[] }
  /** The log said that nothing of it was written. */
  | { readonly op: 'refused'; readonly transaction: string; readonly code: string }
  /** The log could not say. So it is too where a transaction has no end, because its process had none. */
  | { readonly op: 'unknown'; readonly transaction: string; readonly code: string }
  /** A reader that had each partition from where it began without a gap. */
  | { readonly op: 'seen'; readonly session: string; readonly at: ProofPlace; readonly id: string }

export interface HistoryFile {
  /** On disk when it returns. */
  append(lines: readonly HistoryLine[]): void
  close(): void
}

/** Goes on with a file; half of a line, left by a process that was killed, is taken away. */
export function openHistory(path: string): HistoryFile {
  if (existsSync(path)) truncateSync(path, readFileSync(path).lastIndexOf('\n') + 1)
  const file = openSync(path, 'a')
  return {
    append(lines) {
      writeSync(file, lines.map(line => `${JSON.stringify(line)}\n`).join(''))
      fsyncSync(file)
    },
    close: () => closeSync(file),
  }
}

export function readHistory(path: string): readonly HistoryLine[] {
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as HistoryLine)
}
