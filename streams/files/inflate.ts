// Gzip as a stream that may be cut short or be a bomb: every byte that can be had, then the reason it ended.
import { createGunzip } from 'node:zlib'
import type { FileLimits } from './fileLimits.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

const CHUNK_BYTES = 128 * 1024

/**
 * Inflates gzip members one after the other, holding a few chunks at most however far they expand.
 * @throws FusionError FILE_UNREADABLE after the last byte of a stream that is cut short, or where it is damaged
 * @throws FusionError RECORD_TOO_LARGE when it expands beyond the limits
 */
export async function* inflate(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  limits: FileLimits,
): AsyncGenerator<Buffer, void, undefined> {
  const engine = createGunzip({ chunkSize: CHUNK_BYTES })
  let failure: Error | null = null
  let isEnded = false
  let wake = () => {}
  const news = () => new Promise<void>(resolve => (wake = resolve))
  engine.on('readable', () => wake())
  engine.on('end', () => {
    isEnded = true
    wake()
  })
  engine.on('error', error => {
    failure = error
    wake()
  })

  let bytesIn = 0
  let bytesOut = 0
  const counted = (piece: Buffer) => {
    bytesOut += piece.length
    checkExpansion(bytesIn, bytesOut, path, limits)
    return piece
  }

  try {
    for await (const chunk of chunks) {
      bytesIn += chunk.length
      let isTaken = false
      engine.write(chunk, () => {
        isTaken = true
        wake()
      })
      // All that this chunk expands to is handed on before the next is asked for.
      while (!isEnded) {
        const piece: Buffer | null = engine.read()
        if (piece !== null) yield counted(piece)
        else if (failure !== null) throw damaged(path, failure)
        else if (isTaken) break
        else await news()
      }
      if (isEnded) return
    }
    // Ending only now keeps what a cut-off stream held: an end that fails throws away what was not yet read.
    engine.end()
    while (!isEnded) {
      const piece: Buffer | null = engine.read()
      if (piece !== null) yield counted(piece)
      else if (failure !== null) throw damaged(path, failure)
      else await news()
    }
  } finally {
    engine.destroy()
  }
}

function checkExpansion(bytesIn: number, bytesOut: number, path: string, limits: FileLimits): void {
  if (bytesOut > limits.maxInflatedBytes) {
    throw tooLarge(
      path,
      `unpacks to more than ${limits.maxInflatedBytes} bytes; unpack it with gunzip first if that is meant`,
    )
  }
  if (bytesOut > limits.inflateGraceBytes && bytesOut > bytesIn * limits.maxInflateRatio) {
    throw tooLarge(
      path,
      `expands ${Math.round(bytesOut / bytesIn)}-fold, which looks like a gzip bomb; unpack it yourself if you trust it`,
    )
  }
}

function damaged(path: string, error: Error): Error {
  const isCut = 'code' in error && error.code === 'Z_BUF_ERROR'
  return isCut
    ? unreadable(path, 'is cut short: its gzip stream has no end; fetch the file again', error)
    : unreadable(path, `is damaged: its gzip stream does not decode (${error.message}); fetch the file again`, error)
}
