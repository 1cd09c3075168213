import { expect, test } from 'vitest'
import { firstAtLeast, type Grid, interpolate, placeOn } from '../../../models/math/grid.ts'

function tabulate(axes: readonly Float64Array[], width: number, f: (x: readonly number[], k: number) => number): Grid {
  const points = axes.reduce<number[][]>((list, axis) => list.flatMap(x => [...axis].map(y => [...x, y])), [[]])
  return {
    axes,
    width,
    values: Float32Array.from(points.flatMap(x => Array.from({ length: width }, (_, k) => f(x, k)))),
  }
}

function at(grid: Grid, x: readonly number[]): number[] | undefined {
  const out = new Float64Array(grid.width)
  const inside = interpolate(
    grid,
    x.map((v, d) => placeOn(grid.axes[d], v)),
    out,
  )
  return inside ? [...out] : undefined
}

test('functions linear in every axis come out exactly, on uneven nodes too', () => {
  const axes = [Float64Array.of(0, 1, 4), Float64Array.of(-2, 5), Float64Array.of(0, 0.5, 3, 8)]
  const f = ([x, y, z]: readonly number[], k: number) => (1 + 2 * x) * (3 - y) * (z + k)
  const grid = tabulate(axes, 2, f)
  for (const x of [
    [0.3, 1, 0.1],
    [3.9, -2, 8],
    [4, 5, 2.2],
    [0, 0, 0],
  ]) {
    const got = at(grid, x) ?? []
    expect(got[0]).toBeCloseTo(f(x, 0), 4)
    expect(got[1]).toBeCloseTo(f(x, 1), 4)
  }
})

test('the error falls with the square of the spacing', () => {
  const worst = (n: number) => {
    const axis = Float64Array.from({ length: n + 1 }, (_, i) => i / n)
    const grid = tabulate([axis], 1, ([x]) => Math.sin(3 * x))
    let error = 0
    for (let i = 0; i <= 997; i++)
      error = Math.max(error, Math.abs((at(grid, [i / 997])?.[0] ?? 9) - Math.sin((3 * i) / 997)))
    return error
  }
  const order = Math.log2(worst(16) / worst(32))
  expect(order).toBeGreaterThan(1.9)
  expect(order).toBeLessThan(2.1)
})

test('outside the axes there is no answer', () => {
  const grid = tabulate([Float64Array.of(0, 1), Float64Array.of(0, 1)], 1, ([x, y]) => x + y)
  for (const x of [
    [-1e-9, 0],
    [0, 1.0001],
    [Number.NaN, 0.5],
  ])
    expect(at(grid, x)).toBeUndefined()
  expect(at(grid, [1, 1])).toEqual([2])
})

test('a missing node spoils only the cells it has weight in', () => {
  const grid = tabulate([Float64Array.of(0, 1, 2)], 1, ([x]) => (x === 2 ? Number.NaN : x))
  expect(at(grid, [1])).toEqual([1])
  expect(at(grid, [1.01])).toBeUndefined()
})

test('a refused interpolation leaves the output untouched', () => {
  const grid = tabulate([Float64Array.of(0, 1)], 1, () => Number.NaN)
  const out = Float64Array.of(7)
  expect(interpolate(grid, [0.5], out)).toBe(false)
  expect(out[0]).toBe(7)
})

test('the first value that is at least x, of equal ones the first', () => {
  const values = [1, 2, 2, 2, 5]
  expect([0, 1, 1.5, 2, 3, 5, 6].map(x => firstAtLeast(values, x))).toEqual([0, 0, 1, 1, 4, 4, 4])
})
