import { expect, test } from 'vitest'
import { sharpeningOf, typicalWidths, WidthBook, widthNames, widthsOf } from '../../../ops/runs/sharpening.ts'
import type { Posterior } from '../../../schemas/index.ts'
import { makePosterior } from '../starRecords.ts'

/** A posterior whose four shown parameters have this half width. */
function posteriorOf(starId: string, width: number): Posterior {
  const summaries = widthNames.map(parameter => ({
    parameter,
    mean: 0,
    sd: width,
    q025: -2 * width,
    q16: -width,
    q50: 0,
    q84: width,
    q975: 2 * width,
  }))
  return { ...makePosterior(starId, 0.5), summaries }
}

test('the width is half of the 68% interval', () => {
  expect(widthsOf(posteriorOf('a', 0.4)).avMag).toBe(0.4)
})

test('a star is compared with itself before, under the id it had then', () => {
  const book = new WidthBook()
  expect(book.enter(posteriorOf('twoMass:a', 1.5), [])).toBeNull()
  expect(book.enter(posteriorOf('gaiaDr3:1', 0.5), ['twoMass:a', 'gaiaDr3:1'])?.logAgeYr).toBe(1.5)
  expect(book.enter(posteriorOf('gaiaDr3:1', 0.4), ['twoMass:a'])?.logAgeYr).toBe(0.5)
  expect(book.enter(posteriorOf('gaiaDr3:2', 0.4), ['twoMass:b'])).toBeNull()
})

test('the typical width is a median: one wild star does not move it', () => {
  const widths = [0.1, 0.2, 0.3, 0.4, 100].map(width => widthsOf(posteriorOf('a', width)))
  expect(typicalWidths(widths)?.avMag).toBe(0.3)
  expect(typicalWidths([])).toBeNull()
})

test('halving all four widths is a sharpening of 4 ln 2, and one posterior alone is none', () => {
  const history = [posteriorOf('a', 1), posteriorOf('a', 3), posteriorOf('a', 0.5)]
  expect(sharpeningOf(history)).toBeCloseTo(4 * Math.LN2, 12)
  expect(sharpeningOf(history.slice(0, 1))).toBe(0)
  expect(sharpeningOf([])).toBe(0)
})
