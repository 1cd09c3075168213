import { expect, test } from 'vitest'
import { groupsSeenBy, judgeReal, labelledGroups } from '../../../ops/samples/realSample.ts'
import { sampleSets } from '../../../ops/value/surveySets.ts'

const realStar = (key: string, names: readonly string[], isMember = true) => ({
  input: { key, given: names.map(quantity => ({ quantity, value: 10, err: 0.1, isLimit: quantity === 'w2Mag' })) },
  labels: [],
  flags: [],
  saturated: [],
  isMember,
})
const gaia = ['parallaxMas', 'gMag', 'bpMag', 'rpMag']
const group = (cluster: string | null, stars: readonly ReturnType<typeof realStar>[]) => ({
  ...{ name: String(cluster), title: String(cluster), cluster, surveys: ['gaiaDr3'], reference: 'paper', stars },
  leftOut: new Map(),
})
const facts = (logAgeYr: number) => {
  const range: readonly [number, number] = [logAgeYr, logAgeYr]
  return { cluster: '', title: '', ages: [], logAgeYrRange: range, avMagRange: null }
}

test('members of young and of old clusters, none of those between, with the bands that a set needs', () => {
  const groups = labelledGroups(
    [
      group('baby', [realStar('a', gaia), realStar('b', ['gMag']), realStar('c', gaia, false)]),
      group('between', [realStar('d', gaia)]),
      group(null, [realStar('e', [...gaia, 'jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag'])]),
    ],
    new Map([
      ['baby', facts(6.5)],
      ['between', facts(8)],
    ]),
  )
  expect(groups.map(({ title, isYoung, stars }) => [title, isYoung, stars.length])).toEqual([
    ['baby', true, 2],
    ['null', false, 1],
  ])
  const seen = sampleSets.map(set => groupsSeenBy(groups, set).map(({ stars }) => stars.map(({ input }) => input.key)))
  // W2 is a limit.
  expect(seen.slice(0, 3)).toEqual([[['a'], ['e']], [['e']], []])
})

test('shares above thresholds and the area of a table by hand', () => {
  const groups = [
    { title: 'young', reference: '', isYoung: true, stars: ['a', 'b', 'c', 'd'].map(key => realStar(key, gaia)) },
    { title: 'old', reference: '', isYoung: false, stars: ['e', 'f'].map(key => realStar(key, gaia)) },
  ]
  const found = judgeReal(groups, 'toy', [0.95, 0.6, 0.3, null, 0.55, 0.05])
  expect(found?.byThreshold).toEqual([
    { threshold: 0.1, completeness: 1, oldPassed: 0.5, purity: 3 / 4 },
    { threshold: 0.5, completeness: 2 / 3, oldPassed: 0.5, purity: 2 / 3 },
    { threshold: 0.9, completeness: 1 / 3, oldPassed: 0, purity: 1 },
  ])
  // Of six pairs the old star at 0.55 is ranked above the young one at 0.3.
  expect(found?.area).toBeCloseTo(5 / 6, 12)
  expect(found?.groups.map(({ count, passed }) => [count, passed])).toEqual([
    [3, [3, 2, 1]],
    [2, [1, 1, 0]],
  ])
  expect(judgeReal(groups.slice(0, 1), 'toy', [1, 1, 1, 1])).toBeNull()
})
