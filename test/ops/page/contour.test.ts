import { expect, test } from 'vitest'
import { contourPath } from '../../../ops/page/contour.ts'

test('the contour of a round heap is a circle of the radius at which it has that height', () => {
  const size = 60
  const sigma = 9
  const values = Float64Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [(i % size) + 0.5 - size / 2, Math.floor(i / size) + 0.5 - size / 2]
    return Math.exp(-(x * x + y * y) / (2 * sigma * sigma))
  })
  const points = Array.from(contourPath(values, size, 0.5, size).matchAll(/([\d.]+) ([\d.]+)/g), ([, x, y]) =>
    Math.hypot(Number(x) - size / 2, Number(y) - size / 2),
  )
  expect(points.length).toBeGreaterThan(50)
  for (const radius of points) expect(Math.abs(radius - sigma * Math.sqrt(2 * Math.LN2))).toBeLessThan(0.15)
})

test('a level that nothing reaches has no contour', () => {
  expect(contourPath(new Float64Array(16), 4, 0.5, 10)).toBe('')
})
