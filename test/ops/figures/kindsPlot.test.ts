import { expect, test } from 'vitest'
import { kindsPlot } from '../../../ops/figures/kindsPlot.ts'
import { figureFaults } from './svgTexts.ts'

test('nothing is cut off, overlapping, unnamed or fetched from outside; kinds of which none passes are hollow', () => {
  const kinds = ['young in clouds, with a disk', 'main sequence', 'planetary nebulae']
  const shares = [{ passed: 90, count: 100 }, { passed: 0, count: 4000 }, null]
  const svg = kindsPlot(
    'Stars with P(young) above 0.5, by what they are',
    '6000 simulated stars weighed as they are rare',
    kinds,
    ['Gaia', 'Gaia, 2MASS', 'Gaia, 2MASS, WISE', 'Gaia, 2MASS, WISE, XP'].map(heading => ({
      heading,
      methods: [
        { name: 'birthline', shares },
        { name: 'birthline, familiar', shares },
        { name: 'boosted trees', shares },
      ],
    })),
  )
  expect(figureFaults(svg)).toEqual([])
  expect(svg).toContain('main sequence 0 of 4000')
  expect(svg).not.toContain('planetary nebulae 0')
})

test('a figure of nothing is refused', () => {
  expect(() => kindsPlot('t', 's', [], [])).toThrow(RangeError)
})
