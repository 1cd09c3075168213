import { expect, test } from 'vitest'
import { judgeMethod, kindWeights, thresholds } from '../../../ops/samples/sampleJudge.ts'
import { skyKinds } from '../../../ops/samples/skyKinds.ts'

const kindOf = (name: string) => skyKinds.find(kind => kind.name === name) ?? skyKinds[0]
const star = (name: string, k: number) => ({
  kind: kindOf(name),
  input: { key: `${name}:${k}`, given: [] },
  lDeg: 0,
  bDeg: 0,
  distancePc: 100,
  logAgeYr: null,
})
/** Of 100 stars of the sky 10 are young and 90 giants; four and five of each are judged. */
const sky = {
  stars: [...[0, 1, 2, 3].map(k => star('cloudDisk', k)), ...[0, 1, 2, 3, 4].map(k => star('giant', k))],
  shares: new Map([
    ['cloudDisk', 0.1],
    ['giant', 0.9],
  ]),
}
const scores = [0.95, 0.8, 0.6, 0.3, 0.85, 0.2, 0.1, 0.1, 0]

test('a toy sky by hand: purity and completeness by threshold, and at equal completeness', () => {
  const { byThreshold, byCompleteness, left } = judgeMethod(sky, { name: 'toy', scores }, 1)
  expect(byThreshold.map(({ threshold }) => threshold)).toEqual(thresholds)
  const half = byThreshold.find(({ threshold }) => threshold === 0.5)
  // Three of four young, one of five giants: 0.075 of 0.075 + 0.18.
  expect(half?.completeness.value).toBeCloseTo(0.75, 12)
  expect(half?.purity?.value).toBeCloseTo(0.075 / 0.255, 12)
  expect(byThreshold.at(-1)).toMatchObject({ threshold: 0.99, purity: null })
  expect(left).toMatchObject([
    { name: 'cloudDisk', count: 4, passed: 3 },
    { name: 'giant', count: 5, passed: 1 },
  ])
  // Ranked: young, giant, young, young. A quarter of the young comes pure, half with one giant before.
  expect(byCompleteness.find(({ completeness }) => completeness === 0.2)?.purity).toBe(1)
  expect(byCompleteness.find(({ completeness }) => completeness === 0.5)?.purity).toBeCloseTo(0.05 / 0.23, 12)
})

test('stars that a method has not judged count for nothing', () => {
  const some = scores.map((score, i) => (i < 2 ? score : i > 6 ? score : null))
  const { left, byCompleteness } = judgeMethod(sky, { name: 'some', scores: some }, 1)
  expect(left).toMatchObject([
    { count: 2, passed: 2 },
    { count: 2, passed: 0 },
  ])
  expect(byCompleteness.at(-1)?.purity).toBe(1)
})

test('a star stands for its part of the share of its kind', () => {
  const weightOf = kindWeights(sky, sky.stars)
  expect(sky.stars.map(weightOf).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  expect(weightOf(sky.stars[0])).toBeCloseTo(0.025, 12)
})
