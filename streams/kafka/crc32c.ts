// CRC-32C (Castagnoli), which guards every batch of records on Kafka's wire. Eight bytes a step, by eight tables.

const POLYNOMIAL = 0x82f63b78
const TABLES = 8
const ENTRIES = 256

/** Table t: what a byte does to the checksum when t more bytes follow it in the same step. */
const tables = makeTables()

function makeTables(): Int32Array {
  const made = new Int32Array(TABLES * ENTRIES)
  for (let byte = 0; byte < ENTRIES; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    made[byte] = crc
  }
  for (let i = ENTRIES; i < made.length; i++) {
    const before = made[i - ENTRIES]
    made[i] = (before >>> 8) ^ made[before & 0xff]
  }
  return made
}

/** Of the bytes from `start` to before `end`, as an unsigned number. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  const t = tables
  let crc = -1
  let at = start
  for (const last = end - TABLES; at <= last; at += TABLES) {
    const low = crc ^ (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24))
    crc =
      t[1792 + (low & 0xff)] ^
      t[1536 + ((low >>> 8) & 0xff)] ^
      t[1280 + ((low >>> 16) & 0xff)] ^
      t[1024 + (low >>> 24)] ^
      t[768 + bytes[at + 4]] ^
      t[512 + bytes[at + 5]] ^
      t[256 + bytes[at + 6]] ^
      t[bytes[at + 7]]
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ t[(crc ^ bytes[at]) & 0xff]
  return (crc ^ -1) >>> 0
}
