// The binary keys of the embedded log. Big-endian numbers, so LMDB's byte order is the order of offsets.
// Topics are numbered once, in the order they were first seen, and keep their number for ever.

/** Bytes of a record's key: topic (2), partition (2), offset (6). */
const RECORD_KEY_BYTES = 10
const PARTITION_KEY_BYTES = 4

export function recordKey(topicId: number, partition: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(RECORD_KEY_BYTES)
  key.writeUInt16BE(topicId, 0)
  key.writeUInt16BE(partition, 2)
  key.writeUIntBE(offset, 4, 6)
  return key
}

export function offsetOfRecordKey(key: Uint8Array): number {
  return asBuffer(key).readUIntBE(4, 6)
}

/** Sorts before every record of its partition, and after every record of the one before. */
export function partitionKey(topicId: number, partition: number): Buffer {
  const key = Buffer.allocUnsafe(PARTITION_KEY_BYTES)
  key.writeUInt16BE(topicId, 0)
  key.writeUInt16BE(partition, 2)
  return key
}

/** Sorts after every record of its partition; unlike `partition + 1` it exists for the last one too. */
export function partitionEndKey(topicId: number, partition: number): Buffer {
  const key = Buffer.alloc(RECORD_KEY_BYTES + 1, 0xff)
  key.writeUInt16BE(topicId, 0)
  key.writeUInt16BE(partition, 2)
  return key
}

/** Where the newest record of a key is found, in topics that keep only that. */
export function newestKey(topicId: number, key: string): Buffer {
  const bytes = Buffer.allocUnsafe(2 + Buffer.byteLength(key))
  bytes.writeUInt16BE(topicId, 0)
  bytes.write(key, 2)
  return bytes
}

/** A group's committed offset in one partition. A zero byte ends the name, so no group's keys hold another's. */
export function committedKey(group: string, topicId: number, partition: number): Buffer {
  return Buffer.concat([Buffer.from(`${group}\0`), partitionKey(topicId, partition)])
}

/** The bounds between which all committed offsets of a group lie. */
export function committedRange(group: string): { start: Buffer; end: Buffer } {
  return { start: Buffer.from(`${group}\0`), end: Buffer.from(`${group}\u0001`) }
}

/** The topic number and partition at the end of a committed key. */
export function partitionOfCommittedKey(key: Uint8Array): { topicId: number; partition: number } {
  const bytes = asBuffer(key)
  return { topicId: bytes.readUInt16BE(bytes.length - 4), partition: bytes.readUInt16BE(bytes.length - 2) }
}

/** The same bytes with Buffer's readers; LMDB hands out either kind. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
