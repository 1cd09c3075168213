import { expect, test } from 'vitest'
import { galaxyPlot } from '../../../ops/figures/galaxyPlot.ts'
import { figureFaults } from './svgTexts.ts'

const rings = (perKpc2: number) => [250, 750, 1250, 1750].map(pc => ({ pc, perKpc2: (perKpc2 * pc) / 1000 }))
const panel = (heading: string) => ({
  heading,
  dots: [-900, 300, 1500].map((xPc, k) => ({ xPc, yPc: 400 * k, isYoung: k > 0, weight: 1 })),
  young: rings(50),
  contaminants: rings(0.2),
})

test('nothing is cut off, overlapping, unnamed or fetched from outside; the words say where contaminants crowd', () => {
  const svg = galaxyPlot(
    'Stars with P(young) above 0.5, from above the Galaxy',
    '6000 simulated stars',
    2000,
    [panel('boosted trees'), panel('birthline')],
    rings(80),
  )
  expect(figureFaults(svg)).toEqual([])
  expect(svg).toContain('birthline: contaminants stand densest at 1750 pc')
})

test('a figure without panels is refused', () => {
  expect(() => galaxyPlot('t', 's', 2000, [], [])).toThrow(RangeError)
})
