// Takes dead letters off the list of what waits, each once: put back after a fix, mended or not, or set aside for good.
import type { DeadLetter } from '../schemas/index.ts'
import type { ColumnMap, Log, Output } from '../streams/index.ts'
import { deadLetterOutput } from './deadLetter.ts'
import { inTurn, settle, type Turn } from './deliveryTurn.ts'
import { readRefusals } from './refusals.ts'
import { rowMender, rowOfLetter } from './rowLetter.ts'

export interface LetterChoice {
  /** Chooses among the letters that wait. */
  readonly isWanted: (letter: DeadLetter) => boolean
  readonly signal: AbortSignal
}

export interface RedriveOptions extends LetterChoice {
  /** Applied to letters of table rows; what it does not mend is left as it is. */
  readonly map?: ColumnMap | undefined
}

export interface RedriveResult {
  readonly redriven: number
  /** Chosen, but with no way back: only a new delivery of their file helps. */
  readonly skipped: number
  /** Chosen, but refused under the map too, or no rows of a table: they wait as before. */
  readonly unmended: number
}

const LETTERS_AT_ONCE = 500
const BYTES_AT_ONCE = 16 * 2 ** 20

/**
 * Puts waiting letters back, the record and the mark in one transaction; waits while another process does, or delivers. A letter that was put back waits again only
 * once its record has been refused again.
 * @throws FusionError CONFIG_INVALID where the map names a column that no chosen letter has
 */
export async function redriveDeadLetters(log: Log, options: RedriveOptions): Promise<RedriveResult> {
  let redriven = 0
  const note = (letters: number) => {
    redriven += letters
  }
  const left = await inTurn(log, options.signal, turn => redriveInTurn(log, new MarkWriter(turn, note), options))
  return { skipped: 0, unmended: 0, ...left, redriven }
}

async function redriveInTurn(
  log: Log,
  marks: MarkWriter,
  { isWanted, map, signal }: RedriveOptions,
): Promise<Omit<RedriveResult, 'redriven'>> {
  await settle(log, 'dead-letters', signal)
  const mend = map === undefined ? recordOf : rowMender(map, await columnsOf(log, isWanted))
  let [skipped, unmended] = [0, 0]
  for await (const { letter, state } of readRefusals(log)) {
    if (signal.aborted) break
    if (state !== 'waiting' || !isWanted(letter)) continue
    if (letter.topic === '') {
      skipped++
      continue
    }
    const record = mend(letter)
    if (record === null) {
      unmended++
      continue
    }
    await marks.put(letter, 'redriven', [record])
  }
  await marks.flush()
  return { skipped, unmended }
}

/**
 * Sets waiting letters aside for good. They stay in the log.
 * @returns how many
 */
export async function closeDeadLetters(log: Log, { isWanted, signal }: LetterChoice): Promise<number> {
  let closed = 0
  await inTurn(log, signal, async turn => {
    const marks = new MarkWriter(turn, letters => {
      closed += letters
    })
    await settle(log, 'dead-letters', signal)
    for await (const { letter, state } of readRefusals(log)) {
      if (state === 'waiting' && isWanted(letter)) await marks.put(letter, 'closed', [])
    }
    await marks.flush()
  })
  return closed
}

function recordOf({ topic, key, bytes }: DeadLetter): Output {
  return { topic, key, value: bytes }
}

async function columnsOf(log: Log, isWanted: (letter: DeadLetter) => boolean): Promise<ReadonlySet<string>> {
  const columns = new Set<string>()
  for await (const { letter, state } of readRefusals(log)) {
    if (state !== 'waiting' || !isWanted(letter)) continue
    for (const column of Object.keys(rowOfLetter(letter)?.cells ?? {})) columns.add(column)
  }
  return columns
}

/** Marks with the records that go with them, many in a transaction and none without the other. */
class MarkWriter {
  readonly #turn: Turn
  readonly #onWritten: (letters: number) => void
  #outputs: Output[] = []
  #letters = 0
  #sizeBytes = 0

  constructor(turn: Turn, onWritten: (letters: number) => void) {
    this.#turn = turn
    this.#onWritten = onWritten
  }

  async put(letter: DeadLetter, outcome: 'redriven' | 'closed', records: readonly Output[]): Promise<void> {
    // The mark needs no second copy of the record.
    this.#outputs.push(...records, deadLetterOutput({ ...letter, bytes: new Uint8Array(), isRedriven: true, outcome }))
    this.#letters++
    this.#sizeBytes += letter.bytes.length
    if (this.#letters >= LETTERS_AT_ONCE || this.#sizeBytes >= BYTES_AT_ONCE) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#outputs.length > 0) await this.#turn.transact(this.#outputs)
    this.#onWritten(this.#letters)
    this.#outputs = []
    this.#letters = 0
    this.#sizeBytes = 0
  }
}
