import { expect, test } from 'vitest'
import { cubicSpline } from '../../../models/math/cubicSpline.ts'

const xs = [0, 0.3, 0.5, 1.1, 1.6, 2, 2.7, 3]

test('with not-a-knot ends a cubic is met exactly, beyond its ends too', () => {
  const cubic = (x: number) => 2 - x + 0.5 * x ** 2 - 0.3 * x ** 3
  const spline = cubicSpline(xs, xs.map(cubic), 'notAKnot')
  for (let x = -0.5; x <= 3.5; x += 0.07) {
    expect(spline.value(x)).toBeCloseTo(cubic(x), 12)
    expect(spline.slope(x)).toBeCloseTo(-1 + x - 0.9 * x ** 2, 11)
  }
})

test('four points with not-a-knot ends are one cubic', () => {
  const spline = cubicSpline([0, 1, 3, 4], [0, 1, 27, 64], 'notAKnot')
  expect(spline.value(2)).toBeCloseTo(8, 12)
})

test('natural ends have no curvature, and the spline passes its points smoothly', () => {
  const ys = xs.map(x => Math.sin(2 * x))
  const spline = cubicSpline(xs, ys, 'natural')
  xs.forEach((x, i) => {
    expect(spline.value(x)).toBeCloseTo(ys[i], 12)
    expect(spline.slope(x - 1e-9)).toBeCloseTo(spline.slope(x + 1e-9), 6)
  })
  for (const end of [0, 3]) {
    const inward = end === 0 ? 1e-4 : -1e-4
    expect(Math.abs((spline.slope(end + inward) - spline.slope(end)) / inward)).toBeLessThan(0.01)
  }
})

test('the error of a smooth function falls with the fourth power of the spacing', () => {
  const worst = (points: number) => {
    const at = Array.from({ length: points }, (_, i) => (3 * i) / (points - 1))
    const spline = cubicSpline(at, at.map(Math.sin), 'notAKnot')
    let error = 0
    for (let x = 0; x <= 3; x += 0.001) error = Math.max(error, Math.abs(spline.value(x) - Math.sin(x)))
    return error
  }
  expect(Math.log2(worst(17) / worst(33))).toBeGreaterThan(3.7)
})

test('too few points, points out of order and unequal lengths are refused', () => {
  expect(() => cubicSpline([0, 1, 2], [0, 1, 2], 'natural')).toThrow(RangeError)
  expect(() => cubicSpline([0, 1, 1, 2], [0, 1, 2, 3], 'natural')).toThrow('do not ascend')
  expect(() => cubicSpline([0, 1, 2, 3], [0, 1, 2], 'natural')).toThrow(RangeError)
})
