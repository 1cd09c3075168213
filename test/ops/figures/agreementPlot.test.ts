import { expect, test } from 'vitest'
import { createRng } from '../../../models/index.ts'
import { agreementPlot } from '../../../ops/figures/agreementPlot.ts'
import { figureFaults } from './svgTexts.ts'

const rng = createRng(3)
const panel = (expectedWidth: number) => ({
  differences: Float64Array.from({ length: 200 }, () => 2 * rng.normal()),
  expectedWidth,
})

for (const count of [1, 10]) {
  test(`${count} pairs: nothing cut off, overlapping, unnamed or fetched from outside`, () => {
    const rows = Array.from({ length: count }, (_, k) => ({
      heading: `LAMOST LRS ${k} less Gaia, 2MASS, WISE`,
      panels: [panel(1), panel(0.4), panel(0)],
    }))
    expect(figureFaults(agreementPlot('Agreement', 'stars', ['log age (yr)', 'A_V (mag)', 'log d'], rows))).toEqual([])
  })
}

test('no row, and other columns, are refused', () => {
  expect(() => agreementPlot('Agreement', 'stars', ['log age'], [])).toThrow(RangeError)
  expect(() => agreementPlot('Agreement', 'stars', ['a', 'b'], [{ heading: 'pair', panels: [panel(1)] }])).toThrow(
    RangeError,
  )
})
