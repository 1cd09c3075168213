import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cellCenter, cellOf, cellsWithin, parentCell } from '../../../models/matching/skyCells.ts'
import { packageFile } from '../../../schemas/index.ts'

interface Golden {
  readonly cells: readonly {
    readonly raDeg: number
    readonly decDeg: number
    readonly order6: number
    readonly order9: number
    readonly order12: number
    readonly center9: readonly [number, number]
  }[]
  readonly discs: readonly {
    readonly raDeg: number
    readonly decDeg: number
    readonly radiusArcsec: number
    readonly must: readonly number[]
    readonly may: readonly number[]
  }[]
}
const golden: Golden = JSON.parse(readFileSync(packageFile('test', 'golden', 'matching', 'cells.json'), 'utf8'))

test('cells of three orders are those of healpy, poles and edges of base cells included', () => {
  for (const { raDeg, decDeg, order6, order9, order12 } of golden.cells) {
    expect([cellOf(raDeg, decDeg, 6), cellOf(raDeg, decDeg), cellOf(raDeg, decDeg, 12)]).toEqual([
      order6,
      order9,
      order12,
    ])
  }
})

test('a place on a meridian that parts the polar caps is within its cell', () => {
  for (const raDeg of [0, 90, 180, 270, 360, -90]) {
    for (const decDeg of [45.07, 62.6, 77.16, -68.7]) {
      const center = cellCenter(cellOf(raDeg, decDeg))
      expect(Math.abs(center.decDeg - decDeg)).toBeLessThan(0.2)
      expect(cellsWithin(raDeg, decDeg, 1)).toContain(cellOf(raDeg + 0.001, decDeg))
    }
  }
})

test('the centre of a cell is that of healpy', () => {
  for (const { order9, center9 } of golden.cells) {
    const { raDeg, decDeg } = cellCenter(order9)
    expect(raDeg).toBeCloseTo(center9[0], 9)
    expect(decDeg).toBeCloseTo(center9[1], 9)
  }
})

test('the parent of a cell is the cell of the lower order at the same place', () => {
  for (const { order6, order9, order12 } of golden.cells) {
    expect(parentCell(order9, 9, 6)).toBe(order6)
    expect(parentCell(order12, 12, 9)).toBe(order9)
  }
})

test('cells within a radius hold every part of the disc and little else, by the judgement of healpy', () => {
  for (const { raDeg, decDeg, radiusArcsec, must, may } of golden.discs) {
    const found = cellsWithin(raDeg, decDeg, radiusArcsec)
    expect(must.filter(cell => !found.includes(cell))).toEqual([])
    expect(found.filter(cell => !may.includes(cell))).toEqual([])
    expect(found).toEqual([...new Set(found)].sort((a, b) => a - b))
  }
})

test('a right ascension counts modulo 360 degrees', () => {
  expect(cellOf(-10, 5)).toBe(cellOf(350, 5))
  expect(cellsWithin(360, 5, 50)).toEqual(cellsWithin(0, 5, 50))
})

test('places and orders that do not exist are refused', () => {
  expect(() => cellOf(10, 90.001)).toThrow(/declination 90.001/)
  expect(() => cellOf(Number.NaN, 0)).toThrow(RangeError)
  expect(() => cellOf(10, 20, 16)).toThrow(/order 16/)
  expect(() => parentCell(5, 6, 9)).toThrow(/finer/)
})
