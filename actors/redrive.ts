// Takes dead letters off the list of what waits, each once: put back after a fix, mended or not, or set aside for good.
import { type DeadLetter, isFusionError, publish } from '../schemas/index.ts'
import type { ColumnMap, Log, Output } from '../streams/index.ts'
import { deadLetterOutput } from './deadLetter.ts'
import { inTurn, settle, type Turn } from './deliveryTurn.ts'
import { readRefusals } from './refusals.ts'
import { rowMender, rowOfLetter } from './rowLetter.ts'
import { readAgain } from './spectrumLetter.ts'

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
  /** Chosen, but with no way back: only a new delivery of their file helps; of spectra a notice tells why. */
  readonly skipped: number
  /** Chosen, but refused as before, also under the map, or no rows of a table where there is one: they wait on. */
  readonly unmended: number
}

const LETTERS_AT_ONCE = 500
const BYTES_AT_ONCE = 16 * 2 ** 20

/** Letters whose file cannot be read again that are told one by one. */
const TOLD_LETTERS = 20

/**
 * Puts waiting letters back, those of spectra by reading them again, the record and the mark in one transaction; waits while another process does, or delivers. A letter that was put back waits again only
 * once its record has been refused again.
 * @throws FusionError CONFIG_INVALID where the map names a column that no chosen letter has
 */
export async function redriveDeadLetters(log: Log, options: RedriveOptions): Promise<RedriveResult> {
  let redriven = 0
  const note = (letters: number) => {
    redriven += letters
  }
  const left = await inTurn(log, options.signal, turn => redriveInTurn(log, turn, new MarkWriter(turn, note), options))
  return { skipped: 0, unmended: 0, ...left, redriven }
}

async function redriveInTurn(
  log: Log,
  turn: Turn,
  marks: MarkWriter,
  { isWanted, map, signal }: RedriveOptions,
): Promise<Omit<RedriveResult, 'redriven'>> {
  await settle(log, 'dead-letters', signal)
  const mend = map === undefined ? recordsOf : rowMender(map, await columnsOf(log, isWanted))
  let [skipped, unmended] = [0, 0]
  for await (const { letter, state } of readRefusals(log)) {
    if (signal.aborted) break
    if (state !== 'waiting' || !isWanted(letter)) continue
    const { file = null } = letter
    if (letter.topic === '' && (file === null || map !== undefined)) {
      skipped++
      continue
    }
    try {
      const records = file === null ? mend(letter) : await readAgain(log, turn, { ...letter, file }, signal)
      if (records === null) unmended++
      else await marks.put(letter, 'redriven', records)
    } catch (error) {
      if (file === null || !isFusionError(error) || error.code !== 'FILE_UNREADABLE') throw error
      if (skipped++ < TOLD_LETTERS) publish('notice', { room: 'actors', message: error.message })
    }
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

function recordsOf({ topic, key, bytes }: DeadLetter): readonly Output[] {
  return [{ topic, key, value: bytes }]
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
