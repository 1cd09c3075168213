import { expect, test } from 'vitest'
import { createRng, indexAt, philox } from '../../../models/math/rng.ts'
import { chiSquarePValue, normalCdf } from '../../../models/math/special.ts'

// Known-answer tests shipped with Random123 (kat_vectors, philox4x32 10).
const known: readonly [readonly number[], readonly number[], readonly number[]][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
]

test.each(known)('philox of counter %j and key %j is the published block', (counter, key, expected) => {
  const out = new Uint32Array(4)
  philox(Uint32Array.from(counter), Uint32Array.from(key), out)
  expect([...out]).toEqual(expected)
})

test('a stream is the same whatever was drawn before it', () => {
  const a = createRng(5, 1)
  const b = createRng(5, 1)
  a.seek(3)
  for (let i = 0; i < 7; i++) a.normal()
  a.seek(2 ** 40 + 9)
  b.seek(2 ** 40 + 9)
  expect(Array.from({ length: 9 }, () => a.normal())).toEqual(Array.from({ length: 9 }, () => b.normal()))
})

test('streams differ by seed, by purpose and by index, also beyond 32 bits', () => {
  const first = (seed: number, purpose: number, index: number) => {
    const rng = createRng(seed, purpose)
    rng.seek(index)
    return rng.bits()
  }
  const words = [first(1, 0, 0), first(1 + 2 ** 33, 0, 0), first(1, 1, 0), first(1, 0, 1), first(1, 0, 1 + 2 ** 33)]
  expect(new Set(words).size).toBe(words.length)
})

// False-alarm rate of each p-value bound: 1e-4 for a fixed seed.
test('200000 uniforms fill 100 bins evenly', () => {
  const rng = createRng(20)
  const bins = new Array<number>(100).fill(0)
  const n = 200_000
  for (let i = 0; i < n; i++) bins[Math.floor(rng.uniform() * 100)]++
  const chi2 = bins.reduce((sum, count) => sum + (count - n / 100) ** 2 / (n / 100), 0)
  expect(chiSquarePValue(chi2, 99)).toBeGreaterThan(1e-4)
})

test('200000 normals, mapped by their distribution, fill 100 bins evenly', () => {
  const rng = createRng(21)
  const bins = new Array<number>(100).fill(0)
  const n = 200_000
  for (let i = 0; i < n; i++) bins[Math.floor(normalCdf(rng.normal()) * 100)]++
  const chi2 = bins.reduce((sum, count) => sum + (count - n / 100) ** 2 / (n / 100), 0)
  expect(chiSquarePValue(chi2, 99)).toBeGreaterThan(1e-4)
})

test('integers below 7 are even', () => {
  const rng = createRng(22)
  const bins = new Array<number>(7).fill(0)
  const n = 70_000
  for (let i = 0; i < n; i++) bins[rng.integer(7)]++
  const chi2 = bins.reduce((sum, count) => sum + (count - n / 7) ** 2 / (n / 7), 0)
  expect(chiSquarePValue(chi2, 6)).toBeGreaterThan(1e-4)
})

test('a seed, an index or a count that is not a whole number is refused', () => {
  expect(() => createRng(-1)).toThrow(RangeError)
  expect(() => createRng(0.5)).toThrow(RangeError)
  expect(() => createRng(2 ** 53)).toThrow(RangeError)
  const rng = createRng(0)
  expect(() => rng.seek(Number.NaN)).toThrow(RangeError)
  expect(() => rng.integer(0)).toThrow(RangeError)
})

test('an index is drawn by its share of the whole', () => {
  const shares = [0.2, 0, 0.5, 0.3]
  expect([0, 0.1999, 0.2001, 0.6999, 0.7001, 1].map(u => indexAt(shares, u))).toEqual([0, 0, 2, 2, 3, 3])
})
