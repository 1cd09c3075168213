import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import type { InferredStar } from '../../../ops/evaluation/inferredStar.ts'
import { judgeDistances, judgeLabels } from '../../../ops/evaluation/labelJudge.ts'
import type { LabelledQuantity, StarGroup } from '../../../ops/evaluation/realStar.ts'
import { given, inventPosterior, inventStar } from './inventedPosteriors.ts'

const group = (name: string): StarGroup => ({
  name,
  title: name.toUpperCase(),
  cluster: null,
  surveys: ['gaiaDr3'],
  reference: '',
  stars: [],
  leftOut: new Map(),
})

/** Stars whose posterior lies `shift` dex off their label. */
function labelled(name: string, count: number, quantity: LabelledQuantity, shift: number): readonly InferredStar[] {
  const rng = createRng(71)
  return Array.from({ length: count }, (_, i) => {
    const label = { quantity, value: 4 + rng.normal(), err: 0.01 }
    const centres = { [quantity]: label.value + shift }
    return inventStar(name, `${name}${i}`, { labels: [label], invented: { centres, width: 0.05 } })
  })
}

test('each quantity of each group is judged on its own labels, where there are ten', () => {
  const stars = [
    ...labelled('a', 30, 'loggDex', 0.5),
    ...labelled('b', 30, 'loggDex', 0),
    ...labelled('b', 9, 'logAgeYr', 0),
  ]
  const reports = [group('a'), group('b')].flatMap(one => judgeLabels(one, stars, 1))
  expect(reports.map(({ group: name, quantity }) => [name, quantity])).toEqual([
    ['a', 'loggDex'],
    ['b', 'loggDex'],
  ])
  // Medians of 64 samples scatter by 0.008 dex; their median over 30 stars by a fifth of that.
  expect(Math.abs(reports[0].comparison.bias - 0.5)).toBeLessThan(0.01)
  expect(Math.abs(reports[1].comparison.bias)).toBeLessThan(0.01)
  expect(reports[0].points).toHaveLength(30)
})

test('what saturated magnitudes do is told by the same stars with and without them', () => {
  const stars = labelled('a', 20, 'loggDex', 0.3).map((star, i) =>
    i < 12
      ? {
          ...star,
          withoutSaturated: inventPosterior(`w${i}`, { centres: { loggDex: star.labels[0].value }, width: 0.05 }),
        }
      : star,
  )
  const [{ saturation }] = judgeLabels(group('a'), stars, 1)
  expect(saturation?.withAll.starCount).toBe(12)
  expect(Math.abs((saturation?.withAll.bias ?? 0) - 0.3)).toBeLessThan(0.015)
  expect(Math.abs(saturation?.without.bias ?? 1)).toBeLessThan(0.015)
})

test('distances are judged by the parallax that was withheld, group by group', () => {
  const stars = ['near', 'far'].flatMap((name, k) =>
    Array.from({ length: 15 }, (_, i) => {
      const logDistancePc = k === 0 ? 2 : 3
      const parallaxMas = 10 ** (3 - logDistancePc)
      return inventStar(name, `${name}${i}`, {
        input: { key: `${name}${i}`, given: given({ parallaxMas }, 0.01) },
        withoutParallax: inventPosterior(`${name}${i}`, { centres: { logDistancePc: 2.5 }, width: 0.1 }),
      })
    }),
  )
  const report = judgeDistances([group('near'), group('far')], [...stars, inventStar('near', 'no parallax')], 1)
  expect(report?.comparison.starCount).toBe(30)
  expect(report?.groups.map(({ title, comparison }) => [title, Math.round(20 * comparison.bias) / 20])).toEqual([
    ['NEAR', 0.5],
    ['FAR', -0.5],
  ])
  expect(judgeDistances([group('near')], [inventStar('near', 'a')], 1)).toBeNull()
})
