// Chance as an argument: a counter-based generator, so that star number i draws the same numbers in any batch and any thread.

const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/**
 * One block of Philox 4x32-10.
 *
 * @param counter [4] and key [2] 32-bit words
 * @param out [4] receives 32 random bits each, unsigned
 *
 * Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3" (Random123).
 */
export function philox(counter: Uint32Array, key: Uint32Array, out: Uint32Array): void {
  let c0 = counter[0]
  let c1 = counter[1]
  let c2 = counter[2]
  let c3 = counter[3]
  let k0 = key[0]
  let k1 = key[1]
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, c0)
    const low0 = Math.imul(M0, c0)
    const high1 = multiplyHigh(M1, c2)
    const low1 = Math.imul(M1, c2)
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1 >>> 0
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0 >>> 0
    k0 = (k0 + W0) >>> 0
    k1 = (k1 + W1) >>> 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}

/** Upper 32 bits of the 64-bit product of two unsigned 32-bit words. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = aLow * bHigh + (middle % 0x10000)
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0
}

export interface Rng {
  /** Goes to the start of stream `index`, an integer of at least 0 and below 2^53. */
  seek(index: number): void
  /** The next 32 random bits, unsigned. */
  bits(): number
  /** In the open interval (0, 1), in steps of 2^-32. */
  uniform(): number
  /** Standard normal (Box-Muller; reaches 6.6 sigma). */
  normal(): number
  /** Integer from 0 to below `count`, without modulo bias; `count` at most 2^32. */
  integer(count: number): number
}

/**
 * Generator of the streams of one seed and one purpose.
 *
 * @param seed an integer of at least 0 and below 2^53
 * @param purpose 32-bit word that keeps different users of one seed apart
 * @throws RangeError when the seed, the index or the count is not such an integer
 */
export function createRng(seed: number, purpose = 0): Rng {
  assertWhole(seed, 'seed')
  const key = Uint32Array.of(seed >>> 0, Math.floor(seed / 2 ** 32))
  const counter = Uint32Array.of(0, 0, 0, purpose)
  const block = new Uint32Array(4)
  let used = 4
  let spare = 0
  let hasSpare = false

  function bits(): number {
    if (used === 4) {
      philox(counter, key, block)
      counter[0]++
      used = 0
    }
    return block[used++]
  }
  const uniform = () => (bits() + 0.5) / 2 ** 32

  return {
    seek(index) {
      assertWhole(index, 'stream index')
      counter[0] = 0
      counter[1] = index >>> 0
      counter[2] = Math.floor(index / 2 ** 32)
      used = 4
      hasSpare = false
    },
    bits,
    uniform,
    normal() {
      if (hasSpare) {
        hasSpare = false
        return spare
      }
      const radius = Math.sqrt(-2 * Math.log(uniform()))
      const angle = 2 * Math.PI * uniform()
      spare = radius * Math.sin(angle)
      hasSpare = true
      return radius * Math.cos(angle)
    },
    integer(count) {
      if (!Number.isInteger(count) || count < 1 || count > 2 ** 32)
        throw new RangeError(`rng: cannot draw one of ${count} integers`)
      const limit = 2 ** 32 - (2 ** 32 % count)
      let word = bits()
      while (word >= limit) word = bits()
      return word % count
    },
  }
}

function assertWhole(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`rng: ${what} ${value} is not an integer >= 0`)
}

/**
 * The index whose share of the whole holds u: a draw by probabilities.
 * @param probabilities sum to 1
 * @param u 0 to 1
 */
export function indexAt(probabilities: ArrayLike<number>, u: number): number {
  let sum = 0
  for (let i = 0; i < probabilities.length - 1; i++) {
    sum += probabilities[i]
    if (u < sum) return i
  }
  return probabilities.length - 1
}

/**
 * The first index whose cumulated sum is above x: a draw by weights, of many.
 * @param cumulated ascending
 */
export function indexAbove(cumulated: Float64Array, x: number): number {
  let low = 0
  let high = cumulated.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulated[middle] > x) high = middle
    else low = middle + 1
  }
  return low
}
