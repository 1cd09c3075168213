// A CSV record that is too long to hold: passed over as it comes, of which the beginning, the length and a hash are kept.
import { createHash } from 'node:crypto'

const NEWLINE = 0x0a
const RETURN = 0x0d
const QUOTE = 0x22
const KEPT_BYTES = 64 * 1024

/** `ending`: a quote was met, which closes the cell unless it is doubled. */
type Place = 'cellStart' | 'cell' | 'quoted' | 'ending'

export interface Oversize {
  readonly sizeBytes: number
  readonly sha256: string
}

export class OversizeRecord {
  /** The line it begins on. */
  readonly line: number
  readonly isComment: boolean
  readonly #delimiter: number
  readonly #hash = createHash('sha256')
  #kept: Buffer = Buffer.alloc(0)
  #sizeBytes = 0
  #newlines = 0
  #place: Place = 'cellStart'

  /** @param delimiter one byte */
  constructor(line: number, delimiter: number, isComment: boolean) {
    this.line = line
    this.isComment = isComment
    this.#delimiter = delimiter
  }

  /** Lines begun so far. */
  get lineCount(): number {
    return this.#newlines + 1
  }

  /** Whether a quote in it is still open. */
  get isOpen(): boolean {
    return this.#place === 'quoted'
  }

  /** The beginning of it. */
  get bytes(): Buffer {
    return this.#kept
  }

  get oversize(): Oversize {
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.copy().digest('hex') }
  }

  /** Passes over what belongs to it. @returns where its line end is, or -1 when that is still to come */
  pass(data: Buffer, from: number): number {
    const end = this.isComment ? data.indexOf(NEWLINE, from) : this.#findEnd(data, from)
    const isReturned = end > from && data[end - 1] === RETURN
    this.#take(data.subarray(from, end < 0 ? data.length : isReturned ? end - 1 : end))
    return end
  }

  #take(piece: Buffer): void {
    this.#hash.update(piece)
    this.#sizeBytes += piece.length
    const room = KEPT_BYTES - this.#kept.length
    if (room > 0) this.#kept = Buffer.concat([this.#kept, piece.subarray(0, room)])
  }

  #findEnd(data: Buffer, from: number): number {
    let i = from
    while (i < data.length) {
      const byte = data[i]
      if (this.#place === 'quoted') {
        if (byte === QUOTE) this.#place = 'ending'
        else if (byte === NEWLINE) this.#newlines++
      } else if (byte === QUOTE && this.#place !== 'cell') {
        this.#place = 'quoted'
      } else if (byte === NEWLINE) {
        return i
      } else {
        // Whatever follows up to the next delimiter belongs to the cell, quotes included.
        this.#place = byte === this.#delimiter ? 'cellStart' : 'cell'
      }
      i++
    }
    return -1
  }
}
