import { expect, test } from 'vitest'
import { type CorrectionRow, colourBands, createColourTable } from '../../../../models/index.ts'

const row = (teffK: number, loggDex: number, fehDex: number, step: number): CorrectionRow => ({
  teffK,
  loggDex,
  fehDex,
  corrections: colourBands.map((_, b) => step * (b - 1)),
})
// Corrections that grow by `step` from band to band: V - X is `step` times the places from V.
const table = createColourTable([
  row(5000, 4, 0, 0.2),
  row(4000, 5, 0, 0.6),
  row(4000, 4, 0, 0.4),
  row(5000, 5, 0, 0.4),
  row(4500, 4, -1, 9),
])

test('colours are differences of corrections, and those of a node are its own', () => {
  const colours = table.coloursAt(4000, 5, 0)
  expect(colourBands.map(([column]) => column)).toEqual(['B', 'V', 'R', 'I', 'J', 'H', 'K'])
  expect(colours?.map(colour => Number(colour.toFixed(9)))).toEqual([-0.6, 0, 0.6, 1.2, 1.8, 2.4, 3])
})

test('between nodes they are linear in log g and log Teff', () => {
  expect(table.coloursAt(4000, 4.25, 0)?.[2]).toBeCloseTo(0.45, 9)
  expect(table.coloursAt(Math.sqrt(4000 * 5000), 4.5, 0)?.[2]).toBeCloseTo(0.4, 9)
})

test('what the table does not hold has no colours', () => {
  for (const [teffK, loggDex, fehDex] of [
    [3999, 4.5, 0],
    [5001, 4.5, 0],
    [4500, 3.9, 0],
    [4500, 5.1, 0],
    [4500, 4, -0.5],
    [4400, 4, -1],
    [Number.NaN, 4, 0],
    [4500, Number.NaN, 0],
  ])
    expect(table.coloursAt(teffK, loggDex, fehDex)).toBeNull()
  expect(() => createColourTable([])).toThrow(RangeError)
})
