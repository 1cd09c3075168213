import { expect, test } from 'vitest'
import { createRng, retrieve } from '../../../models/index.ts'

test('partners that point the same way are found, however long; strangers as chance has it', () => {
  const rng = createRng(3)
  const width = 16
  const stars = 400
  const first = Float32Array.from({ length: stars * width }, () => rng.normal())
  const second = first.map((value, i) => (1 + Math.floor(i / width)) * (value + 0.02 * rng.normal()))
  expect(retrieve(first, second, width)).toEqual({ stars, topOne: 1, topTen: 1, medianRank: 1 })
  const strangers = Float32Array.from({ length: stars * width }, () => rng.normal())
  const lost = retrieve(first, strangers, width)
  // One of 400 by chance: binomial with mean 1; above 8 once in a million.
  expect(lost.topOne).toBeLessThan(8 / stars)
  // The median of 400 uniform ranks has a standard error of 10.
  expect(Math.abs(lost.medianRank - stars / 2)).toBeLessThan(50)
})

test('a tie is no find, and rows must be whole', () => {
  const same = new Float32Array(3 * 4).fill(1)
  expect(retrieve(same, same, 4)).toEqual({ stars: 3, topOne: 0, topTen: 1, medianRank: 3 })
  expect(() => retrieve(new Float32Array(7), new Float32Array(7), 4)).toThrow(RangeError)
  expect(() => retrieve(new Float32Array(8), new Float32Array(4), 4)).toThrow(RangeError)
})
