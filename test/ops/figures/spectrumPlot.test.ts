import { expect, test } from 'vitest'
import { spectrumPlot } from '../../../ops/figures/spectrumPlot.ts'
import { figureFaults, textBoxes } from './svgTexts.ts'

const flux = (k: number, level = 1) => ({
  heading: `chip ${k}`,
  wavelengthsNm: Array.from({ length: 50 }, (_, i) => 500 + 100 * k + i),
  fluxes: Array.from({ length: 50 }, (_, i) => (i === 10 ? null : level * (5 + Math.sin(i)))),
  ivars: Array.from({ length: 50 }, (_, i) => (i === 10 || i === 20 ? 0 : 4 / level ** 2)),
})

for (const [what, panels] of [
  ['one chip', [flux(0)]],
  ['three chips', [flux(0), flux(1), flux(2)]],
  ['very small fluxes', [flux(0, 1e-17)]],
  ['nothing good', [{ ...flux(0), ivars: new Array<number>(50).fill(0) }]],
  ['falling wavelengths', [{ ...flux(0), wavelengthsNm: Array.from({ length: 50 }, (_, i) => 550 - i) }]],
  ['coefficients', [{ heading: 'BP', ratios: [1000, -30, 0, 0.5, -0.01], relevantBases: 3 }]],
  ['coefficients without a mark', [{ heading: 'RP', ratios: [2], relevantBases: null }]],
] as const) {
  test(`${what}: nothing cut off, overlapping, unnamed or no number`, () => {
    const svg = spectrumPlot('A star', 'a survey', panels)
    expect(figureFaults(svg)).toEqual([])
    const texts = textBoxes(svg).map(({ text }) => text)
    for (const { heading } of panels) expect(texts).toContain(heading)
  })
}

test('pixels that say nothing leave a gap in the line and a mark below it', () => {
  const svg = spectrumPlot('A star', 'a survey', [flux(0)])
  const line = /<g [^>]*aria-label="line"[^>]*>(.*?)<\/g>/s.exec(svg)?.[1] ?? ''
  expect(/ d="([^"]*)"/.exec(line)?.[1].match(/M/g)).toHaveLength(3)
  const marks = /<g [^>]*aria-label="rule"[^>]*>(.*?)<\/g>/s.exec(svg)?.[1] ?? ''
  expect(marks.match(/<line/g)).toHaveLength(2)
  expect(textBoxes(svg).map(({ text }) => text)).toContain('pixels that say nothing')
})

test('names of files may be of any length', () => {
  const svg = spectrumPlot('a_long_name'.repeat(30), `${'b'.repeat(250)}.fits: a survey`, [flux(0)])
  expect(figureFaults(svg)).toEqual([])
  expect(svg).toContain('a_long_name'.repeat(30))
})

test('a figure of nothing is our own mistake', () => {
  expect(() => spectrumPlot('A star', 'a survey', [])).toThrow(RangeError)
})
