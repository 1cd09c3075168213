import { expect, test } from 'vitest'
import { createRng, sampleQuality } from '../../../models/index.ts'

test('purity and completeness of a table by hand', () => {
  // Of 1000 stars 10 are young; 8 of 10 pass, and 1 in 100 of the others: 8 and 9.9.
  const { purity, completeness } = sampleQuality(
    [
      { isWanted: true, share: 0.01, count: 10, passed: 8 },
      { isWanted: false, share: 0.99, count: 500, passed: 5 },
    ],
    createRng(1),
  )
  expect(purity?.value).toBeCloseTo(8 / 17.9, 12)
  expect(completeness.value).toBeCloseTo(0.8, 12)
})

test("the interval of one rate is Jeffreys' of published tables", () => {
  const meanOf = (passed: number, end: 'low' | 'high') => {
    const ends = Array.from({ length: 40 }, (_, k) => {
      const { completeness } = sampleQuality([{ isWanted: true, share: 1, count: 10, passed }], createRng(20 + k))
      return completeness[end]
    })
    return ends.reduce((sum, one) => sum + one, 0) / ends.length
  }
  // Brown, Cai & DasGupta 2001, table 5: 95% for n = 10, whose outer ends at 0 and 10 are set to 0 and 1.
  const table: readonly (readonly [number, number, number])[] = [
    [0, 0, 0.217],
    [1, 0.011, 0.381],
    [5, 0.224, 0.776],
    [10, 0.783, 1],
  ]
  for (const [passed, low, high] of table) {
    // An end is off by 0.02 rms in 1000 draws, the mean of 40 by 0.003.
    expect(Math.abs(meanOf(passed, 'low') - low)).toBeLessThan(0.01)
    expect(Math.abs(meanOf(passed, 'high') - high)).toBeLessThan(0.01)
  }
})

test('a kind of which none passed leaves purity open, and nothing passed is no purity', () => {
  const kinds = [
    { isWanted: true, share: 0.01, count: 100, passed: 100 },
    { isWanted: false, share: 0.99, count: 300, passed: 0 },
  ]
  const { purity } = sampleQuality(kinds, createRng(3))
  expect(purity?.value).toBe(1)
  expect(purity?.low).toBeLessThan(0.75)
  expect(
    sampleQuality(
      kinds.map(kind => ({ ...kind, passed: 0 })),
      createRng(3),
    ).purity,
  ).toBeNull()
})

test('kinds without stars, and a sky without any that is wanted, are refused', () => {
  expect(() => sampleQuality([{ isWanted: true, share: 1, count: 0, passed: 0 }], createRng(1))).toThrow(RangeError)
  expect(() => sampleQuality([{ isWanted: false, share: 1, count: 9, passed: 1 }], createRng(1))).toThrow(RangeError)
})
