// Raw rows at scattered offsets, mostly rising: one read serves its neighbours too.
import { decode, decodeKnown, isFusionError, type RawRow } from '../schemas/index.ts'
import type { Log, LogRecord } from '../streams/index.ts'

const WINDOW_RECORDS = 256
const MAX_WINDOWS = 16

interface Window {
  readonly start: number
  /** One past the last that it would hold. */
  readonly end: number
  readonly records: ReadonlyMap<number, LogRecord>
}

export class RawRows {
  readonly #log: Log
  /** The longest unused first. */
  #windows: readonly Window[] = []

  constructor(log: Log) {
    this.#log = log
  }

  /** `null` where no row lies there, or one of a newer birthline. */
  async rowAt(offset: bigint): Promise<RawRow | null> {
    const at = Number(offset)
    const window = this.#windows.find(one => one.start <= at && at < one.end) ?? (await this.#read(at))
    this.#windows = [...this.#windows.filter(one => one !== window), window].slice(-MAX_WINDOWS)
    const record = window.records.get(at)
    return record === undefined || record.value === null ? null : decodeKnown('rawRow', record.value, record)
  }

  async #read(start: number): Promise<Window> {
    const from = [{ topic: 'raw', partition: 0, offset: start }]
    const reader = this.#log.openReader({ topics: ['raw'], from, maxRecords: WINDOW_RECORDS })
    try {
      const batch = await reader.poll()
      const records = new Map((batch?.records ?? []).map(record => [record.offset, record]))
      return { start, end: batch?.next.offset ?? start + 1, records }
    } finally {
      await reader.close()
    }
  }
}

/** `null` where it holds no row that can be read: ingest has refused it with a letter of its own, so it did nothing. */
export function readableRow({ value }: LogRecord): RawRow | null {
  try {
    return value === null ? null : decode('rawRow', value)
  } catch (error) {
    if (isFusionError(error)) return null
    throw error
  }
}
