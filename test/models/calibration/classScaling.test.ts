import { expect, test } from 'vitest'
import { fitClassScaling, scaleClasses } from '../../../models/calibration/classScaling.ts'
import { createRng } from '../../../models/math/rng.ts'

/** Stars whose class follows from probabilities, and the probabilities that a model with another slope and prior would tell. */
function misjudged(stars: number, slope: number, shifts: readonly number[]) {
  const rng = createRng(3)
  const K = shifts.length
  const truths = new Int32Array(stars)
  const right = new Float64Array(stars * K)
  const told = new Float64Array(stars * K)
  for (let star = 0; star < stars; star++) {
    const p = scaleClasses(
      shifts.map(() => Math.exp(2 * rng.normal())),
      { slope: 1, shifts: shifts.map(() => 0) },
    )
    let left = rng.uniform()
    truths[star] = p.findIndex(one => {
      left -= one
      return left < 0
    })
    right.set(p, star * K)
    // The inverse of the scaling that is to be found.
    const inverse = { slope: 1 / slope, shifts: shifts.map(shift => -shift / slope) }
    told.set(scaleClasses(p, inverse), star * K)
  }
  return { truths, right, told }
}

test('slope and shifts that a model is off by are found, and probabilities put right', () => {
  const wanted = { slope: 0.7, shifts: [0, 0.5, -1, 0.2] }
  const { truths, right, told } = misjudged(20_000, wanted.slope, wanted.shifts)
  const found = fitClassScaling(told, truths, 4)
  // Errors of a fit to 20,000 stars are 0.01 to 0.03; six of them.
  expect(Math.abs(found.slope - wanted.slope)).toBeLessThan(0.06)
  wanted.shifts.forEach((shift, k) => {
    expect(Math.abs(found.shifts[k] - shift)).toBeLessThan(0.15)
  })
  const off = [...Array(500).keys()].map(star => {
    const p = scaleClasses(told.subarray(star * 4, (star + 1) * 4), found)
    expect(p.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12)
    return Math.abs(p[1] - right[star * 4 + 1])
  })
  expect(Math.max(...off)).toBeLessThan(0.05)
})

test('at the minimum mean probabilities are the shares of the classes, as the derivative by each shift asks', () => {
  const { truths, told } = misjudged(5000, 1.4, [0, -0.3, 0.8])
  const found = fitClassScaling(told, truths, 3)
  const means = [0, 0, 0]
  for (let star = 0; star < 5000; star++) {
    scaleClasses(told.subarray(star * 3, (star + 1) * 3), found).forEach((one, k) => {
      means[k] += one / 5000
    })
  }
  for (const k of [1, 2]) {
    const share = truths.filter(truth => truth === k).length / 5000
    // The prior of the shifts pulls by shift / (9 * 5000).
    expect(Math.abs(means[k] - share - -found.shifts[k] / 45_000)).toBeLessThan(1e-6)
  }
})

test('a class without a star stays finite, and what is right is left alone', () => {
  const probabilities = Float64Array.from({ length: 900 }, (_, i) => [0.6, 0.4, 0][i % 3])
  const truths = Int32Array.from({ length: 300 }, (_, star) => (star % 5 < 3 ? 0 : 1))
  const found = fitClassScaling(probabilities, truths, 3)
  expect(found.shifts.every(Number.isFinite)).toBe(true)
  const [first, second, third] = scaleClasses([0.6, 0.4, 0], found)
  expect(first).toBeCloseTo(0.6, 3)
  expect(second).toBeCloseTo(0.4, 3)
  expect(third).toBeLessThan(1e-6)
  expect(() => fitClassScaling(new Float64Array(5), truths, 3)).toThrow(RangeError)
})
