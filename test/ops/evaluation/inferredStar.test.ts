import { expect, test } from 'vitest'
import type { StarInput } from '../../../models/posterior.ts'
import {
  distanceLabel,
  inferGroups,
  samplesOf,
  samplesOfLabelled,
  youngProbability,
} from '../../../ops/evaluation/inferredStar.ts'
import type { RealStar, StarGroup } from '../../../ops/evaluation/realStar.ts'
import { given, inventPosterior } from './inventedPosteriors.ts'

function star(key: string, values: Readonly<Record<string, number>>, parts: Partial<RealStar> = {}): RealStar {
  return { input: { key, given: given(values) }, labels: [], flags: [], saturated: [], isMember: true, ...parts }
}

const group = (stars: readonly RealStar[]): StarGroup => ({
  name: 'g',
  title: 'G',
  cluster: null,
  surveys: ['gaiaDr3'],
  reference: '',
  stars,
  leftOut: new Map(),
})

async function askedOf(stars: readonly RealStar[]) {
  const asked: StarInput[] = []
  const inferred = await inferGroups(
    [group(stars)],
    async inputs => {
      asked.push(...inputs)
      return inputs.map(({ key }) => inventPosterior(key))
    },
    { sampleCount: 64, seed: 1n },
    () => {},
  )
  return { asked: asked.map(input => input.given.map(one => one.quantity)), inferred }
}

test('the parallax is withheld only where it is worth twenty of its errors', async () => {
  const { asked, inferred } = await askedOf([
    star('sure', { parallaxMas: 8, gMag: 12, rpMag: 11 }),
    star('unsure', { parallaxMas: 0.3, gMag: 12, rpMag: 11 }),
    star('negative', { parallaxMas: -5, gMag: 12, rpMag: 11 }),
  ])
  expect(asked).toEqual([
    ['parallaxMas', 'gMag', 'rpMag'],
    ['gMag', 'rpMag'],
    ['parallaxMas', 'gMag', 'rpMag'],
    ['parallaxMas', 'gMag', 'rpMag'],
  ])
  expect(inferred.map(one => one.withoutParallax === null)).toEqual([false, true, true])
})

test('saturated magnitudes are left out of a second question where a label can judge it and two values remain', async () => {
  const label = { quantity: 'teffK', value: 5000, err: 50 } as const
  const bright = { gMag: 2, jMag: 1, hMag: 0.5 }
  const { asked } = await askedOf([
    star('labelled', bright, { labels: [label], saturated: ['gMag'] }),
    star('too little left', bright, { labels: [label], saturated: ['gMag', 'jMag'] }),
    star('no label', bright, { saturated: ['gMag'] }),
  ])
  expect(asked.filter(names => names.length < 3)).toEqual([['jMag', 'hMag']])
})

test('answers find their stars across batches', async () => {
  const stars = Array.from({ length: 150 }, (_, i) => star(`s${i}`, { parallaxMas: 5, gMag: 12, rpMag: 11 }))
  const { inferred } = await askedOf(stars)
  for (const one of inferred) {
    expect(one.posterior.key).toBe(one.input.key)
    expect(one.withoutParallax?.key).toBe(one.input.key)
  }
})

test('a parallax of 8 mas is a distance of 125 pc with its relative error in dex', async () => {
  const { inferred } = await askedOf([star('sure', { parallaxMas: 8, gMag: 12, rpMag: 11 })])
  const label = distanceLabel(inferred[0])
  expect(label?.label).toBeCloseTo(Math.log10(125), 12)
  expect(label?.labelErr).toBeCloseTo(0.02 / 8 / Math.LN10, 12)
})

test('temperatures are compared in kelvin, and P(young) joins both young classes', () => {
  const posterior = inventPosterior('a', { young: 0.4 })
  const logs = samplesOf(posterior, 'logTeffK')
  for (const [s, teffK] of samplesOfLabelled(posterior, 'teffK').entries()) {
    expect(Math.log10(teffK)).toBeCloseTo(logs[s], 5)
  }
  expect(youngProbability(posterior)).toBeCloseTo(0.4, 12)
  expect(() => samplesOf(posterior, 'nothing')).toThrow(RangeError)
})
