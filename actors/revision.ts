// Which of two deliveries of one source is the later: the number of the delivery first, then the row.

const ROW_BITS = 32n

/**
 * @param ordinal of the delivery, from 1
 * @param row of its table, from 1; below 2^32
 */
export function revisionOf(ordinal: bigint, row: number): bigint {
  return (ordinal << ROW_BITS) | BigInt(row)
}

export function isSameDelivery(a: bigint, b: bigint): boolean {
  return ordinalOf(a) === ordinalOf(b)
}

/** The number of the delivery. */
export function ordinalOf(revision: bigint): bigint {
  return revision >> ROW_BITS
}

/** The row of its table, or the number of the spectrum in its file. */
export function numberOf(revision: bigint): number {
  return Number(BigInt.asUintN(Number(ROW_BITS), revision))
}
