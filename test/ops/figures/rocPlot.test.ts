import { expect, test } from 'vitest'
import { rocPlot } from '../../../ops/figures/rocPlot.ts'
import { figureFaults } from './svgTexts.ts'

const stairs = (title: string, count: number) => ({
  title,
  area: 0.9,
  falseShares: Array.from({ length: 2 * count + 1 }, (_, k) => Math.ceil(k / 2) / count),
  trueShares: Array.from({ length: 2 * count + 1 }, (_, k) => Math.floor(k / 2) / count),
})

test('nothing is cut off, overlapping, unnamed or fetched from outside', () => {
  const titles = ['all young clusters', 'below 15 Myr', '30 to 50 Myr', 'stars below 3,900 K', 'stars above 3,900 K']
  expect(
    figureFaults(
      rocPlot(
        'Young against old',
        'P(young)',
        titles.map(title => stairs(title, 50)),
      ),
    ),
  ).toEqual([])
})

test('straight runs are drawn by their ends', () => {
  const run = {
    title: 'run',
    area: 1,
    falseShares: [...new Array<number>(501).fill(0), 1],
    trueShares: [...Array.from({ length: 501 }, (_, k) => k / 500), 1],
  }
  const plain = { ...run, falseShares: [0, 0, 1], trueShares: [0, 1, 1] }
  expect(rocPlot('t', 's', [run])).toBe(rocPlot('t', 's', [plain]))
})

test('a figure without curves is refused', () => {
  expect(() => rocPlot('t', 's', [])).toThrow(RangeError)
})
