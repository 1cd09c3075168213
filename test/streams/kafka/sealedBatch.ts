// Gives record batches that a test has changed the checksum that a broker would have given them.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const checksumOf: (bytes: Buffer) => number = require('kafkajs/src/protocol/recordBatch/crc32C')
const HEADER_BYTES = 61

/** Every batch that is whole, in place. */
export function seal(bytes: Buffer): Buffer {
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const end = at + 12 + bytes.readInt32BE(at + 8)
    if (end < at + HEADER_BYTES || end > bytes.length) break
    bytes.writeUInt32BE(checksumOf(bytes.subarray(at + 21, end)), at + 17)
    at = end
  }
  return bytes
}
