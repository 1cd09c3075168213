// Exact pieces of a file in order, for formats made of blocks; jumps ahead where the file allows it.
import type { ByteSource } from './byteSource.ts'

export class ByteCursor {
  readonly #source: ByteSource
  #chunks: AsyncGenerator<Buffer, void, undefined>
  #rest: Buffer = Buffer.alloc(0)
  #position: number

  constructor(source: ByteSource, position = 0) {
    this.#source = source
    this.#chunks = source.chunks(position)
    this.#position = position
  }

  get position(): number {
    return this.#position
  }

  /** These many bytes; fewer only where the content ends, or breaks, when `failure` says why. */
  async read(length: number): Promise<{ readonly bytes: Buffer; readonly failure: unknown }> {
    const parts: Buffer[] = []
    let failure: unknown = null
    let missing = length
    while (missing > 0) {
      if (this.#rest.length === 0) {
        try {
          const { done, value } = await this.#chunks.next()
          if (done === true) break
          this.#rest = value
        } catch (error) {
          failure = error
          break
        }
      }
      const part = this.#rest.subarray(0, missing)
      this.#rest = this.#rest.subarray(part.length)
      missing -= part.length
      parts.push(part)
    }
    this.#position += length - missing
    return { bytes: parts.length === 1 ? parts[0] : Buffer.concat(parts), failure }
  }

  async skip(length: number): Promise<void> {
    const buffered = Math.min(length, this.#rest.length)
    this.#rest = this.#rest.subarray(buffered)
    this.#position += buffered
    let missing = length - buffered
    if (!this.#source.isGzip && missing > 0) {
      await this.#chunks.return()
      this.#position += missing
      this.#chunks = this.#source.chunks(this.#position)
      return
    }
    while (missing > 0) {
      const { bytes, failure } = await this.read(Math.min(missing, 2 ** 20))
      if (failure !== null) throw failure
      if (bytes.length === 0) return
      missing -= bytes.length
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return()
  }
}
