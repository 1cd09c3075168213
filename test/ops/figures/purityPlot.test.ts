import { expect, test } from 'vitest'
import { purityPlot } from '../../../ops/figures/purityPlot.ts'
import { figureFaults } from './svgTexts.ts'

const estimate = (value: number) => ({ value, low: Math.max(0, value - 0.1), high: Math.min(1, value + 0.1) })
const line = (name: string) => ({
  name,
  points: [0.1, 0.5, 0.9].map(threshold => ({
    threshold,
    purity: threshold === 0.9 ? null : estimate(threshold),
    completeness: estimate(1 - threshold),
  })),
})

test('nothing is cut off, overlapping, unnamed or fetched from outside, and a threshold that nothing passes has no purity', () => {
  const titles = ['Gaia', 'Gaia, 2MASS', 'Gaia, 2MASS, WISE', 'Gaia, 2MASS, WISE, XP']
  const lines = [line('birthline'), line('birthline, familiar'), line('boosted trees'), line('Sagitta')]
  const svg = purityPlot(
    'Purity and completeness of samples by their threshold',
    '6000 simulated stars weighed as they are rare',
    titles.map(heading => ({ heading, lines })),
  )
  expect(figureFaults(svg)).toEqual([])
  expect(svg).toContain('birthline above 0.5: purity 0.50, completeness 0.50')
})

test('a figure without panels is refused', () => {
  expect(() => purityPlot('t', 's', [])).toThrow(RangeError)
})
