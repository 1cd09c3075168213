import { expect, test } from 'vitest'
import { type SedPanel, sedPlot } from '../../../ops/figures/sedPlot.ts'
import { figureFaults, textBoxes } from './svgTexts.ts'

const wavelengthsUm = Array.from({ length: 41 }, (_, k) => 0.1 * 10 ** (k / 10))
/** A parabola in the logarithms, which leaves the frame at both sides. */
const hill = (top: number) => wavelengthsUm.map(um => top - 3 * Math.log10(um) ** 2)
const panelOf = (k: number, spectra = [hill(0.9), hill(0.2), hill(-2), hill(-9)]): SedPanel => ({
  heading: `set ${k}: 4 SEDs, grid 10,000`,
  note: 'disk, Ulrich envelope, cavities, inner hole',
  ...{ spectra, median: hill(-1), low: hill(-9), high: hill(0), published: null },
})
const input = (panels: readonly SedPanel[]) => ({
  title: 'Spectra',
  subtitles: ['4 objects of each set, seed 1', 'stars are black bodies'],
  ...{ wavelengthsUm, panels, publishedName: 'a_1, published' },
})

/** The points of the paths of a mark with this colour, by path. */
function pathsOf(svg: string, stroke: string): [number, number][][] {
  const groups = [...svg.matchAll(/<g ([^>]*aria-label="line"[^>]*)>(.*?)<\/g>/gs)].filter(([, look]) =>
    look.includes(`stroke="${stroke}"`),
  )
  return groups.flatMap(([, , inside]) =>
    [...inside.matchAll(/ d="([^"]*)"/g)].map(([, d]) =>
      [...d.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]): [number, number] => [Number(x), Number(y)]),
    ),
  )
}

for (const count of [1, 3, 4, 18]) {
  test(`${count} panels: nothing cut off, overlapping, unnamed or fetched from outside`, () => {
    const panels = Array.from({ length: count }, (_, k) => panelOf(k))
    const svg = sedPlot(input(panels))
    expect(figureFaults(svg)).toEqual([])
    const texts = textBoxes(svg).map(({ text }) => text)
    expect(texts.filter(text => text === 'wavelength (\u03bcm)')).toHaveLength(Math.min(3, count))
    expect(texts.filter(text => text.startsWith('log (\u03bbF'))).toHaveLength(Math.ceil(count / 3))
    for (const { heading } of panels) expect(texts).toContain(heading)
  })
}

test('lines end at the frame, and one that is nowhere in it is not drawn', () => {
  const svg = sedPlot(input([panelOf(1)]))
  const lines = pathsOf(svg, '#59636e')
  // The first leaves at the top and comes back: two pieces.
  expect(lines).toHaveLength(4)
  for (const [x, y] of lines.flat()) {
    expect(x >= -0.1 && x <= 262.1 && y >= -0.1 && y <= 176.1).toBe(true)
  }
  // 0.9 - 3 u^2 = 0.5 at u = 0.365, 0.2 - 3 u^2 = -6 at u = 1.437; a micron is a quarter of the way along.
  const place = (u: number) => ((u + 1) / 4) * 262
  expect(Math.abs((lines[1].at(0)?.[0] ?? 0) - place(0.365))).toBeLessThan(1)
  expect(Math.abs((lines[2].at(-1)?.[0] ?? 0) - place(1.437))).toBeLessThan(1)
})

test('lines are drawn on few points, and none of them is off by more than is seen', () => {
  const [median] = pathsOf(sedPlot(input([panelOf(1)])), '#0072b2')
  expect(median.length).toBeLessThan(30)
  wavelengthsUm.slice(0, -2).forEach(um => {
    const x = ((Math.log10(um) + 1) / 4) * 262
    const y = ((0.5 - (-1 - 3 * Math.log10(um) ** 2)) / 6.5) * 176
    const after = median.findIndex(([px]) => px >= x)
    if (after < 1 || y > 176) return
    const [[ax, ay], [bx, by]] = [median[after - 1], median[after]]
    expect(Math.abs(ay + ((by - ay) * (x - ax)) / (bx - ax) - y)).toBeLessThan(1)
  })
})

test('a published spectrum lies over its set, with its gaps, its own wavelengths and its name as it is', () => {
  const published = { wavelengthsUm: [0.01, 0.5, 1, 2, 4, 8, 9000], levels: [-1, -1, -1, null, -2, -2, -2] }
  const svg = sedPlot(input([panelOf(1), { ...panelOf(2), published }]))
  expect(figureFaults(svg)).toEqual([])
  expect(pathsOf(svg, '#d55e00')).toHaveLength(2)
  expect(textBoxes(svg).map(({ text }) => text)).toContain('a_1, published')
  expect(sedPlot(input([panelOf(1)]))).not.toContain('published')
})

test('of many lines every n-th is drawn', () => {
  const many = Array.from({ length: 200 }, (_, k) => hill(-k / 100))
  expect(pathsOf(sedPlot(input([panelOf(1, many)])), '#59636e')).toHaveLength(60)
})

test('no panel and arrays of another length are mistakes of ours', () => {
  expect(() => sedPlot(input([]))).toThrow(RangeError)
  expect(() => sedPlot(input([panelOf(1, [[1, 2]])]))).toThrow(RangeError)
  expect(() => sedPlot(input([{ ...panelOf(1), median: [1] }]))).toThrow(RangeError)
})
