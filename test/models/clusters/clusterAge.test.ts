import { expect, test } from 'vitest'
import { agePrior } from '../../../models/clusters/agePrior.ts'
import { ageLikelihood, clusterAge, clusterAgeDefaults, mixtureAge } from '../../../models/clusters/clusterAge.ts'
import { createRng, type Rng } from '../../../models/math/rng.ts'

/** Half of the stars log-uniform from 0.5 to 100 Myr, half uniform in age up to 12.6 Gyr: a prior with a jump. */
function drawPriorAge(rng: Rng): number {
  return rng.uniform() < 0.5 ? 5.7 + 2.3 * rng.uniform() : Math.log10(1e8 + rng.uniform() * (1.26e10 - 1e8))
}

const priorRng = createRng(11)
const priorDraws = Float64Array.from({ length: 200_000 }, () => drawPriorAge(priorRng))
const prior = agePrior(priorDraws, 0.03)
const middles = Array.from(prior.masses, (_, k) => (prior.edges[k] + prior.edges[k + 1]) / 2)

/** Samples of the exact posterior of a log age that was measured as `measured` with a normal error. */
function posteriorSamples(measured: number, err: number, count: number, rng: Rng): Float64Array {
  const weights = middles.map((age, k) => prior.masses[k] * Math.exp(-0.5 * ((age - measured) / err) ** 2))
  const total = weights.reduce((a, b) => a + b, 0)
  const samples = new Float64Array(count)
  // One uniform number in each of `count` equal shares of the probability: fewer passes, the same distribution.
  let [bin, below] = [0, 0]
  for (let s = 0; s < count; s++) {
    const wanted = ((s + rng.uniform()) / count) * total
    while (bin < weights.length - 1 && below + weights[bin] < wanted) below += weights[bin++]
    samples[s] = prior.edges[bin] + rng.uniform() * (prior.edges[1] - prior.edges[0])
  }
  return samples
}

interface Simulated {
  readonly age: number
  readonly stars: number
  readonly errs: readonly [number, number]
  readonly spread: number
  readonly outliers: number
}

/** Members scatter about the cluster's age; outliers are drawn from the prior of single stars. */
function simulate({ age, stars, errs, spread, outliers }: Simulated, rng: Rng, samples = 256): Float64Array[] {
  return Array.from({ length: stars }, () => {
    const truth = rng.uniform() < outliers ? drawPriorAge(rng) : age + spread * rng.normal()
    const err = errs[0] + (errs[1] - errs[0]) * rng.uniform()
    return posteriorSamples(truth + err * rng.normal(), err, samples, rng)
  })
}

const inside = (truth: number, low: number, high: number) => truth >= low && truth <= high

test('bins of the prior hold the probability between their borders', () => {
  const share = (age: number) => (age < 8 ? (0.5 * (age - 5.7)) / 2.3 : 0.5 + (0.5 * (10 ** age - 1e8)) / 1.25e10)
  let below = 0
  prior.masses.forEach((mass, k) => {
    below += mass
    // The Kolmogorov distance of 200,000 draws stays below 0.0044 in 999 of 1,000 cases.
    expect(Math.abs(below - share(prior.edges[k + 1]))).toBeLessThan(0.0044)
  })
})

test('a star of which nothing is known has the likelihood one at every age', () => {
  const rng = createRng(13)
  const samples = Float64Array.from({ length: 20_000 }, () => drawPriorAge(rng))
  const likelihood = ageLikelihood(samples, prior)
  // Where the prior holds a fair share of the samples; 4 sigma of their Poisson noise after smoothing is 0.1.
  middles.forEach((age, k) => {
    if (age > 5.8 && age < 9.9) expect(Math.abs(likelihood[k] - 1)).toBeLessThan(0.12)
  })
})

test('the likelihood of a star is that of its measurement, whatever the prior', () => {
  const rng = createRng(14)
  for (const measured of [6.5, 7.95, 9.2]) {
    const likelihood = ageLikelihood(posteriorSamples(measured, 0.3, 50_000, rng), prior)
    const exact = middles.map(age => Math.exp(-0.5 * ((age - measured) / 0.3) ** 2))
    const scale = exact.reduce((sum, value, k) => sum + value * prior.masses[k], 0)
    const peak = Math.max(...exact) / scale
    middles.forEach((age, k) => {
      if (Math.abs(age - measured) < 0.45) expect(Math.abs(likelihood[k] - exact[k] / scale)).toBeLessThan(0.08 * peak)
    })
  }
})

