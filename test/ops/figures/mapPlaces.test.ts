import { expect, test } from 'vitest'
import { equalScales, type MapPlace, placesIn } from '../../../ops/figures/mapPlaces.ts'
import { populationPlot } from '../../../ops/figures/populationPlot.ts'
import { figureFaults, textBoxes } from './svgTexts.ts'

const places: readonly MapPlace[] = [
  { kind: 'sun', x: 0, y: 0 },
  { kind: 'galacticCentre', x: 8.5, y: 0 },
]

test('a unit is as long along both axes, and all that was in the frame still is, and the Sun too', () => {
  for (const [x, y] of [
    [
      { low: -20, high: -1 },
      { low: 0, high: 2 },
    ],
    [
      { low: 0.1, high: 0.2 },
      { low: -30, high: 5 },
    ],
    [
      { low: 3, high: 4 },
      { low: 3, high: 4 },
    ],
  ]) {
    const frame = equalScales({ x, y }, places, 330, 300)
    expect((frame.x.high - frame.x.low) / 330).toBeCloseTo((frame.y.high - frame.y.low) / 300, 9)
    for (const [inner, outer] of [
      [x, frame.x],
      [y, frame.y],
    ]) {
      expect(outer.low).toBeLessThan(Math.min(0, inner.low))
      expect(outer.high).toBeGreaterThan(Math.max(0, inner.high))
    }
    // Room for the arrow of 30 px.
    expect((frame.x.high * 330) / (frame.x.high - frame.x.low)).toBeGreaterThan(35)
  }
})

/** A map of points on a circle of 1 kpc around the Sun, and three far stars in the given direction. */
const figureOf = (farX: number) => {
  const turns = Array.from({ length: 60 }, (_, k) => (k * Math.PI) / 30)
  const circle = { xs: [...turns.map(Math.cos), farX, farX, farX], ys: [...turns.map(Math.sin), 0, 0, 0] }
  return populationPlot({
    ...{ title: 'Stars', subtitle: '63 stars of my_recipe', realNote: '', classes: ['giant', 'young disk'] },
    panels: [
      {
        heading: 'Seen from the north pole',
        x: { label: 'X (kpc)' },
        y: { label: 'Y (kpc)' },
        ...{ simulated: [circle, { xs: [], ys: [] }], real: { xs: [], ys: [] } },
        ...{ isMap: true, hasEqualScales: true, places },
      },
    ],
  })
}

test('on the map a circle is a circle, around the sign of the Sun', () => {
  const svg = figureOf(-3)
  expect(figureFaults(svg)).toEqual([])
  const circles = [...svg.matchAll(/<circle r="([\d.]+)" cy="([\d.]+)" cx="([\d.]+)"/g)].map(match =>
    match.slice(1).map(Number),
  )
  const stars = circles.filter(([r]) => r === 1.15).slice(0, 60)
  expect(stars).toHaveLength(60)
  const [sun] = circles.filter(([r]) => r === 5)
  const distances = stars.map(([, y, x]) => Math.hypot(x - sun[2], y - sun[1]))
  for (const distance of distances) expect(Math.abs(distance / distances[0] - 1)).toBeLessThan(0.01)
  expect(distances[0]).toBeGreaterThan(20)
})

test('the legend names the places within a frame and the classes that have stars', () => {
  const texts = (svg: string) => textBoxes(svg).map(({ text }) => text)
  expect(texts(figureOf(-3))).toEqual(expect.arrayContaining(['giant', 'Sun, to the centre', '63 stars of my_recipe']))
  expect(texts(figureOf(-3))).not.toContain('Galactic centre')
  expect(texts(figureOf(-3))).not.toContain('young disk')
  expect(texts(figureOf(12))).toContain('Galactic centre')
  const frame = { x: { low: -1, high: 1 }, y: { low: -1, high: 1 } }
  expect(placesIn(places, frame)).toEqual([places[0]])
})
