import { expect, test } from 'vitest'
import { type AblationCell, summarizeAblation } from '../../../models/index.ts'
import { ablationDocument } from '../../../ops/ablation/ablationDocument.ts'
import { markdownPage } from '../../../ops/report/markdownPage.ts'

const cellOf = (condition: string, bias: number, covered68: number, scatter = 1): AblationCell => ({
  ...{ seed: 3, condition, counts: { simulated: 700, real: 500, paired: 40 }, c2st: 0.625 },
  sky: [{ name: 'logAgeYr', bias, scatter: 0.5, covered68, covered90: 0.9 }],
  simulated: [{ name: 'logAgeYr', bias: 0, scatter, covered68: 0.68, covered90: 0.9 }],
})
const pageOf = (...cells: readonly AblationCell[]) =>
  markdownPage(ablationDocument(summarizeAblation(cells), cells, '<svg/>', 'birthline ablation'), 'figures')

const [none, oracle] = [cellOf('none', -1, 0.48), cellOf('oracle', 0, 0.68)]

test('the page tells the counts of the loader, the shares, and which condition reaches the goal', () => {
  const { text, figures } = pageOf(none, cellOf('+ pairs', 0.2, 0.64), oracle)
  expect(text).toContain('700 simulated stars with their truth, 500 real ones without, and 40 pairs')
  expect(text).toContain(
    '| + pairs | 0.40 ± 0.00 | 80 ± 0% | 2.0 ± 0.0 | 80 ± 0% | 0.625 ± 0.000 | 1.000 ± 0.000 | 0.0 ± 0.0 |',
  )
  expect(text).toContain(
    "**Passed.** Wins back half of what the gap costs in bias and in coverage, without loss on simulations: '+ pairs'.",
  )
  expect(text).toContain('| none | −1.000 ± 0.000 | 0.500 ± 0.000 | 48.0 ± 0.0 | 90.0 ± 0.0 |')
  expect([...figures.keys()]).toEqual(['figures/ablation.svg'])
})

test('a condition that wins too little, or loses on simulations, does not reach it', () => {
  for (const short of [cellOf('a', 0.6, 0.64), cellOf('a', 0.2, 0.5), cellOf('a', 0.2, 0.64, 1.2)])
    expect(pageOf(none, short, oracle).text).toContain('**Falls short.** No condition wins back half')
})
