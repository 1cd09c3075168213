import { expect, test } from 'vitest'
import { ablationPlot } from '../../../ops/figures/ablationPlot.ts'
import { figureFaults } from './svgTexts.ts'

test('every condition has its name, its seeds and its mean', () => {
  const svg = ablationPlot('What is won', 'of the gap', [
    { name: '+ pairs', bias: [0.9, 0.8], coverage: [0.5, 0.7] },
    { name: '+ exact', bias: [-4, -2], coverage: [null, null] },
  ])
  expect(figureFaults(svg)).toEqual([])
  expect(svg).toContain('+ pairs: bias 85%, coverage 60%; + exact: bias -300%, coverage no gap.')
  expect(svg.match(/>\+ (pairs|exact)</g)).toHaveLength(2)
  // Six seeds, and two circles of the legend.
  expect(svg.match(/<circle /g)).toHaveLength(8)
  // Both means of the first row and one of the second.
  expect(svg.match(/stroke-width="3"/g)).toHaveLength(3)
  expect(() => ablationPlot('a', 'b', [])).toThrow(RangeError)
})
