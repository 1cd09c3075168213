import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { causes, type JudgedStar, splitByCause } from '../../../ops/evaluation/causes.ts'
import { given, type Invented, inventStar } from './inventedPosteriors.ts'

const names = (star: ReturnType<typeof inventStar>) =>
  causes.filter(cause => cause.applies(star)).map(cause => cause.name)
const bands = { gMag: 12, bpMag: 12.5, rpMag: 11.3, jMag: 10.5, hMag: 10.1, ksMag: 10, w1Mag: 9.9, w2Mag: 9.8 }
const withBands = (values: Readonly<Record<string, number>>) => ({
  input: { key: 'a', given: given({ ...bands, ...values }) },
})

test('an ordinary dwarf belongs to no special kind', () => {
  expect(names(inventStar('g', 'a', withBands({})))).toEqual([])
})

for (const [name, star] of [
  ['cool', inventStar('g', 'a', { ...withBands({}), invented: { centres: { logTeffK: 3.5 } } })],
  ['giant', inventStar('g', 'a', { ...withBands({}), invented: { giant: 0.7 } })],
  ['saturated', inventStar('g', 'a', { ...withBands({}), saturated: ['gMag'] })],
  ['binary', inventStar('g', 'a', { ...withBands({}), flags: ['gaiaDr3:ruwe'] })],
  ['disk', inventStar('g', 'a', withBands({ w2Mag: 9.5 }))],
  ['reddened', inventStar('g', 'a', { ...withBands({}), invented: { centres: { avMag: 2 } } })],
  ['sparse', inventStar('g', 'a', { input: { key: 'a', given: given({ jMag: 10, hMag: 9.8, ksMag: 9.7 }) } })],
  ['unusual', inventStar('g', 'a', { ...withBands({}), invented: { flags: ['outOfDistribution'] } })],
] as const) {
  test(`a star that is ${name} is recognised as just that`, () => {
    expect(names(star)).toEqual([name])
  })
}

test('an excess in a saturated band is no disk', () => {
  expect(names(inventStar('g', 'a', { ...withBands({ w2Mag: 9.5 }), saturated: ['w2Mag'] }))).toEqual(['saturated'])
})

/** Stars with labels; the cool half is off by `coolShift` errors. */
function judged(count: number, coolShift: number): readonly JudgedStar[] {
  const rng = createRng(51)
  return Array.from({ length: count }, (_, i) => {
    const isCool = i % 2 === 0
    const invented: Invented = isCool ? { centres: { logTeffK: 3.5 } } : {}
    const truth = 2 + rng.normal()
    const measured = truth + 0.1 * rng.normal() + (isCool ? 0.1 * coolShift : 0)
    const samples = Float64Array.from({ length: 100 }, () => measured + 0.1 * rng.normal())
    return {
      star: inventStar('g', `s${i}`, { ...withBands({}), invented }),
      labelled: { samples, label: truth, labelErr: 0.01 },
    }
  })
}

test('a kind that misses is told from the others, and one that does not is not', () => {
  const [split, ...none] = splitByCause(judged(200, 1.5), 1)
  expect(none).toEqual([])
  expect(split.cause.name).toBe('cool')
  expect(split.isSignificant).toBe(true)
  // Five standard errors of a median of 100 stars.
  expect(Math.abs(split.inside.bias - 0.15)).toBeLessThan(0.065)
  expect(Math.abs(split.outside.bias)).toBeLessThan(0.065)
  expect(splitByCause(judged(200, 0), 1)[0].isSignificant).toBe(false)
})

test('kinds of fewer than ten stars are not judged', () => {
  expect(splitByCause(judged(18, 3), 1)).toEqual([])
})
