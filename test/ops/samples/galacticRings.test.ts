import { expect, test } from 'vitest'
import { planePlace, ringsOf } from '../../../ops/samples/galacticRings.ts'

test('an even disk has as many stars for each area in every ring', () => {
  const [count, reachPc] = [100_000, 2000]
  // Radii of a disk in equal steps of area.
  const stars = Array.from({ length: count }, (_, i) => ({
    lDeg: (i * 137.508) % 360,
    bDeg: 0,
    distancePc: reachPc * Math.sqrt((i + 0.5) / count),
    weight: 2,
  }))
  const expected = (2 * count) / (Math.PI * 4)
  const rings = ringsOf(stars, reachPc, 8)
  for (const { perKpc2 } of rings) expect(Math.abs(perKpc2 / expected - 1)).toBeLessThan(1e-3)
  expect(rings.reduce((sum, { starCount }) => sum + starCount, 0)).toBe(count)
})

test('a place in the plane: the centre lies along x, rotation along y, heights count for nothing', () => {
  const [x, y] = planePlace({ lDeg: 90, bDeg: 60, distancePc: 1000 })
  expect(x).toBeCloseTo(0, 9)
  expect(y).toBeCloseTo(500, 9)
  expect(ringsOf([{ lDeg: 0, bDeg: 90, distancePc: 1e6, weight: 1 }], 1000, 2)[0].starCount).toBe(1)
  expect(ringsOf([{ lDeg: 0, bDeg: 0, distancePc: 1001, weight: 1 }], 1000, 2).map(ring => ring.starCount)).toEqual([
    0, 0,
  ])
})