test('68% and 95% intervals hold the age of simulated clusters with outliers as often as they claim', () => {
  const rng = createRng(15)
  const clusters = 50
  let [in68, in95] = [0, 0]
  for (let i = 0; i < clusters; i++) {
    const age = 6.2 + 3.3 * rng.uniform()
    const stars = simulate({ age, stars: 30, errs: [0.15, 0.6], spread: 0.1, outliers: 0.2 }, rng)
    const { logAgeYr } = clusterAge(stars, prior)
    if (inside(age, logAgeYr.q16, logAgeYr.q84)) in68++
    if (inside(age, logAgeYr.q025, logAgeYr.q975)) in95++
  }
  // Binomial 3.3 sigma below the claims, one false alarm in a thousand each: 0.68 - 0.22 and 0.95 - 0.10.
  expect(in68 / clusters).toBeGreaterThan(0.46)
  expect(in95 / clusters).toBeGreaterThan(0.85)
})

/** What the product over stars comes to: the mean weighted by inverse variance, and its error. */
function weightedMean(stars: readonly Float64Array[]): readonly [mean: number, err: number] {
  let [sum, weights] = [0, 0]
  for (const samples of stars) {
    const mean = samples.reduce((a, b) => a + b, 0) / samples.length
    const variance = samples.reduce((a, b) => a + (b - mean) ** 2, 0) / samples.length
    sum += mean / variance
    weights += 1 / variance
  }
  return [sum / weights, weights ** -0.5]
}

test('outliers do not move the cluster age, while they move the product over stars by many of its errors', () => {
  const rng = createRng(16)
  for (const age of [6.6, 9.4]) {
    const stars = simulate({ age, stars: 60, errs: [0.1, 0.3], spread: 0.05, outliers: 0.35 }, rng)
    const robust = clusterAge(stars, prior).logAgeYr
    const [mean, err] = weightedMean(stars)
    expect(Math.abs(robust.q50 - age)).toBeLessThan(0.15)
    expect(inside(age, robust.q025, robust.q975)).toBe(true)
    expect(Math.abs(mean - age) / err).toBeGreaterThan(5)
  }
})

test('spread and share of outliers are found', () => {
  const rng = createRng(17)
  const wide = clusterAge(simulate({ age: 7, stars: 150, errs: [0.1, 0.2], spread: 0.35, outliers: 0 }, rng), prior)
  const dirty = clusterAge(simulate({ age: 7, stars: 150, errs: [0.1, 0.2], spread: 0.05, outliers: 0.4 }, rng), prior)
  // Four standard errors of 150 stars: 0.08 dex of spread, 0.16 of the share.
  expect(Math.abs(wide.spreadDex - 0.35)).toBeLessThan(0.1)
  expect(wide.outlierShare).toBeLessThan(0.15)
  expect(dirty.spreadDex).toBeLessThan(0.15)
  expect(Math.abs(dirty.outlierShare - 0.4)).toBeLessThan(0.16)
})

test('stars that know nothing of their age leave the cluster as they found it', () => {
  const rng = createRng(18)
  const known = simulate({ age: 8.3, stars: 30, errs: [0.15, 0.3], spread: 0.05, outliers: 0 }, rng)
  const vague = Array.from({ length: 60 }, () => Float64Array.from({ length: 256 }, () => drawPriorAge(rng)))
  const alone = clusterAge(known, prior).logAgeYr
  const together = clusterAge([...known, ...vague], prior).logAgeYr
  expect(Math.abs(together.q50 - alone.q50)).toBeLessThan(0.1)
  expect(mixtureAge([...known, ...vague]).q84 - mixtureAge(known).q84).toBeGreaterThan(0.3)
})

test('the mixture is the joined samples, as many of each star', () => {
  const stars = [
    Float64Array.from({ length: 100 }, () => 7),
    Float64Array.from({ length: 400 }, (_, k) => 8 + k / 1000),
    Float64Array.from({ length: 100 }, () => 9),
  ]
  const { q16, q50, q84 } = mixtureAge(stars)
  expect(q16).toBe(7)
  expect(q50).toBeGreaterThan(8)
  expect(q50).toBeLessThan(8.1)
  expect(q84).toBe(9)
})

test('a cluster without stars and a star without samples are refused', () => {
  const refused = (call: () => unknown) => expect(call).toThrow(RangeError)
  refused(() => clusterAge([], prior))
  refused(() => mixtureAge([]))
  refused(() => clusterAge([new Float64Array(0)], prior, clusterAgeDefaults))
  refused(() => agePrior(priorDraws, 0))
  refused(() => agePrior(priorDraws.subarray(0, 10), 0.1))
  refused(() => agePrior(new Float64Array(2000), 0.1))
})
