// A file that appears whole or not at all: written beside its place, and put there by a rename once it is on disk.
import { rmSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { createGzip, type Gzip } from 'node:zlib'
import type { TableSink } from './tableSink.ts'
import { notWritten } from './unreadableFile.ts'

export class OutputFile implements TableSink {
  /** Temporary names of all that are being written. */
  static readonly #unfinished = new Set<string>()
  readonly path: string
  readonly #partPath: string
  readonly #handle: FileHandle
  #sizeBytes = 0
  #isOpen = true
  #isCommitted = false

  private constructor(path: string, partPath: string, handle: FileHandle) {
    this.path = path
    this.#partPath = partPath
    this.#handle = handle
  }

  /**
   * What a killed process left behind under the temporary name is overwritten.
   * @throws FusionError FILE_UNWRITABLE when the place is forbidden, full or a directory
   */
  static async open(path: string): Promise<OutputFile> {
    const partPath = `${path}.part`
    return attempt(path, async () => {
      const file = new OutputFile(path, partPath, await open(partPath, 'w+'))
      OutputFile.#unfinished.add(partPath)
      return file
    })
  }

  /** For a process that ends at once: gives up all that is not committed, without waiting. */
  static abandonAll(): void {
    for (const partPath of OutputFile.#unfinished) rmSync(partPath, { force: true })
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  async append(bytes: Uint8Array): Promise<void> {
    const position = this.#sizeBytes
    this.#sizeBytes += bytes.length
    await this.writeAt(position, bytes)
  }

  /** Also beyond the end, which moves there. */
  async writeAt(position: number, bytes: Uint8Array): Promise<void> {
    await attempt(this.path, async () => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done)
        done += bytesWritten
      }
    })
    this.#sizeBytes = Math.max(this.#sizeBytes, position + bytes.length)
  }

  async readAt(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length)
    await attempt(this.path, () => this.#handle.read(bytes, 0, length, position))
    return bytes
  }

  /** Makes it durable, then visible under its name. */
  async commit(): Promise<void> {
    await attempt(this.path, async () => {
      await this.#handle.sync()
      await this.#close()
      await rename(this.#partPath, this.path)
    })
    OutputFile.#unfinished.delete(this.#partPath)
    this.#isCommitted = true
  }

  /** Leaves nothing behind, unless it was committed. */
  async abandon(): Promise<void> {
    await this.#close()
    if (this.#isCommitted) return
    await rm(this.#partPath, { force: true })
    OutputFile.#unfinished.delete(this.#partPath)
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#handle.close()
  }
}

/** A text, whole or not at all. @throws FusionError FILE_UNWRITABLE */
export async function writeTextFile(path: string, text: string): Promise<void> {
  const file = await OutputFile.open(path)
  try {
    await file.append(Buffer.from(text))
    await file.commit()
  } finally {
    await file.abandon()
  }
}

async function attempt<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    throw notWritten(path, cause)
  }
}

/** Gzips what is appended to a file, holding a chunk at most. */
export class GzipOutput {
  readonly #file: TableSink
  readonly #gzip: Gzip = createGzip()
  #pieces: Buffer[] = []

  constructor(file: TableSink) {
    this.#file = file
    this.#gzip.on('data', (piece: Buffer) => this.#pieces.push(piece))
  }

  async append(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => this.#gzip.write(bytes, error => (error ? reject(error) : resolve())))
    await this.#drain()
  }

  async finish(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#gzip.once('end', resolve).once('error', reject)
      this.#gzip.end()
    })
    await this.#drain()
  }

  async #drain(): Promise<void> {
    const bytes = Buffer.concat(this.#pieces)
    this.#pieces = []
    if (bytes.length > 0) await this.#file.append(bytes)
  }
}
