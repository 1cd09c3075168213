// Records -> one batch as a broker keeps it, see recordBatch.ts for its form. Written in one pass into one buffer: with
// kafkajs each record, and each of its parts, is a buffer of its own, which costs more than all else a producer does.
import { crc32c } from './crc32c.ts'

export interface BatchRecord {
  readonly key: string | null
  /** Of the key in UTF-8. */
  readonly keyBytes: number
  readonly value: Uint8Array | null
}

export interface BatchHead {
  readonly producerId: bigint
  readonly epochNumber: number
  readonly firstSequence: number
  /** Since 1970, of all its records. */
  readonly timeMs: number
}

/** What a record takes in a batch beside its key and value, at most. */
export const RECORD_OVERHEAD_BYTES = 24

const HEADER_BYTES = 61
const CRC_AT = 17
const CRC_FROM = 21
const MAGIC = 2
const TRANSACTIONAL = 0x10

/** A transactional batch, without compression. */
export function encodeBatch(records: readonly BatchRecord[], head: BatchHead): Buffer {
  let bound = HEADER_BYTES
  for (const { keyBytes, value } of records) bound += keyBytes + (value?.length ?? 0) + RECORD_OVERHEAD_BYTES
  const bytes = Buffer.allocUnsafe(bound)
  let at = HEADER_BYTES
  for (let i = 0; i < records.length; i++) at = writeRecord(bytes, at, i, records[i])
  bytes.writeBigInt64BE(0n, 0)
  bytes.writeInt32BE(at - 12, 8)
  bytes.writeInt32BE(-1, 12)
  bytes.writeInt8(MAGIC, 16)
  bytes.writeInt16BE(TRANSACTIONAL, CRC_FROM)
  bytes.writeInt32BE(records.length - 1, 23)
  bytes.writeBigInt64BE(BigInt(head.timeMs), 27)
  bytes.writeBigInt64BE(BigInt(head.timeMs), 35)
  bytes.writeBigInt64BE(head.producerId, 43)
  bytes.writeInt16BE(head.epochNumber, 51)
  bytes.writeInt32BE(head.firstSequence, 53)
  bytes.writeInt32BE(records.length, 57)
  bytes.writeUInt32BE(crc32c(bytes, CRC_FROM, at), CRC_AT)
  return bytes.subarray(0, at)
}

/** Returns where the next one begins. */
function writeRecord(bytes: Buffer, start: number, offset: number, { key, keyBytes, value }: BatchRecord): number {
  const keyLength = key === null ? -1 : keyBytes
  const valueLength = value === null ? -1 : value.length
  // Attributes, time delta and number of headers are a byte each: zero.
  const sizeBytes =
    3 +
    lengthOf(offset) +
    lengthOf(keyLength) +
    lengthOf(valueLength) +
    (keyLength > 0 ? keyLength : 0) +
    (value?.length ?? 0)
  let at = writeVarInt(bytes, start, sizeBytes)
  bytes[at++] = 0
  bytes[at++] = 0
  at = writeVarInt(bytes, at, offset)
  at = writeVarInt(bytes, at, keyLength)
  if (key !== null) {
    // A short one of ASCII, as nearly all are, is written faster than handed over.
    if (keyBytes === key.length) for (let i = 0; i < keyBytes; i++) bytes[at + i] = key.charCodeAt(i)
    else bytes.write(key, at, keyBytes)
    at += keyBytes
  }
  at = writeVarInt(bytes, at, valueLength)
  if (value !== null) {
    bytes.set(value, at)
    at += value.length
  }
  bytes[at++] = 0
  return at
}

const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value)

function lengthOf(value: number): number {
  let length = 1
  for (let rest = zigzag(value); rest >= 0x80; rest = Math.floor(rest / 128)) length++
  return length
}

function writeVarInt(bytes: Buffer, start: number, value: number): number {
  let at = start
  let rest = zigzag(value)
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes[at++] = (rest & 0x7f) | 0x80
  bytes[at++] = rest
  return at
}
