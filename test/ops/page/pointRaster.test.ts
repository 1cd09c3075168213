import { expect, test } from 'vitest'
import { boundsOf, drawPoints, nearestPoint, type PointLayer } from '../../../ops/page/pointRaster.ts'

const BEHIND = 7
const layerOf = (points: readonly (readonly [number, number])[], isChosen = points.map(() => 1)): PointLayer => ({
  xs: Float32Array.from(points, ([x]) => x),
  ys: Float32Array.from(points, ([, y]) => y),
  colours: Uint32Array.from(points, (_, i) => 100 + i),
  isChosen: Uint8Array.from(isChosen),
})
const unit = { x0: 0, x1: 1, y0: 0, y1: 1 }
const size = { width: 10, height: 10 }

function drawn(layer: PointLayer, radius = 1) {
  const pixels = new Uint32Array(100)
  drawPoints(layer, unit, size, radius, BEHIND, pixels)
  return Array.from(pixels.entries()).filter(([, colour]) => colour !== 0)
}

test('a point lies in the pixel of its place, y upwards', () => {
  expect(drawn(layerOf([[0.25, 0.05]]))).toEqual([[92, 100]])
})

test('points without a place, or outside, are left out, and none wraps to another row', () => {
  expect(
    drawn(
      layerOf([
        [Number.NaN, 0.5],
        [0.5, Number.NaN],
        [1.2, 0.5],
        [0.5, -0.1],
      ]),
    ),
  ).toEqual([])
  const rows = drawn(layerOf([[0.99, 0.5]]), 3).map(([at]) => at % 10)
  expect(Math.min(...rows)).toBeGreaterThan(5)
})

test('what is not chosen is grey and behind, and cannot be picked', () => {
  const layer = layerOf(
    [
      [0.5, 0.5],
      [0.5, 0.5],
      [0.1, 0.1],
    ],
    [1, 0, 0],
  )
  expect(drawn(layer).map(([, colour]) => colour)).toEqual([100, BEHIND])
  expect(nearestPoint(layer, unit, size, { x: 5, y: 5 }, 3)).toBe(0)
  expect(nearestPoint(layer, unit, size, { x: 1, y: 9 }, 3)).toBe(-1)
})

test('bounds hold nearly all points, and are to one scale where they must be', () => {
  const layer = layerOf(Array.from({ length: 1000 }, (_, i) => [i, i / 10] as const))
  const { x0, x1, y0, y1 } = boundsOf(layer.xs, layer.ys, 2, true)
  expect((x1 - x0) / (y1 - y0)).toBeCloseTo(2, 6)
  expect(layer.xs.filter(x => x < x0 || x > x1).length).toBeLessThan(6)
  expect(boundsOf(new Float32Array([Number.NaN]), new Float32Array([1]), 1, false).x1).toBe(1)
})
