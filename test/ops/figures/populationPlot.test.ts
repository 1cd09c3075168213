import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { populationPlot } from '../../../ops/figures/populationPlot.ts'
import { figureFaults, textBoxes } from './svgTexts.ts'

const classes = ['young disk', 'young diskless', 'main sequence', 'giant', 'galaxy']
const rng = createRng(5)
const none = { xs: [], ys: [] }
const heap = (centre: number, count: number) => ({
  xs: Array.from({ length: count }, () => centre + rng.normal()),
  ys: Array.from({ length: count }, () => -centre + rng.normal()),
})
const figureOf = (simulated: readonly ReturnType<typeof heap>[]) =>
  populationPlot({
    ...{ title: 'Stars', subtitle: 'of a recipe', realNote: '', classes },
    panels: [{ heading: 'H', x: { label: 'x' }, y: { label: 'y', isReversed: true }, simulated, real: none }],
  })
const contours = (svg: string) =>
  [...svg.matchAll(/<g ([^>]*aria-label="contour"[^>]*)>(.*?)<\/g>/gs)].map(([, look, inside]) => ({ look, inside }))

test('neighbouring classes are told apart by their outlines, not by colour alone', () => {
  const svg = figureOf([heap(0, 300), heap(2, 300), heap(4, 300), heap(6, 300), none])
  expect(figureFaults(svg)).toEqual([])
  const dashes = contours(svg).map(({ look }) => /stroke-dasharray="([^"]*)"/.exec(look)?.[1] ?? 'solid')
  expect(dashes).toHaveLength(4)
  expect(new Set(dashes).size).toBe(4)
  for (const dash of dashes.slice(1)) expect(svg).toMatch(new RegExp(`<line [^>]*stroke-dasharray="${dash}"`))
})

test('a region is whole within its frame, and a lone star far off does not widen it', () => {
  const [near, far] = [heap(0, 1000), heap(0, 1000)]
  far.xs[0] = 500
  for (const points of [near, far]) {
    const svg = figureOf([points, none, none, none, none])
    const [{ inside }] = contours(svg)
    const places = [...inside.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)])
    for (const [x, y] of places) expect(x > 0 && x < 330 && y > 0 && y < 300).toBe(true)
    expect(Math.max(...places.map(([x]) => x)) - Math.min(...places.map(([x]) => x))).toBeGreaterThan(250)
  }
})

test('a class of few stars is points, one of none is not in the legend', () => {
  const svg = figureOf([heap(0, 300), heap(2, 99), none, none, none])
  expect(contours(svg)).toHaveLength(1)
  expect(svg.match(/<circle r="1.8"/g)).toHaveLength(99)
  const texts = textBoxes(svg).map(({ text }) => text)
  expect(texts).toEqual(expect.arrayContaining(['young disk', 'young diskless']))
  expect(texts).not.toContain('giant')
})
