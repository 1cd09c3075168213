import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { posteriorDraws } from '../../../models/calibration/posteriorDraws.ts'
import { fractionalRanks, uniformityPValue } from '../../../models/calibration/rankStatistics.ts'
import { tarpCurve, tarpDefaults, tarpRanks, tarpReferences } from '../../../models/calibration/tarp.ts'
import { createRng } from '../../../models/math/rng.ts'
import { normalCdf, probit } from '../../../models/math/special.ts'
import { gaussianToy, type ToyFault } from './gaussianToy.ts'

const golden: {
  readonly starCount: number
  readonly sampleCount: number
  readonly names: readonly string[]
  readonly truths: readonly number[]
  readonly samples: readonly number[]
  readonly references: readonly number[]
  readonly levels: readonly number[]
  readonly coverage: readonly number[]
} = JSON.parse(readFileSync(new URL('../../golden/calibration/tarp.json', import.meta.url), 'utf8'))

test('credibilities give the coverage of the tarp and sbi packages, star by star', () => {
  const draws = posteriorDraws(golden.names, Float64Array.from(golden.truths), Float64Array.from(golden.samples))
  expect(draws.sampleCount).toBe(golden.sampleCount)
  const ranks = tarpRanks(draws, Float64Array.from(golden.references), createRng(1))
  // Theirs is the plain share of nearer draws; ours is spread inside one step of it.
  const shares = Array.from(ranks, rank => Math.floor(rank * (golden.sampleCount + 1)) / golden.sampleCount)
  golden.levels.forEach((level, k) => {
    const isLast = k === golden.levels.length - 1
    const below = shares.filter(share => (isLast ? share <= level + 1e-9 : share < level - 1e-9)).length
    expect(below / golden.starCount).toBeCloseTo(golden.coverage[k], 9)
  })
})

function curveOf(seed: number, fault: ToyFault = {}, starCount = 1500) {
  const draws = gaussianToy(starCount, 100, seed, fault)
  const rng = createRng(seed, 3)
  const ranks = tarpRanks(draws, tarpReferences(draws, tarpDefaults.referenceCount, rng), rng)
  return tarpCurve(ranks, starCount, tarpDefaults, rng)
}

for (const widthRatio of [0.6, 1, 1.7]) {
  test(`seen from far away, the curve of a Gaussian ${widthRatio} times the right width has its closed form`, () => {
    // One parameter, truth N(m, 1), draws N(m, w^2), reference far to the right: nearer means larger, so a truth z
    // above m has credibility P(w u > z), and coverage(level) = P(z > w probit(1 - level)) = Phi(w probit(level)).
    const starCount = 4000
    const rng = createRng(17)
    const truths = Float64Array.from({ length: starCount }, () => rng.normal())
    const samples = Float64Array.from({ length: starCount * 200 }, () => widthRatio * rng.normal())
    const draws = posteriorDraws(['a'], truths, samples)
    const ranks = tarpRanks(draws, new Float64Array(starCount).fill(1e3), rng)
    const curve = tarpCurve(ranks, starCount, { ...tarpDefaults, bootstrapCount: 0 }, rng)
    const apart = curve.levels.map((level, k) => Math.abs(curve.coverage[k] - normalCdf(widthRatio * probit(level))))
    // 1.95 / sqrt(4000) is the Kolmogorov bound for a false alarm of 1e-3; 200 draws blur the level by 0.3 of that.
    expect(Math.max(...apart)).toBeLessThan(0.04)
    // The area between the curve and the diagonal above one half: normal integral of Phi(w z) is atan(w) / (2 pi) there.
    expect(curve.dispersion).toBeCloseTo(Math.atan(widthRatio) / Math.PI - 0.25, 1.7)
  })
}

test('a calibrated posterior stays within 0.03 and inside its noise', () => {
  const curve = curveOf(1)
  expect(curve.maxDeviation).toBeLessThan(0.03)
  expect(curve.maxDeviation).toBeLessThan(1.5 * curve.noiseDeviation)
  expect(Math.abs(curve.bias)).toBeLessThan(0.015)
  const outside = curve.levels.filter((level, k) => level < curve.lower[k] || level > curve.upper[k]).length
  expect(outside / curve.levels.length).toBeLessThan(0.5)
})

test('too narrow and too wide posteriors are caught and told apart', () => {
  const narrow = curveOf(2, { widthFactor: 0.75 })
  const wide = curveOf(2, { widthFactor: 1.35 })
  for (const curve of [narrow, wide]) expect(curve.maxDeviation).toBeGreaterThan(2 * curve.noiseDeviation)
  expect(narrow.dispersion).toBeLessThan(-0.02)
  expect(wide.dispersion).toBeGreaterThan(0.02)
})

test('a shifted posterior is caught', () => {
  const curve = curveOf(3, { shift: 0.5 })
  expect(curve.maxDeviation).toBeGreaterThan(0.03)
  expect(curve.maxDeviation).toBeGreaterThan(curve.noiseDeviation)
})

test('a posterior with right marginals and wrong correlation passes ranks but not TARP', () => {
  const draws = gaussianToy(1500, 100, 4, { isFactorised: true })
  for (const p of [0, 1]) expect(uniformityPValue(fractionalRanks(draws, p, createRng(4)), 20)).toBeGreaterThan(1e-3)
  const curve = curveOf(4, { isFactorised: true })
  expect(curve.maxDeviation).toBeGreaterThan(0.03)
  expect(curve.maxDeviation).toBeGreaterThan(1.5 * curve.noiseDeviation)
})

test('more references of one star make the curve less noisy and leave it where it is', () => {
  const draws = gaussianToy(800, 60, 6)
  const noise = (referenceCount: number) => {
    const rng = createRng(6, 3)
    const ranks = tarpRanks(draws, tarpReferences(draws, referenceCount, rng), rng)
    return tarpCurve(ranks, 800, { ...tarpDefaults, referenceCount }, rng).noiseDeviation
  }
  expect(noise(16)).toBeLessThan(0.85 * noise(1))
})

test('units do not matter: a parameter in other units gives the same ranks', () => {
  const draws = gaussianToy(100, 30, 7)
  const references = tarpReferences(draws, 4, createRng(7))
  const scale = (values: Float64Array, stride: number) =>
    values.map((value, i) => (Math.floor(i / stride) % 2 === 1 ? 1024 * value + 512 : value))
  const other = { ...draws, truths: scale(draws.truths, 1), samples: scale(Float64Array.from(draws.samples), 30) }
  const plain = tarpRanks(draws, references, createRng(8))
  const scaled = tarpRanks(other, scale(references, 1), createRng(8))
  // Rounding may swap a draw with the truth once in a while, never more.
  expect(plain.filter((rank, i) => Math.abs(rank - scaled[i]) > 1e-9).length).toBeLessThan(3)
})

test('references that do not fit the draws are refused', () => {
  expect(() => tarpRanks(gaussianToy(10, 5, 1), new Float64Array(13), createRng(1))).toThrow(RangeError)
})
