// Which partition a key belongs to: the hash of Kafka's own clients, so both logs place a key alike.

const M = 0x5bd1e995
const SEED = 0x9747b28c

/**
 * The 32-bit murmur2 hash as Kafka's Java client computes it.
 *
 * @param bytes only the first `length` of them are hashed
 * @returns a signed 32-bit integer, as Java shows it
 *
 * Source: org.apache.kafka.common.utils.Utils.murmur2, after A. Appleby's MurmurHash2.
 */
export function murmur2(bytes: Uint8Array, length = bytes.length): number {
  let h = SEED ^ length
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    let k = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
    k = Math.imul(k, M)
    k ^= k >>> 24
    h = Math.imul(h, M) ^ Math.imul(k, M)
  }
  const rest = length - whole
  if (rest === 3) h ^= bytes[whole + 2] << 16
  if (rest >= 2) h ^= bytes[whole + 1] << 8
  if (rest >= 1) h = Math.imul(h ^ bytes[whole], M)
  h ^= h >>> 13
  h = Math.imul(h, M)
  return h ^ (h >>> 15)
}

/** Kafka's default partition of a key: the hash without its sign, modulo the number of partitions. */
export function partitionOf(keyBytes: Uint8Array, length: number, partitions: number): number {
  return partitions === 1 ? 0 : (murmur2(keyBytes, length) & 0x7fffffff) % partitions
}
