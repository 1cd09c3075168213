// Record batches as a broker keeps them -> records that readers may see. kafkajs decodes them too, but loses where a
// compacted batch ends, shows records of some aborted transactions, and overflows the stack on very large batches.
//   batch  = base offset 8, length 4, leader epoch 4, magic 1, crc 4, attributes 2, last offset delta 4, first time 8,
//            newest time 8, producer 8, epoch 2, first sequence 4, count 4, then the records
//   record = length, attributes 1, time delta, offset delta, key, value, headers; lengths and deltas are zigzag varints
import { gunzipSync } from 'node:zlib'
import { FusionError } from '../../schemas/index.ts'

export interface RawRecord {
  readonly offset: number
  readonly key: string | null
  readonly value: Uint8Array | null
  /** Of key and value. */
  readonly sizeBytes: number
}

export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

export interface DecodedRecords {
  readonly records: RawRecord[]
  /** One past the last batch that came whole, or the offset that was asked for. */
  readonly nextOffset: number
}

const HEADER_BYTES = 61
/** Base offset and length stand before what the length counts. */
const FRAME_BYTES = 12
const COMPRESSION_BITS = 0x07
const GZIP = 1
const TRANSACTIONAL = 0x10
const CONTROL = 0x20
const ABORT_MARKER = 0

/**
 * @param bytes whole batches, the last of which may be cut short
 * @param fromOffset records before it are left out: a batch is delivered whole even when only its end was asked for
 * @param aborted transactions whose records nobody may see
 */
export function decodeBatches(
  bytes: Buffer,
  fromOffset: number,
  aborted: readonly AbortedTransaction[],
): DecodedRecords {
  const records: RawRecord[] = []
  const pending = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  const hidden = new Set<bigint>()
  let nextOffset = fromOffset
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + FRAME_BYTES + bytes.readInt32BE(at + 8)
    if (end > bytes.length) break
    const baseOffset = Number(bytes.readBigInt64BE(at))
    const attributes = bytes.readInt16BE(at + 21)
    const lastOffset = baseOffset + bytes.readInt32BE(at + 23)
    const producerId = bytes.readBigInt64BE(at + 43)
    const count = bytes.readInt32BE(at + 57)
    while (pending.length > 0 && pending[0].firstOffset <= lastOffset) {
      const begun = pending.shift()
      if (begun !== undefined) hidden.add(begun.producerId)
    }
    if ((attributes & CONTROL) !== 0) {
      if (count > 0 && controlType(bytes, at + HEADER_BYTES) === ABORT_MARKER) hidden.delete(producerId)
    } else if ((attributes & TRANSACTIONAL) === 0 || !hidden.has(producerId)) {
      const body = bytes.subarray(at + HEADER_BYTES, end)
      decodeRecords(plain(body, attributes & COMPRESSION_BITS), count, baseOffset, fromOffset, records)
    }
    nextOffset = Math.max(nextOffset, lastOffset + 1)
    at = end
  }
  return { records, nextOffset }
}

function decodeRecords(body: Buffer, count: number, baseOffset: number, fromOffset: number, into: RawRecord[]): void {
  const cursor = { bytes: body, at: 0 }
  for (let i = 0; i < count; i++) {
    const lengthBytes = readVarInt(cursor)
    const end = cursor.at + lengthBytes
    cursor.at += 1
    readVarInt(cursor)
    const offset = baseOffset + readVarInt(cursor)
    const key = readBytes(cursor)
    const value = readBytes(cursor)
    cursor.at = end
    if (offset < fromOffset) continue
    const sizeBytes = (key?.length ?? 0) + (value?.length ?? 0)
    into.push({ offset, key: key === null ? null : key.toString('utf8'), value, sizeBytes })
  }
}

interface Cursor {
  readonly bytes: Buffer
  at: number
}

/** Also long enough for time deltas, whose high bits nobody looks at here. */
function readVarInt(cursor: Cursor): number {
  let value = 0
  let scale = 1
  for (;;) {
    const byte = cursor.bytes[cursor.at++]
    value += (byte & 0x7f) * scale
    if (byte < 0x80) break
    scale *= 128
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

function readBytes(cursor: Cursor): Buffer | null {
  const lengthBytes = readVarInt(cursor)
  if (lengthBytes < 0) return null
  const start = cursor.at
  cursor.at += lengthBytes
  return cursor.bytes.subarray(start, cursor.at)
}

/** The key of a control record: version 2, type 2. */
function controlType(bytes: Buffer, at: number): number {
  const cursor = { bytes, at }
  readVarInt(cursor)
  cursor.at += 1
  readVarInt(cursor)
  readVarInt(cursor)
  const key = readBytes(cursor)
  return key === null || key.length < 4 ? -1 : key.readInt16BE(2)
}

function plain(body: Buffer, compression: number): Buffer {
  if (compression === 0) return body
  if (compression === GZIP) return gunzipSync(body)
  throw new FusionError(
    'LOG_DAMAGED',
    `A batch of records is compressed in a way (${compression}) that birthline does not read; ` +
      'let its producer write without compression or with gzip.',
    { detail: { compression } },
  )
}
