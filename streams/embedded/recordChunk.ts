// Consecutive records of one partition are stored together in chunks, as one LMDB value each:
// reading and writing then cost per chunk, not per record, and a damaged page is noticed by its checksum.
//
//   offset  size  field
//   0       4     CRC-32 of all that follows
//   4       6     time of appending, ms since 1970
//   10      2     number of records; their offsets follow one another from the chunk's own
//   12      ...   records: key bytes + 1 (2; 0 is no key), value bytes + 1 (4; 0 is a tombstone), key, value
//
// All numbers are little-endian.
import { crc32 } from 'node:zlib'
import { FusionError } from '../../schemas/index.ts'
import type { LogRecord } from '../log.ts'
import { asBuffer } from './lmdbKeys.ts'

const HEADER_BYTES = 12
const RECORD_HEADER_BYTES = 6
/** Fills four of LMDB's 4 KiB pages, the page header included. */
const TARGET_BYTES = 16_320

export interface ChunkItem {
  readonly key: string | null
  /** UTF-8 bytes of the key; 0 where there is none. */
  readonly keyBytes: number
  readonly value: Uint8Array | null
}

/**
 * Packs records into chunks. The bytes handed to `write` are valid during that call only:
 * LMDB copies them, so one buffer serves all chunks of usual size.
 */
export class ChunkPacker {
  readonly #shared = Buffer.allocUnsafeSlow(TARGET_BYTES)
  #bytes = this.#shared
  #length = HEADER_BYTES
  #count = 0

  /** Cuts `items` into chunks of about 16 KB (a larger record gets its own) and writes each with its first index. */
  pack(items: readonly ChunkItem[], atMs: number, write: (chunk: Buffer, firstIndex: number) => void): void {
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      const need = RECORD_HEADER_BYTES + item.keyBytes + (item.value?.length ?? 0)
      if (this.#count > 0 && this.#length + need > TARGET_BYTES) this.#finish(atMs, write, i)
      if (HEADER_BYTES + need > TARGET_BYTES) this.#bytes = Buffer.allocUnsafeSlow(HEADER_BYTES + need)
      this.#add(item)
    }
    if (this.#count > 0) this.#finish(atMs, write, items.length)
  }

  #add(item: ChunkItem): void {
    let at = this.#length
    this.#bytes.writeUInt16LE(item.key === null ? 0 : item.keyBytes + 1, at)
    this.#bytes.writeUInt32LE(item.value === null ? 0 : item.value.length + 1, at + 2)
    at += RECORD_HEADER_BYTES
    if (item.key !== null) at += this.#bytes.write(item.key, at)
    if (item.value !== null) {
      this.#bytes.set(item.value, at)
      at += item.value.length
    }
    this.#length = at
    this.#count += 1
  }

  #finish(atMs: number, write: (chunk: Buffer, firstIndex: number) => void, endIndex: number): void {
    const bytes = this.#bytes
    const firstIndex = endIndex - this.#count
    bytes.writeUIntLE(atMs, 4, 6)
    bytes.writeUInt16LE(this.#count, 10)
    bytes.writeUInt32LE(crc32(bytes.subarray(4, this.#length)), 0)
    const chunk = bytes.subarray(0, this.#length)
    this.#bytes = this.#shared
    this.#length = HEADER_BYTES
    this.#count = 0
    write(chunk, firstIndex)
  }
}

export function appendedMsOfChunk(chunk: Uint8Array): number {
  return asBuffer(chunk).readUIntLE(4, 6)
}

export function countOfChunk(chunk: Uint8Array): number {
  return asBuffer(chunk).readUInt16LE(10)
}

/** Where a chunk lies, for its records and for the sentence when it is damaged. */
export interface ChunkPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/**
 * Appends the chunk's records to `into`, leaving out those before `fromOffset`, until `maxRecords` are in it or the
 * next record would bring `usedBytes` over `maxBytes`; one record always fits. The values are views of `chunk`.
 *
 * @returns the bytes used so far, and whether the chunk was read to its end
 * @throws FusionError LOG_DAMAGED when the checksum does not match
 */
export function unpackChunk(
  chunk: Uint8Array,
  place: ChunkPlace,
  fromOffset: number,
  limits: { readonly maxRecords: number; readonly maxBytes: number },
  into: LogRecord[],
  usedBytes: number,
): { usedBytes: number; isWhole: boolean } {
  const bytes = asBuffer(chunk)
  if (bytes.length < HEADER_BYTES || crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) throw damaged(place)
  const count = bytes.readUInt16LE(10)
  let at = HEADER_BYTES
  for (let i = 0; i < count; i++) {
    const keyBytes = bytes.readUInt16LE(at) - 1
    const valueBytes = bytes.readUInt32LE(at + 2) - 1
    const keyAt = at + RECORD_HEADER_BYTES
    const valueAt = keyAt + Math.max(keyBytes, 0)
    at = valueAt + Math.max(valueBytes, 0)
    const offset = place.offset + i
    if (offset < fromOffset) continue
    const sizeBytes = at - keyAt
    if (into.length > 0 && (into.length >= limits.maxRecords || usedBytes + sizeBytes > limits.maxBytes)) {
      return { usedBytes, isWhole: false }
    }
    usedBytes += sizeBytes
    into.push({
      topic: place.topic,
      partition: place.partition,
      offset,
      key: keyBytes < 0 ? null : bytes.toString('utf8', keyAt, valueAt),
      value: valueBytes < 0 ? null : new Uint8Array(bytes.buffer, bytes.byteOffset + valueAt, valueBytes),
    })
  }
  return { usedBytes, isWhole: true }
}

export function damaged(place: ChunkPlace): FusionError {
  return new FusionError(
    'LOG_DAMAGED',
    `The log's records at ${place.topic}/${place.partition} offset ${place.offset} are damaged on disk; ` +
      'check the disk, then restore the log folder from a copy or replay its sources into a new one.',
    { detail: { topic: place.topic, partition: place.partition, offset: place.offset } },
  )
}
