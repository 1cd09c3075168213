import { expect, test } from 'vitest'
import { fillNormals } from '../../../models/math/normals.ts'
import { createRng } from '../../../models/math/rng.ts'
import { chiSquarePValue, normalCdf } from '../../../models/math/special.ts'

const COUNT = 1_000_000

function draw(seed: number, count = COUNT): Float32Array {
  const out = new Float32Array(count)
  fillNormals(createRng(seed), out)
  return out
}

// False-alarm rate of each p-value bound: 1e-4 for a fixed seed.
test('a million numbers, mapped by the normal distribution, fill 500 bins evenly', () => {
  const bins = new Array<number>(500).fill(0)
  for (const value of draw(31)) bins[Math.floor(normalCdf(value) * bins.length)]++
  const expected = COUNT / bins.length
  const chi2 = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  expect(chiSquarePValue(chi2, bins.length - 1)).toBeGreaterThan(1e-4)
})

test('the tails, where another rule draws, hold their share and have their shape', () => {
  // Both tails beyond 3, 3.4, 3.6542 (where the rule changes), 4 and 4.5; expected counts from the normal distribution.
  const cuts = [3, 3.4, 3.6542, 4, 4.5]
  const beyond = (cut: number) => 2 * normalCdf(-cut)
  const counts = cuts.map(() => 0)
  let total = 0
  for (const seed of [32, 33, 34]) {
    for (const value of draw(seed)) {
      const bin = cuts.findLastIndex(cut => Math.abs(value) >= cut)
      if (bin >= 0) counts[bin]++
    }
    total += COUNT
  }
  const chi2 = counts.reduce((sum, count, i) => {
    const expected = total * (beyond(cuts[i]) - (i + 1 < cuts.length ? beyond(cuts[i + 1]) : 0))
    return sum + (count - expected) ** 2 / expected
  }, 0)
  expect(chiSquarePValue(chi2, cuts.length)).toBeGreaterThan(1e-4)
})

test('neighbours are uncorrelated, and so are their squares', () => {
  const values = draw(35)
  let product = 0
  let squares = 0
  for (let i = 0; i + 1 < COUNT; i++) {
    product += values[i] * values[i + 1]
    squares += (values[i] ** 2 - 1) * (values[i + 1] ** 2 - 1)
  }
  // Standard deviations sqrt(N) and 2 sqrt(N); four of them.
  expect(Math.abs(product)).toBeLessThan(4 * Math.sqrt(COUNT))
  expect(Math.abs(squares)).toBeLessThan(8 * Math.sqrt(COUNT))
})

test('the same stream gives the same numbers, another one others', () => {
  expect(draw(36, 100)).toEqual(draw(36, 100))
  expect(draw(36, 100)).not.toEqual(draw(37, 100))
})
