import { expect, test } from 'vitest'
import { type StackedAges, stackPlot } from '../../../ops/figures/stackPlot.ts'
import { figureFaults, textBoxes } from './svgTexts.ts'

const about = (middle: number, half: number) => ({
  q025: middle - 2 * half,
  q16: middle - half,
  q50: middle,
  q84: middle + half,
  q975: middle + 2 * half,
})
const sources = ['Cantat-Gaudin 2020', 'Kounkel 2020', 'Dias 2021', 'Hunt 2023', 'Cavallo 2024']
const row = (name: string, logAgeYr: number): StackedAges => ({
  name,
  note: '355 stars, Gaia DR2 + 2MASS + AllWISE',
  cluster: about(logAgeYr, 0.05),
  mixture: about(logAgeYr, 0.8),
  literature: sources.map((source, k) => ({ logAgeYr: logAgeYr + 0.1 * k, logAgeErr: 0.1, source })),
  published: [logAgeYr - 0.1, logAgeYr + 0.5],
})

for (const count of [1, 3, 12]) {
  test(`${count} clusters: nothing cut off, overlapping, unnamed or fetched from outside`, () => {
    const rows = Array.from({ length: count }, (_, k) => row(`rho Ophiuchi, all candidates ${k}`, 6 + 0.3 * k))
    expect(figureFaults(stackPlot('Ages', 'stacked', rows))).toEqual([])
  })
}

test('a cluster of which nothing is published still has its age', () => {
  const svg = stackPlot('Ages', 'stacked', [{ ...row('Alone', 7.125), literature: [], published: null }])
  expect(figureFaults(svg)).toEqual([])
  expect(textBoxes(svg).map(box => box.text)).toEqual(expect.arrayContaining(['Alone', '7.13']))
})

test('a figure without clusters is refused', () => {
  expect(() => stackPlot('t', 's', [])).toThrow(RangeError)
})
