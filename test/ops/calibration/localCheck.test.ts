// Stars of one temperature and one magnitude that tells it: the posterior is known, and made wrong for the hot ones alone.
import { expect, test } from 'vitest'
import { createRng, modelParameters, type StarInput, type StarPosterior } from '../../../models/index.ts'
import { checkLocally } from '../../../ops/calibration/localCheck.ts'

const SAMPLES = 64
const TEFF = modelParameters.indexOf('logTeffK')
const sampleNames = [...modelParameters, 'loggDex']

/** logTeffK ~ N(3.8, 0.1), seen with an error of 0.1: the posterior's mean lies halfway, its deviation is 0.1 / sqrt 2. */
function starsOf(count: number, seed: number, displacement: number) {
  const rng = createRng(seed)
  const inputs: StarInput[] = []
  const posteriors: StarPosterior[] = []
  const truths = new Float64Array(count * modelParameters.length)
  for (let i = 0; i < count; i++) {
    for (let p = 0; p < modelParameters.length; p++) truths[i * modelParameters.length + p] = rng.normal()
    const truth = 3.8 + 0.1 * rng.normal()
    truths[i * modelParameters.length + TEFF] = truth
    const value = truth + 0.1 * rng.normal()
    inputs.push({ key: `${i}`, given: [{ quantity: 'gMag', value, err: 0.1, isLimit: false }] })
    const samples = Float32Array.from({ length: sampleNames.length * SAMPLES }, () => rng.normal())
    const mean = (3.8 + value) / 2
    const shift = mean > Math.log10(7000) ? displacement : 0
    for (let s = 0; s < SAMPLES; s++) {
      samples[TEFF * SAMPLES + s] = mean + shift + (0.1 / Math.SQRT2) * rng.normal()
      samples[modelParameters.length * SAMPLES + s] = 4.5
    }
    posteriors.push({
      ...{ key: `${i}`, sampleNames, samples, classProbabilities: [], classPrior: [], observables: ['gMag'] },
      ...{ flags: [], familiarity: null, uncorrected: [] },
    })
  }
  return { inputs, truths, posteriors }
}

const signal = new AbortController().signal

test('a star of each region that is reached has its test; hot posteriors that are displaced are found out', async () => {
  const { inputs, truths, posteriors } = starsOf(800, 3, 0.15)
  const found = await checkLocally(inputs, truths, posteriors, 1, signal)
  expect(found.map(({ region }) => region.split(':')[0])).toEqual(['hot', 'sunlike', 'cool dwarfs'])
  const [hot, sunlike, cool] = found
  expect(hot.pValue).toBeLessThan(0.03)
  expect(hot.statistic).toBeGreaterThan(2 * Math.max(sunlike.statistic, cool.statistic))
}, 300_000)

test('right posteriors are not', async () => {
  const { inputs, truths, posteriors } = starsOf(800, 4, 0)
  for (const { pValue } of await checkLocally(inputs, truths, posteriors, 1, signal)) {
    expect(pValue).toBeGreaterThan(0.025)
  }
}, 300_000)
