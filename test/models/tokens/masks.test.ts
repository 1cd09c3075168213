import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { ASKED_SLOTS, OBSERVABLE_COUNT } from '../../../models/tokens/layout.ts'
import { drawConditionMask } from '../../../models/tokens/masks.ts'

const observed = Uint8Array.from([1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0])

test('nothing is both given and asked, something is always asked, and nothing unobserved is either', () => {
  const rng = createRng(1)
  for (let row = 0; row < 3000; row++) {
    const { given, asked } = drawConditionMask(observed, rng)
    let askedCount = 0
    for (let i = 0; i < ASKED_SLOTS; i++) {
      expect(given[i] + asked[i]).toBeLessThanOrEqual(1)
      if (i < OBSERVABLE_COUNT && observed[i] === 0) expect(given[i] + asked[i]).toBe(0)
      askedCount += asked[i]
    }
    expect(askedCount).toBeGreaterThan(0)
  }
})

test('masks differ from row to row', () => {
  const rng = createRng(2)
  const seen = new Set(Array.from({ length: 200 }, () => drawConditionMask(observed, rng).given.join('')))
  expect(seen.size).toBeGreaterThan(50)
})

test('posterior rows come as often as stated', () => {
  const rng = createRng(3)
  const rows = 5000
  let posteriors = 0
  for (let row = 0; row < rows; row++) {
    const { given } = drawConditionMask(observed, rng)
    const isPosterior = given.every((bit, i) => bit === (i < OBSERVABLE_COUNT ? observed[i] : 0))
    if (isPosterior) posteriors++
  }
  // 1 in 5, and a few random subsets that happen to be one; five standard errors are 0.028.
  expect(posteriors / rows).toBeGreaterThan(0.2 - 0.028)
  expect(posteriors / rows).toBeLessThan(0.2 + 0.028 + 0.02)
})
