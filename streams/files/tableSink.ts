// Where the bytes of a table go as it is written: a file, or memory.

export interface TableSink {
  /** What sentences about it name. */
  readonly path: string
  append(bytes: Uint8Array): Promise<void>
  /** Also beyond the end, which moves there. */
  writeAt(position: number, bytes: Uint8Array): Promise<void>
  readAt(position: number, length: number): Promise<Buffer>
}

/** A file that is never on a disk. */
export class MemorySink implements TableSink {
  readonly path: string
  #bytes = Buffer.alloc(16_384)
  #sizeBytes = 0

  constructor(path: string) {
    this.path = path
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.writeAt(this.#sizeBytes, bytes)
  }

  async writeAt(position: number, bytes: Uint8Array): Promise<void> {
    const end = position + bytes.length
    if (end > this.#bytes.length) {
      const larger = Buffer.alloc(2 * end)
      this.#bytes.copy(larger, 0, 0, this.#sizeBytes)
      this.#bytes = larger
    }
    this.#bytes.set(bytes, position)
    this.#sizeBytes = Math.max(this.#sizeBytes, end)
  }

  async readAt(position: number, length: number): Promise<Buffer> {
    return Buffer.from(this.#bytes.subarray(position, position + length))
  }

  /** What was written, until more is. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#sizeBytes)
  }
}
