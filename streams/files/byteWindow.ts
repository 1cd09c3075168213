// Pieces of a file at scattered but mostly rising positions: one read serves its neighbours too.
import type { ByteSource } from './byteSource.ts'

export class ByteWindow {
  readonly #source: ByteSource
  readonly #windowBytes: number
  #bytes: Buffer = Buffer.alloc(0)
  #start = 0

  constructor(source: ByteSource, windowBytes: number) {
    this.#source = source
    this.#windowBytes = windowBytes
  }

  /**
   * A view of these many bytes, fewer only at the end of the content.
   * @param end where reading ahead is of no use any more
   */
  async read(position: number, length: number, end = Number.POSITIVE_INFINITY): Promise<Buffer> {
    const offset = position - this.#start
    if (offset < 0 || offset + length > this.#bytes.length) {
      this.#bytes = await this.#source.readAt(position, Math.max(length, Math.min(this.#windowBytes, end - position)))
      this.#start = position
      return this.#bytes.subarray(0, length)
    }
    return this.#bytes.subarray(offset, offset + length)
  }
}
