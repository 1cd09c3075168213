// A file as bytes, gzip or not: read front to back in chunks, or at any position, never as a whole.
import { readSync } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isFusionError } from '../../schemas/index.ts'
import type { FileLimits } from './fileLimits.ts'
import { inflate } from './inflate.ts'
import type { Progress } from './table.ts'
import { isSystemError, notRead, notWritten, tooLarge, unreadable } from './unreadableFile.ts'

const CHUNK_BYTES = 256 * 1024

export interface ByteSource {
  readonly path: string
  readonly limits: FileLimits
  readonly isGzip: boolean
  /** Of the newest call of `chunks`, in bytes of the file as it lies on disk. */
  readonly progress: Progress
  /** The content from a position on. */
  chunks(position?: number): AsyncGenerator<Buffer, void, undefined>
  /** Exactly these bytes of the content, fewer only at its end. A gzip is first unpacked to a temporary file. */
  readAt(position: number, length: number): Promise<Buffer>
  /**
   * The same at once, for who cannot wait.
   * @throws RangeError on a gzip that is not unpacked yet: ask for its size first
   */
  readNow(position: number, length: number): Buffer
  /** Of the content; a gzip is first unpacked to a temporary file. */
  size(): Promise<number>
  close(): Promise<void>
}

/** @throws FusionError FILE_UNREADABLE when the file is absent, empty, forbidden or no regular file */
export async function openByteSource(path: string, limits: FileLimits): Promise<ByteSource> {
  const { handle, bytesTotal } = await openFile(path)
  const magic = await readFully(handle, path, 0, 2)
  const isGzip = magic.length === 2 && magic[0] === 0x1f && magic[1] === 0x8b
  let bytesRead = 0
  let spool: Promise<Spool> | null = null
  let unpacked: Spool | null = null

  async function* raw(from: number, isCounted: boolean): AsyncGenerator<Buffer, void, undefined> {
    for (let position = from; position < bytesTotal; ) {
      const chunk = await readFully(handle, path, position, Math.min(CHUNK_BYTES, bytesTotal - position))
      if (chunk.length === 0) throw unreadable(path, 'became shorter while it was read; read it when it is complete')
      position += chunk.length
      if (isCounted) bytesRead = position
      yield chunk
    }
  }

  async function* inflated(from: number): AsyncGenerator<Buffer, void, undefined> {
    let toSkip = from
    for await (const chunk of inflate(raw(0, true), path, limits)) {
      if (toSkip < chunk.length) yield toSkip === 0 ? chunk : chunk.subarray(toSkip)
      toSkip = Math.max(0, toSkip - chunk.length)
    }
  }

  const unpack = () => {
    spool ??= writeSpool(inflate(raw(0, false), path, limits), path, limits)
    return spool
  }

  return {
    path,
    limits,
    isGzip,
    get progress() {
      return { bytesRead, bytesTotal }
    },
    chunks(position = 0) {
      bytesRead = 0
      return isGzip ? inflated(position) : raw(position, true)
    },
    async readAt(position, length) {
      if (!isGzip) return readFully(handle, path, position, Math.min(length, Math.max(0, bytesTotal - position)))
      const { file, sizeBytes, failure } = await unpack()
      if (failure !== null && position + length > sizeBytes) throw failure
      return readFully(file, path, position, Math.min(length, Math.max(0, sizeBytes - position)))
    },
    readNow(position, length) {
      if (!isGzip) return readFullyNow(handle, path, position, Math.min(length, Math.max(0, bytesTotal - position)))
      if (unpacked === null) throw new RangeError(`byteSource: ${path} is not unpacked yet`)
      const { file, sizeBytes } = unpacked
      return readFullyNow(file, path, position, Math.min(length, Math.max(0, sizeBytes - position)))
    },
    async size() {
      if (!isGzip) return bytesTotal
      unpacked = await unpack()
      return unpacked.sizeBytes
    },
    async close() {
      await handle.close()
      // A spool that failed was already reported to whoever asked for it.
      const spooled = await spool?.catch(() => null)
      await spooled?.remove()
    },
  }
}

async function openFile(path: string): Promise<{ readonly handle: FileHandle; readonly bytesTotal: number }> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'r')
    const stat = await handle.stat()
    if (stat.isDirectory()) throw unreadable(path, 'is a directory; name a file')
    if (!stat.isFile()) throw unreadable(path, 'is no regular file; copy its content to a file first')
    if (stat.size === 0) throw unreadable(path, 'is empty; fetch or write it again')
    return { handle, bytesTotal: stat.size }
  } catch (error) {
    await handle?.close()
    throw isSystemError(error) ? notRead(path, error) : error
  }
}

async function readFully(handle: FileHandle, path: string, position: number, length: number): Promise<Buffer> {
  // Not from the shared pool: a cell that keeps a slice must not keep its neighbours' buffers.
  const buffer = Buffer.allocUnsafeSlow(length)
  let filled = 0
  try {
    while (filled < length) {
      const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
  } catch (error) {
    throw isSystemError(error) ? notRead(path, error) : error
  }
  return filled === length ? buffer : buffer.subarray(0, filled)
}

function readFullyNow(handle: FileHandle, path: string, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(length)
  let filled = 0
  try {
    while (filled < length) {
      const bytesRead = readSync(handle.fd, buffer, filled, length - filled, position + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
  } catch (error) {
    throw isSystemError(error) ? notRead(path, error) : error
  }
  return filled === length ? buffer : buffer.subarray(0, filled)
}

interface Spool {
  readonly file: FileHandle
  readonly sizeBytes: number
  /** Why unpacking ended early, raised only to who asks for what is missing. */
  readonly failure: unknown
  remove(): Promise<void>
}

async function writeSpool(chunks: AsyncIterable<Buffer>, path: string, limits: FileLimits): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), 'birthline-'))
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  let file: FileHandle | undefined
  let sizeBytes = 0
  try {
    const opened = await open(join(folder, 'unpacked'), 'wx+')
    file = opened
    // Where the system allows it, the name goes at once: then even a killed process leaves nothing behind.
    await removeFolder().catch(() => {})
    const remove = async () => {
      await opened.close()
      await removeFolder()
    }
    try {
      for await (const chunk of chunks) {
        sizeBytes += chunk.length
        if (sizeBytes > limits.maxSpoolBytes) {
          throw tooLarge(path, `unpacks to over ${limits.maxSpoolBytes} bytes; unpack it yourself and read the result`)
        }
        await opened.write(chunk)
      }
      return { file: opened, sizeBytes, failure: null, remove }
    } catch (failure) {
      if (!isFusionError(failure) || failure.code !== 'FILE_UNREADABLE') throw failure
      return { file: opened, sizeBytes, failure, remove }
    }
  } catch (error) {
    await file?.close()
    await removeFolder()
    throw isSystemError(error) ? notWritten(join(folder, 'unpacked'), error) : error
  }
}
