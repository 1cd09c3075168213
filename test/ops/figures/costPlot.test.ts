import { expect, test } from 'vitest'
import { type CostCurve, costPlot } from '../../../ops/figures/costPlot.ts'
import { figureFaults } from './svgTexts.ts'

const curve = (name: string, slope: number, sizes: readonly number[], costOf: (size: number) => number): CostCurve => ({
  name,
  slope,
  points: sizes.map(size => ({ size, costMs: costOf(size) })),
})
const proportional = curve('stars', 1, [4, 8, 16, 32], size => 5 * size)
const withFixedPart = curve('tokens asked', 0.74, [1, 2, 4, 7], size => 25 + 25 * size)
const draw = (curves: readonly CostCurve[]) => costPlot('Cost', 'medians of 3 rounds', curves)

/** Of each curve its dashed line and its measured one. */
const linesOf = (svg: string) => [...svg.matchAll(/ d="(M[^"]+)"/g)].map(([, line]) => line)

test('nothing is cut off or overlaps, and the slopes are told', () => {
  const svg = draw([proportional, withFixedPart])
  expect(figureFaults(svg)).toEqual([])
  expect(svg).toContain('stars: slope 1.00; tokens asked: slope 0.74.')
  expect(draw([proportional, withFixedPart])).toBe(svg)
})

test('a cost in proportion lies on its dashed line, one with a fixed part leaves it but for its last point', () => {
  const lines = linesOf(draw([proportional, withFixedPart])).map(line => line.split(/[ML]/).slice(1))
  expect(lines).toHaveLength(4)
  const [dashed, measured, otherDashed, otherMeasured] = lines
  expect(measured).toEqual(dashed)
  expect(otherMeasured[3]).toBe(otherDashed[3])
  for (const i of [0, 1, 2]) {
    // Down the page y grows: above the line is the smaller number.
    expect(Number(otherMeasured[i].split(',')[1])).toBeLessThan(Number(otherDashed[i].split(',')[1]))
  }
})

test('nothing to draw is refused', () => {
  expect(() => draw([])).toThrow(RangeError)
  expect(() => draw([{ name: 'stars', slope: 1, points: [] }])).toThrow(RangeError)
})
