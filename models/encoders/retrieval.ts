// Whether two instruments put a star at the same place: is its partner the nearest of all?

export interface Retrieval {
  readonly stars: number
  /** Share of stars whose partner is the nearest, and among the ten nearest, by the angle between vectors. */
  readonly topOne: number
  readonly topTen: number
  /** Of the partner, from 1. */
  readonly medianRank: number
}

/**
 * Looks each row of the first for its partner, the same row of the second; ties count against it.
 *
 * @param first, second [N, width]
 * @throws RangeError when there are no rows, or not as many of both
 */
export function retrieve(first: Float32Array, second: Float32Array, width: number): Retrieval {
  const stars = first.length / width
  if (!(Number.isInteger(stars) && stars > 0 && second.length === first.length)) {
    throw new RangeError(`retrieve: ${first.length} and ${second.length} numbers are no rows of ${width}`)
  }
  const [a, b] = [unitRows(first, width), unitRows(second, width)]
  const ranks = new Float64Array(stars)
  for (let i = 0; i < stars; i++) {
    const own = dot(a, i, b, i, width)
    for (let j = 0; j < stars; j++) if (j === i || dot(a, i, b, j, width) >= own) ranks[i]++
  }
  const share = (most: number) => ranks.filter(rank => rank <= most).length / stars
  return { stars, topOne: share(1), topTen: share(10), medianRank: ranks.toSorted()[stars >> 1] }
}

function unitRows(rows: Float32Array, width: number): Float64Array {
  const units = Float64Array.from(rows)
  for (let at = 0; at < units.length; at += width) {
    const row = units.subarray(at, at + width)
    const length = Math.hypot(...row)
    if (length > 0) for (let k = 0; k < width; k++) row[k] /= length
  }
  return units
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, width: number): number {
  let sum = 0
  for (let k = 0; k < width; k++) sum += a[i * width + k] * b[j * width + k]
  return sum
}
