import { expect, test } from 'vitest'
import {
  bandTopic,
  bandTopics,
  bandTopicsOf,
  classBands,
  classProbability,
  watchedClasses,
} from '../../schemas/classBands.ts'
import { starClasses, youngClasses } from '../../schemas/quantities.ts'

const believed = (probabilities: readonly number[]) => {
  const classes = starClasses.map((name, i) => ({ name, probability: probabilities[i], prior: 0.25 }))
  const young = classes.filter(({ name }) => youngClasses.includes(name))
  return { classes, youngProbability: young.reduce((sum, { probability }) => sum + probability, 0) }
}

test('the bands follow one another without gaps, up to whatever is above 1', () => {
  classBands.forEach(({ from, below }, i) => {
    expect(from).toBeLessThan(below)
    if (i > 0) expect(from).toBe(classBands[i - 1].below)
  })
  expect(classBands.at(-1)?.below).toBeGreaterThan(1)
  expect(classBands.map(({ name, from }) => [name, from])).toEqual([
    ['above50', 0.5],
    ['above90', 0.9],
    ['above99', 0.99],
  ])
})

for (const [probability, band] of [
  [0.4999, null],
  [0.5, 'above50'],
  [0.8999, 'above50'],
  [0.9, 'above90'],
  [0.9899, 'above90'],
  [0.99, 'above99'],
  [1, 'above99'],
  [1 + 2e-16, 'above99'],
] as const) {
  test(`a probability of ${probability} is in ${band ?? 'no band'}`, () => {
    const topics = bandTopicsOf(believed([0, 0, probability, 1 - probability]))
    expect(topics.filter(topic => topic.startsWith('classes.mainSequence.'))).toEqual(
      band === null ? [] : [`classes.mainSequence.${band}`],
    )
  })
}

test('a star is in at most one band of each class, and in one of young by the sum of its classes', () => {
  expect(bandTopicsOf(believed([0.48, 0.47, 0.03, 0.02]))).toEqual(['classes.young.above90'])
  expect(bandTopicsOf(believed([0.92, 0.075, 0.005, 0]))).toEqual([
    'classes.young.above99',
    'classes.youngDisk.above90',
  ])
  expect(bandTopicsOf(believed([0.25, 0.2, 0.3, 0.25]))).toEqual([])
})

test('a class that a posterior does not name has no probability', () => {
  expect(classProbability({ youngProbability: 1, classes: [] }, 'giant')).toBe(0)
  expect(bandTopicsOf({ youngProbability: 0, classes: [] })).toEqual([])
})

test('there is a topic for each class and band', () => {
  expect(bandTopics).toHaveLength(watchedClasses.length * classBands.length)
  expect(bandTopics).toContain(bandTopic('giant', classBands[1]))
  expect(new Set(bandTopics).size).toBe(bandTopics.length)
})
