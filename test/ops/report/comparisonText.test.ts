import { expect, test } from 'vitest'
import { compareLabels, type LabelComparison } from '../../../models/calibration/labelComparison.ts'
import { createRng } from '../../../models/math/rng.ts'
import type { Split } from '../../../ops/evaluation/causes.ts'
import {
  causeWords,
  comparisonTable,
  comparisonWords,
  holdsTooFew,
  shownQuantity,
} from '../../../ops/report/comparisonText.ts'

/** Posteriors `stretch` times as wide as they should be, `shift` errors off. */
function compared(stretch: number, shift: number): LabelComparison {
  const rng = createRng(91)
  const stars = Array.from({ length: 800 }, () => {
    const label = 4 + rng.normal()
    const measured = label + 0.1 * rng.normal() + 0.1 * shift
    return {
      samples: Float64Array.from({ length: 120 }, () => measured + 0.1 * stretch * rng.normal()),
      label,
      labelErr: 0,
    }
  })
  return compareLabels(stars, createRng(92))
}

const shown = shownQuantity('loggDex')
const right = compared(1, 0)
const narrow = compared(0.5, 0)
const wide = compared(2, 0)
const shifted = compared(1, 1)

for (const [name, found, words] of [
  ['right', right, [/No bias beyond three of its errors/, /as they should/, /0\.10 times as wide as the prior/]],
  ['too narrow', narrow, [/too few: the scores scatter by \d\.\d\d instead of 1/]],
  ['too wide', wide, [/too many: errors are claimed larger than they are/]],
  ['shifted', shifted, [/Biased by \+0\.10 \u00b1 0\.00 dex/, /too few: the bias alone does that/]],
] as const) {
  test(`posteriors that are ${name} are called so`, () => {
    const said = comparisonWords(found, shown, 1)
    for (const pattern of words) expect(said).toMatch(pattern)
    expect(holdsTooFew(found)).toBe(name === 'too narrow' || name === 'shifted')
  })
}

test('a posterior nearly as wide as the prior is said to know little', () => {
  expect(comparisonWords(right, shown, 0.11)).toMatch(/The data say little of it/)
})

test('the table has a row for each comparison and a cell for each heading', () => {
  const block = comparisonTable('Gravity', shown, [
    { title: 'all', comparison: right },
    { title: 'some', comparison: shifted },
  ])
  if (block.kind !== 'table') throw new TypeError('no table')
  expect(block.table.rows.map(row => row.length)).toEqual([block.table.columns.length, block.table.columns.length])
  expect(block.table.rows[1]).toEqual(expect.arrayContaining(['800', '+0.10 \u00b1 0.00 dex']))
})

const split = (inside: LabelComparison, outside: LabelComparison, isSignificant: boolean): Split => ({
  cause: { name: 'cool', kind: 'cool stars', reason: 'spectra lack opacity' },
  inside,
  outside,
  isSignificant,
})

test('a reason is given where it explains, and not where the others miss more', () => {
  const [explained] = causeWords([split(shifted, right, true)], shown)
  expect(explained).toMatch(/^Cool stars \(800\): bias \+0\.10 dex against /)
  expect(explained).toMatch(/Spectra lack opacity\.$/)
  const [acquitted] = causeWords([split(right, shifted, true)], shown)
  expect(acquitted).toMatch(/It is the others that miss more\.$/)
  expect(causeWords([split(right, right, false)], shown)).toEqual([
    'No difference beyond three standard errors for cool stars.',
  ])
})
