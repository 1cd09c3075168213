// The checkpoint that comes with the project, on stars it was trained for and on others.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kolmogorovSmirnov } from '../../../models/calibration/rankStatistics.ts'
import { type EmbeddingModel, openPosteriorModel, rocCurve, type StarInput } from '../../../models/index.ts'
import { shiftedStars, strangersOf, swappedStars, usualStars } from '../../../ops/bench/strangeStars.ts'

const usual = usualStars(77, 1500)
let model: EmbeddingModel
let tails: readonly number[]

beforeAll(async () => {
  model = await openPosteriorModel()
  tails = await tailsOf(usual)
})
afterAll(async () => {
  await model.close()
})

async function tailsOf(stars: readonly StarInput[]): Promise<readonly number[]> {
  return (await model.familiarities(stars)).flatMap(one => (one === null ? [] : [one]))
}

async function areaOf(stars: readonly StarInput[]): Promise<number> {
  const strange = await tailsOf(stars)
  const all = Float64Array.from([...tails, ...strange], tail => 1 - tail)
  return rocCurve(all, [...tails.map(() => false), ...strange.map(() => true)])?.area ?? 0
}

test('tails of fresh usual stars are uniform, and next to all stars have one', () => {
  expect(tails.length).toBeGreaterThan(0.98 * usual.length)
  expect(kolmogorovSmirnov(Float64Array.from(tails)).pValue).toBeGreaterThan(0.01)
})

test('a band that is off and bands that are exchanged are told from usual stars', async () => {
  const shifted = shiftedStars(usual, 1)
  expect(shifted[0].given.filter((one, i) => one.value !== usual[0].given[i].value)).toHaveLength(1)
  const swapped = swappedStars(usual, 2)
  const sorted = ({ given }: StarInput) => given.map(({ value }) => value).sort((a, b) => a - b)
  expect(sorted(swapped[0])).toEqual(sorted(usual[0]))
  expect(await areaOf(shifted)).toBeGreaterThan(0.9)
  expect(await areaOf(swapped)).toBeGreaterThan(0.9)
  expect(await areaOf(usualStars(78, 1000))).toBeLessThan(0.55)
})

test('carbon stars in their shells are told from usual stars, galaxies less so', async () => {
  expect(await areaOf(await strangersOf('agbCarbon', 5, 200))).toBeGreaterThan(0.85)
  expect(await areaOf(await strangersOf('galaxy', 5, 200))).toBeGreaterThan(0.6)
})
