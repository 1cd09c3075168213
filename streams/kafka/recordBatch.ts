// Record batches as a broker keeps them -> records that readers may see. kafkajs decodes them too, but loses where a
// compacted batch ends, shows records of some aborted transactions, and overflows the stack on very large batches.
// No length is believed: each must lie within what holds it, so that damage ends in an error, soon and within bounds.
//   batch  = base offset 8, length 4, leader epoch 4, magic 1, crc 4, attributes 2, last offset delta 4, first time 8,
//            newest time 8, producer 8, epoch 2, first sequence 4, count 4, then the records
//   record = length, attributes 1, time delta, offset delta, key, value, headers; lengths and deltas are zigzag varints
import { gunzipSync } from 'node:zlib'
import { FusionError } from '../../schemas/index.ts'
import { crc32c } from './crc32c.ts'

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
const CHECKSUM_AT = 17
/** The checksum is of all that follows it. */
const CHECKED_AT = 21
const COMPRESSION_BITS = 0x07
const GZIP = 1
const TRANSACTIONAL = 0x10
const CONTROL = 0x20
const ABORT_MARKER = 0
/** Length, attributes, two deltas, and the lengths of key, value and headers: a byte each. */
const MIN_RECORD_BYTES = 7
/** Of a batch that is unpacked; our own stay below the largest record, and other producers' below a broker's limit. */
const MAX_UNPACKED_BYTES = 128 * 1024 * 1024
/** A varint of 64 bits. */
const MAX_VARINT_BYTES = 10

/**
 * @param bytes whole batches, the last of which may be cut short
 * @param fromOffset records before it are left out: a batch is delivered whole even when only its end was asked for
 * @param aborted transactions whose records nobody may see
 * @param where the partition, as errors name it
 * @throws FusionError LOG_DAMAGED when a batch that came whole is not one, or not what its checksum says
 */
export function decodeBatches(
  bytes: Buffer,
  fromOffset: number,
  aborted: readonly AbortedTransaction[],
  where: string,
): DecodedRecords {
  const records: RawRecord[] = []
  const pending = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  const hidden = new Set<bigint>()
  let nextOffset = fromOffset
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + FRAME_BYTES + bytes.readInt32BE(at + 8)
    if (end < at + HEADER_BYTES) throw damaged(fromOffset, 'is shorter than its header')
    if (end > bytes.length) break
    const baseOffset = Number(bytes.readBigInt64BE(at))
    if (crc32c(bytes, at + CHECKED_AT, end) !== bytes.readUInt32BE(at + CHECKSUM_AT)) {
      throw damaged(baseOffset, `of ${where} is not what its checksum says`)
    }
    const attributes = bytes.readInt16BE(at + 21)
    const lastOffset = baseOffset + bytes.readInt32BE(at + 23)
    const producerId = bytes.readBigInt64BE(at + 43)
    const count = bytes.readInt32BE(at + 57)
    while (pending.length > 0 && pending[0].firstOffset <= lastOffset) {
      const begun = pending.shift()
      if (begun !== undefined) hidden.add(begun.producerId)
    }
    if ((attributes & CONTROL) !== 0) {
      const mark = bytes.subarray(at + HEADER_BYTES, end)
      if (count > 0 && controlType(mark, baseOffset) === ABORT_MARKER) hidden.delete(producerId)
    } else if ((attributes & TRANSACTIONAL) === 0 || !hidden.has(producerId)) {
      const body = bytes.subarray(at + HEADER_BYTES, end)
      decodeRecords(plain(body, attributes & COMPRESSION_BITS, baseOffset), count, baseOffset, fromOffset, records)
    }
    nextOffset = Math.max(nextOffset, lastOffset + 1)
    at = end
  }
  return { records, nextOffset }
}

function decodeRecords(body: Buffer, count: number, baseOffset: number, fromOffset: number, into: RawRecord[]): void {
  const cursor = { bytes: body, at: 0, baseOffset }
  if (count * MIN_RECORD_BYTES > body.length) throw damaged(baseOffset, `has no room for its ${count} records`)
  for (let i = 0; i < count; i++) {
    const end = endOf(cursor, readVarInt(cursor))
    cursor.at += 1
    readVarInt(cursor)
    const offset = baseOffset + readVarInt(cursor)
    const key = readBytes(cursor)
    const value = readBytes(cursor)
    if (cursor.at > end) throw damaged(baseOffset, 'has a record that is longer than it says')
    cursor.at = end
    if (offset < fromOffset) continue
    const sizeBytes = (key?.length ?? 0) + (value?.length ?? 0)
    into.push({ offset, key: key === null ? null : key.toString('utf8'), value, sizeBytes })
  }
}

interface Cursor {
  readonly bytes: Buffer
  readonly baseOffset: number
  at: number
}

/** Also long enough for time deltas, whose high bits nobody looks at here. */
function readVarInt(cursor: Cursor): number {
  const { bytes } = cursor
  let value = 0
  let scale = 1
  for (let i = 0; i < MAX_VARINT_BYTES && cursor.at < bytes.length; i++) {
    const byte = bytes[cursor.at++]
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    scale *= 128
  }
  throw damaged(cursor.baseOffset, 'ends within a number')
}

/** Where so many bytes from here on end. */
function endOf({ bytes, at, baseOffset }: Cursor, lengthBytes: number): number {
  if (lengthBytes >= 0 && lengthBytes <= bytes.length - at) return at + lengthBytes
  throw damaged(baseOffset, `has ${lengthBytes} bytes in a place of ${bytes.length - at}`)
}

function readBytes(cursor: Cursor): Buffer | null {
  const lengthBytes = readVarInt(cursor)
  if (lengthBytes === -1) return null
  const start = cursor.at
  cursor.at = endOf(cursor, lengthBytes)
  return cursor.bytes.subarray(start, cursor.at)
}

/** The key of a control record: version 2, type 2. */
function controlType(bytes: Buffer, baseOffset: number): number {
  const cursor = { bytes, at: 0, baseOffset }
  readVarInt(cursor)
  cursor.at += 1
  readVarInt(cursor)
  readVarInt(cursor)
  const key = readBytes(cursor)
  return key === null || key.length < 4 ? -1 : key.readInt16BE(2)
}

function plain(body: Buffer, compression: number, baseOffset: number): Buffer {
  if (compression === 0) return body
  if (compression === GZIP) {
    try {
      return gunzipSync(body, { maxOutputLength: MAX_UNPACKED_BYTES })
    } catch (cause) {
      throw damaged(baseOffset, `cannot be unpacked (${cause instanceof Error ? cause.message : String(cause)})`)
    }
  }
  throw new FusionError(
    'LOG_DAMAGED',
    `A batch of records is compressed in a way (${compression}) that birthline does not read; ` +
      'let its producer write without compression or with gzip.',
    { detail: { compression } },
  )
}

function damaged(offset: number, reason: string): FusionError {
  return new FusionError(
    'LOG_DAMAGED',
    `A batch of records at offset ${offset} ${reason}: the brokers' files or the way to them are damaged; ` +
      'look at the log of the broker, and restore the partition from another copy of it.',
    { detail: { offset } },
  )
}
