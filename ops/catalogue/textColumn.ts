// Short texts by row in one buffer: a million ids as strings would cost three times as much, and the collector its time.

const FIRST_ROWS = 1024
const FIRST_BYTES = 32_768
/** Arrays that are full grow by this. */
const GROWTH = 1.25

/** A typed array of more elements, the old ones first. */
export function grown<T extends Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array | Int32Array>(
  array: T,
  length: number,
): T {
  if (length <= array.length) return array
  const larger = new (array.constructor as new (length: number) => T)(Math.ceil(length * GROWTH))
  larger.set(array)
  return larger
}

export class TextColumn {
  #bytes = Buffer.alloc(FIRST_BYTES)
  #starts = new Uint32Array(FIRST_ROWS)
  #lengths = new Uint16Array(FIRST_ROWS)
  #end = 0
  #wasted = 0

  /** Memory that it holds. */
  get sizeBytes(): number {
    return this.#bytes.length + this.#starts.byteLength + this.#lengths.byteLength
  }

  get(row: number): string {
    const start = this.#starts[row]
    return this.#bytes.toString('utf8', start, start + this.#lengths[row])
  }

  /** @param text at most 65,535 bytes */
  set(row: number, text: string): void {
    this.#starts = grown(this.#starts, row + 1)
    this.#lengths = grown(this.#lengths, row + 1)
    const length = Buffer.byteLength(text)
    if (length > 0xffff) throw new RangeError(`TextColumn: a text of ${length} bytes is no id`)
    const old = this.#lengths[row]
    if (length <= old) {
      this.#wasted += old - length
      this.#lengths[row] = this.#bytes.write(text, this.#starts[row])
      return
    }
    this.#wasted += old
    this.#lengths[row] = 0
    if (this.#wasted > this.#end / 2) this.#compact()
    this.#makeRoom(length)
    this.#starts[row] = this.#end
    this.#lengths[row] = this.#bytes.write(text, this.#end)
    this.#end += length
  }

  #makeRoom(length: number): void {
    if (this.#end + length <= this.#bytes.length) return
    const larger = Buffer.alloc(Math.ceil((this.#end + length) * GROWTH))
    this.#bytes.copy(larger, 0, 0, this.#end)
    this.#bytes = larger
  }

  /** Puts the texts together, without what shorter ones and removed ones have left between them. */
  #compact(): void {
    const packed = Buffer.alloc(Math.max(FIRST_BYTES, Math.ceil((this.#end - this.#wasted) * GROWTH)))
    let end = 0
    for (let row = 0; row < this.#lengths.length; row++) {
      const start = this.#starts[row]
      this.#starts[row] = end
      end += this.#bytes.copy(packed, end, start, start + this.#lengths[row])
    }
    this.#bytes = packed
    this.#end = end
    this.#wasted = 0
  }
}
