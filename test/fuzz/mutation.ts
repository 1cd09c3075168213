// Damage with a method: bits, bytes, numbers and lengths, blocks that repeat, move or go, words of the format, other seeds.
import type { Rng } from '../../models/index.ts'

/** A case does not grow beyond this by mutation alone. */
const MAX_CASE_BYTES = 256 * 1024
const MAX_MUTATIONS = 8
const REPEATS = [2, 3, 17, 300] as const

/** What counts and lengths break at. */
const numbers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff] as const
const varints = [
  Buffer.of(0x80, 0x80, 0x80, 0x80, 0x10),
  Buffer.of(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
  Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
] as const

type Mutation = (bytes: Buffer, rng: Rng, words: readonly Buffer[], other: Buffer) => Buffer

const at = (bytes: Buffer, rng: Rng) => rng.integer(Math.max(1, bytes.length))
const spliced = (bytes: Buffer, start: number, end: number, middle: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, start), middle, bytes.subarray(end)])

const mutations: readonly Mutation[] = [
  (bytes, rng) => {
    const copy = Buffer.from(bytes)
    if (copy.length > 0) copy[at(copy, rng)] ^= 1 << rng.integer(8)
    return copy
  },
  (bytes, rng) => {
    const copy = Buffer.from(bytes)
    if (copy.length > 0) copy[at(copy, rng)] = rng.integer(256)
    return copy
  },
  (bytes, rng) => bytes.subarray(0, rng.integer(bytes.length + 1)),
  (bytes, rng) => {
    const start = at(bytes, rng)
    return spliced(bytes, start, start + 1 + rng.integer(64), new Uint8Array())
  },
  (bytes, rng) => {
    const start = at(bytes, rng)
    const block = bytes.subarray(start, start + 1 + rng.integer(200))
    const times = REPEATS[rng.integer(REPEATS.length)]
    return spliced(bytes, start, start, Buffer.concat(Array.from({ length: times }, () => block)))
  },
  (bytes, rng) => {
    const copy = Buffer.from(bytes)
    const width = [1, 2, 4, 8][rng.integer(4)]
    if (copy.length < width) return copy
    const place = rng.integer(copy.length - width + 1)
    const value = numbers[rng.integer(numbers.length)]
    copy.fill(0, place, place + width)
    const isLittle = rng.integer(2) === 0
    for (let i = 0; i < Math.min(width, 4); i++) {
      copy[isLittle ? place + i : place + width - 1 - i] = Math.floor(value / 256 ** i) & 0xff
    }
    return copy
  },
  (bytes, rng) => {
    const start = at(bytes, rng)
    return spliced(bytes, start, start + rng.integer(2), varints[rng.integer(varints.length)])
  },
  (bytes, rng, words) => {
    if (words.length === 0) return bytes
    const start = at(bytes, rng)
    const word = words[rng.integer(words.length)]
    return spliced(bytes, start, start + (rng.integer(2) === 0 ? 0 : word.length), word)
  },
  (bytes, rng, _words, other) => {
    const [start, from] = [at(bytes, rng), at(other, rng)]
    const block = other.subarray(from, from + rng.integer(400))
    return spliced(bytes, start, start + rng.integer(block.length + 1), block)
  },
  (bytes, rng) => {
    // Digits of a text: other numbers, longer ones, none.
    const places = [...bytes.keys()].filter(i => bytes[i] >= 0x30 && bytes[i] <= 0x39)
    if (places.length === 0) return bytes
    const place = places[rng.integer(places.length)]
    const texts = ['', '-1', '0', '99999999999999999999', '1e308', 'NaN', '2147483648', '00', '-', '1.5']
    return spliced(bytes, place, place + 1, Buffer.from(texts[rng.integer(texts.length)]))
  },
]

/** A seed, mutated a few times over. */
export function mutate(seeds: readonly Buffer[], words: readonly Buffer[], rng: Rng): Buffer {
  let bytes = seeds[rng.integer(seeds.length)]
  const count = 1 + rng.integer(rng.integer(MAX_MUTATIONS) + 1)
  for (let i = 0; i < count; i++) {
    bytes = mutations[rng.integer(mutations.length)](bytes, rng, words, seeds[rng.integer(seeds.length)])
  }
  return bytes.subarray(0, MAX_CASE_BYTES)
}

/**
 * The smallest bytes found that still fail, by leaving out ever smaller blocks.
 * @param isFailing asked at most `maxTries` times
 */
export async function minimize(
  bytes: Buffer,
  isFailing: (candidate: Buffer) => Promise<boolean>,
  maxTries: number,
): Promise<Buffer> {
  let smallest = bytes
  let tries = 0
  for (let block = 1 << Math.ceil(Math.log2(Math.max(1, bytes.length))); block >= 1; block >>= 1) {
    for (let start = 0; start < smallest.length && tries < maxTries; ) {
      const candidate = Buffer.concat([smallest.subarray(0, start), smallest.subarray(start + block)])
      tries++
      if (candidate.length < smallest.length && (await isFailing(candidate))) smallest = candidate
      else start += block
    }
  }
  return smallest
}
