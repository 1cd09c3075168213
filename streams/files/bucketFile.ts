// Entries sorted into buckets by a hash, in one scratch file: what is too much for the memory at once is written there,
// and read back bucket by bucket.
import { join } from 'node:path'
import { OutputFile } from './outputFile.ts'

const LENGTH_BYTES = 4

interface Bucket {
  /** Where its chunks lie: position and length by turns. */
  readonly places: number[]
  buffer: Buffer | null
  usedBytes: number
}

export class BucketFile {
  readonly #file: OutputFile
  readonly #buckets: readonly Bucket[]
  readonly #chunkBytes: number

  private constructor(file: OutputFile, buckets: readonly Bucket[], chunkBytes: number) {
    this.#file = file
    this.#buckets = buckets
    this.#chunkBytes = chunkBytes
  }

  /**
   * @param folder for scratch; the file is gone once it is closed
   * @param chunkBytes held in memory for each bucket
   * @throws FusionError FILE_UNWRITABLE, as `put` does
   */
  static async open(folder: string, bucketCount: number, chunkBytes = 32 * 1024): Promise<BucketFile> {
    const file = await OutputFile.open(join(folder, 'buckets'))
    const buckets = Array.from({ length: bucketCount }, () => ({ places: [], buffer: null, usedBytes: 0 }))
    return new BucketFile(file, buckets, chunkBytes)
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes
  }

  /** Await each call. */
  async put(index: number, entry: Uint8Array): Promise<void> {
    const bucket = this.#buckets[index]
    const needed = LENGTH_BYTES + entry.length
    if (bucket.usedBytes + needed > this.#chunkBytes) await this.#flush(bucket)
    // An entry larger than a chunk is a chunk of its own.
    if (bucket.buffer === null || bucket.buffer.length < bucket.usedBytes + needed) {
      bucket.buffer = Buffer.alloc(Math.max(this.#chunkBytes, needed))
    }
    bucket.buffer.writeUInt32BE(entry.length, bucket.usedBytes)
    bucket.buffer.set(entry, bucket.usedBytes + LENGTH_BYTES)
    bucket.usedBytes += needed
  }

  /** Its entries in the order in which they came. */
  async *entries(index: number): AsyncGenerator<Uint8Array, void, undefined> {
    const bucket = this.#buckets[index]
    for (let i = 0; i < bucket.places.length; i += 2) {
      yield* entriesOf(await this.#file.readAt(bucket.places[i], bucket.places[i + 1]))
    }
    if (bucket.buffer !== null) yield* entriesOf(bucket.buffer.subarray(0, bucket.usedBytes))
  }

  async close(): Promise<void> {
    await this.#file.abandon()
  }

  async #flush(bucket: Bucket): Promise<void> {
    if (bucket.buffer === null || bucket.usedBytes === 0) return
    bucket.places.push(this.#file.sizeBytes, bucket.usedBytes)
    await this.#file.append(bucket.buffer.subarray(0, bucket.usedBytes))
    if (bucket.buffer.length > this.#chunkBytes) bucket.buffer = null
    bucket.usedBytes = 0
  }
}

function* entriesOf(chunk: Buffer): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < chunk.length; ) {
    const start = at + LENGTH_BYTES
    at = start + chunk.readUInt32BE(at)
    yield chunk.subarray(start, at)
  }
}
