import { expect, test } from 'vitest'
import { type SkyCell, summarizeSky } from '../../../models/index.ts'
import { skyDocument } from '../../../ops/ablation/skyDocument.ts'
import { markdownPage } from '../../../ops/report/markdownPage.ts'

const cellOf = (condition: string, age: number, teff: number): SkyCell => ({
  ...{ seed: 4, condition, counts: { simulated: 700, real: 50, paired: 0 }, judgedStars: 60, c2st: 0.75 },
  groups: [
    {
      ...{ group: 'Pleiades', name: 'logAgeYr', starCount: 30, bias: age, scatter: 0.5 },
      ...{ covered68: 0.48, covered90: 0.9, stackBias: -0.25 },
    },
    {
      ...{ group: 'benchmarks', name: 'logTeffK', starCount: 20, bias: teff, scatter: 0.01 },
      ...{ covered68: 0.68, covered90: 0.9, stackBias: null },
    },
  ],
  simulated: [{ name: 'logAgeYr', bias: 0, scatter: 1, covered68: 0.68, covered90: 0.9 }],
})

test('the page tells every group before and after, and in how many seeds it got better', () => {
  const cells = [cellOf('none', -0.5, 0.02), cellOf('moved', -0.4, 0.03)]
  const { text } = markdownPage(skyDocument(summarizeSky(cells), cells, 'birthline ablation --sky real'), 'figures')
  expect(text).toContain('700 stars of the default simulator with their truth, adapted to 50 real stars without labels')
  expect(text).toContain('| none | 0.500 ± 0.000 | 0.500 ± 0.000 | 10.0 ± 0.0 | 0.250 ± 0.000 |')
  expect(text).toContain('| moved | 0.400 ± 0.000 (1) | 0.500 ± 0.000 (0) | 10.0 ± 0.0 (0) | 0.250 ± 0.000 (0) |')
  expect(text).toContain('| moved | 0.0300 ± 0.0000 (0) | 0.0100 ± 0.0000 (0) | 0.0 ± 0.0 (0) |')
  expect(text).toContain('| moved | 0.750 ± 0.000 | 1.000 ± 0.000 | 0.0 ± 0.0 |')
  expect(text).toContain(
    '| Pleiades | none | 30 | −0.500 ± 0.000 | 0.500 ± 0.000 | 48.0 ± 0.0 | 90.0 ± 0.0 | −0.25 ± 0.00 |',
  )
  expect(text).toContain('| benchmarks | moved | 20 | 0.0300 ± 0.0000 | 0.0100 ± 0.0000 | 68.0 ± 0.0 | 90.0 ± 0.0 |')
})
