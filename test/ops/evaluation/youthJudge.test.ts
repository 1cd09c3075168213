import { expect, test } from 'vitest'
import type { InferredStar } from '../../../ops/evaluation/inferredStar.ts'
import type { ClusterFacts } from '../../../ops/evaluation/literatureAges.ts'
import type { StarGroup } from '../../../ops/evaluation/realStar.ts'
import { judgeYouth } from '../../../ops/evaluation/youthJudge.ts'
import { inventStar } from './inventedPosteriors.ts'

const cluster = (name: string, logAgeYr: number): readonly [string, ClusterFacts] => [
  name,
  { cluster: name, title: name, logAgeYrRange: [logAgeYr - 0.1, logAgeYr + 0.1], ages: [], avMagRange: null },
]
const facts = new Map([cluster('baby', 6.5), cluster('teen', 7.6), cluster('edge', 8.1), cluster('elder', 9.5)])

const group = (name: string, of: string | null, surveys: readonly string[] = ['gaiaDr3']): StarGroup => ({
  name,
  title: name,
  cluster: of,
  surveys,
  reference: '',
  stars: [],
  leftOut: new Map(),
})
const stars = (name: string, young: number, count = 20): readonly InferredStar[] =>
  Array.from({ length: count }, (_, i) => inventStar(name, `${name}${i}`, { invented: { young: young + 0.001 * i } }))

test('clusters are young or old by their published age, and those at the border judge nothing', () => {
  const groups = [
    group('baby', 'baby'),
    group('teen', 'teen'),
    group('edge', 'edge'),
    group('elder', 'elder'),
    group('field', null),
  ]
  const all = [
    stars('baby', 0.9),
    stars('teen', 0.3),
    stars('edge', 0.5),
    stars('elder', 0.1),
    stars('field', 0.4),
  ].flat()
  const { groups: described, curves } = judgeYouth(groups, facts, all)
  expect(described.map(one => one.kind)).toEqual(['young', 'young', 'border', 'old', 'old'])
  const areaOf = (title: string) => curves.find(one => one.title === title)?.curve
  expect(areaOf('below 15 Myr')?.area).toBe(1)
  // Above the twenty old stars of the cluster, below those of the field.
  expect(areaOf('30 to 50 Myr')?.area).toBeCloseTo(0.5, 12)
  expect(areaOf('all young clusters')).toMatchObject({ trueCount: 40, falseCount: 40, area: 0.75 })
  expect(described[0]).toMatchObject({ starCount: 20, aboveHalf: 1, aboveNinety: 0.95 })
})

test('of two tables of one cluster only that with more surveys counts', () => {
  const groups = [group('all', 'baby', ['gaiaDr3', 'twoMass']), group('some', 'baby'), group('elder', 'elder')]
  const { groups: described } = judgeYouth(
    groups,
    facts,
    [stars('all', 0.9), stars('some', 0.9), stars('elder', 0.1)].flat(),
  )
  expect(described.map(one => one.title)).toEqual(['all', 'elder'])
})

test('stars that are no members judge nothing, and without old stars there is no curve', () => {
  const strangers = stars('baby', 0.1, 5).map(star => ({ ...star, isMember: false }))
  const { groups: described, curves } = judgeYouth([group('baby', 'baby')], facts, [
    ...stars('baby', 0.9),
    ...strangers,
  ])
  expect(described[0].starCount).toBe(20)
  expect(curves).toEqual([])
})
