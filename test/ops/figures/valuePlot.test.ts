import { expect, test } from 'vitest'
import { valuePlot } from '../../../ops/figures/valuePlot.ts'
import { figureFaults, textBoxes } from './svgTexts.ts'

const rows = ['parallax', 'Gaia, 2MASS, WISE, XP, all spectra']
const panel = (heading: string) => ({ heading, widths: [1.6, 0.4], scatters: [1.5, 0.5], notes: ['68%', '66%'] })

for (const count of [1, 6]) {
  test(`${count} panels: nothing cut off, overlapping, unnamed or fetched from outside`, () => {
    const panels = Array.from({ length: count }, (_, k) => panel(`log age ${k} (yr)`))
    const svg = valuePlot('What each survey is worth', '300 simulated stars', rows, panels)
    expect(figureFaults(svg)).toEqual([])
    expect(textBoxes(svg).filter(({ text }) => text === '68%').length).toBe(count)
  })
}

test('bars without circles, and of no length, are drawn too', () => {
  const flat = { heading: 'class, bits', widths: [0, 0], scatters: [], notes: [] }
  expect(figureFaults(valuePlot('Worth', 'stars', rows, [flat]))).toEqual([])
})

test('no row, and other rows, are refused', () => {
  expect(() => valuePlot('Worth', 'stars', [], [])).toThrow(RangeError)
  expect(() => valuePlot('Worth', 'stars', ['parallax'], [panel('log age')])).toThrow(RangeError)
})
