import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { type LabelPanel, labelPlot, signedText } from '../../../ops/figures/labelPlot.ts'
import { figureFaults, textBoxes } from './svgTexts.ts'

function panel(heading: string, count: number): LabelPanel {
  const rng = createRng(81)
  const points = Array.from({ length: count }, () => {
    const label = 5000 + 800 * rng.normal()
    return { label, predicted: label + 100 * rng.normal(), z: 3 * rng.normal() }
  })
  return { heading, axis: 'T_eff (K)', points, notes: [`${count} stars`, 'bias +2 K, scatter 100 K'] }
}

for (const count of [1, 2, 3, 4, 5]) {
  test(`${count} panels: nothing cut off, overlapping, unnamed or fetched from outside`, () => {
    const panels = Array.from({ length: count }, (_, k) => panel(`comparison ${k}`, k === 1 ? 600 : 60))
    const svg = labelPlot('Temperatures', 'of known stars', panels)
    expect(figureFaults(svg)).toEqual([])
    expect(svg).toBe(labelPlot('Temperatures', 'of known stars', panels))
  })
}

test('no words and no ground for words lie on the stars', () => {
  const svg = labelPlot('Temperatures', 'of known stars', [panel('comparison', 60)])
  const frame = { left: 74, right: 324, top: 114, bottom: 364 }
  const within = textBoxes(svg).filter(
    ({ left, right, top, bottom }) =>
      left < frame.right && right > frame.left && top < frame.bottom && bottom > frame.top,
  )
  expect(within).toEqual([])
  expect(svg).toContain('bias +2 K, scatter 100 K')
  expect(svg).not.toMatch(/fill-opacity="0\.8"/)
})

test('every score is counted, those beyond the ends in the outermost bins', () => {
  const points = [-40, -4.9, 0.1, 0.2, 40].map(z => ({ label: 1, predicted: 1 + z / 100, z }))
  const svg = labelPlot('t', 's', [{ ...panel('h', 1), points }])
  const attribute = (tag: string, name: string) => Number(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1])
  const bars = (svg.match(/<rect [^>]*>/g) ?? [])
    .map(tag => ({ x: attribute(tag, 'x'), width: attribute(tag, 'width'), height: attribute(tag, 'height') }))
    .filter(bar => Math.abs(bar.width - 11.7) < 0.1 && bar.height > 0)
  // The strip is 250 wide: bins 0, 10 and 19 of 20, which hold 2, 2 and 1 of the 5.
  expect(bars.map(bar => Math.floor(bar.x / 12.5))).toEqual([0, 10, 19])
  expect(bars[0].height).toBeCloseTo(bars[1].height, 0)
  expect(bars[0].height).toBeCloseTo(2 * bars[2].height, 0)
})

test('signs are written where they are news', () => {
  expect([signedText(2.4, 0), signedText(-2.4, 0), signedText(0.004, 2)]).toEqual(['+2', '\u22122', '0.00'])
})

test('a figure without stars is refused', () => {
  expect(() => labelPlot('t', 's', [])).toThrow(RangeError)
  expect(() => labelPlot('t', 's', [{ ...panel('h', 1), points: [] }])).toThrow(RangeError)
})
