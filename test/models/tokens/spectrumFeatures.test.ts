import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { observeStar } from '../../../models/tokens/givenStar.ts'
import {
  FEATURE_COUNT,
  modelSpectra,
  OBSERVED_SLOTS,
  SPECTRA_SLOT,
  SPECTRUM_FEATURES,
} from '../../../models/tokens/layout.ts'
import {
  fitSpectrumBasis,
  SPECTRUM_DIRECTIONS,
  SPECTRUM_FLOOR,
  SPECTRUM_MAGNITUDE,
  spectrumFeaturesInto,
} from '../../../models/tokens/spectrumFeatures.ts'
import { fitPrior } from '../../../models/training/priorFit.ts'
import { observedStar, spectrumOf } from '../../../models/training/starBatch.ts'

const C = 20
/** Shapes about a mean, with a spread that falls by two from axis to axis. */
const rng = createRng(31)
const spread = (i: number) => 0.2 * 0.5 ** i
const centre = Array.from({ length: C }, (_, i) => (i === 0 ? 1 : 0.01 * i))
const drawShape = () => centre.map((value, i) => value + spread(i) * rng.normal())
const shapes = Float64Array.from(Array.from({ length: 4000 }, drawShape).flat())
const basis = fitSpectrumBasis(shapes, C)
const quiet = new Float64Array(C).fill(1e-9)

test('directions are the axes along which shapes differ, each over its spread', () => {
  for (let d = 0; d < 6; d++) {
    const row = basis.directions.subarray(d * C, (d + 1) * C)
    expect(Math.abs(row[d]) * spread(d)).toBeCloseTo(1, 1)
  }
  centre.forEach((value, i) => {
    // Four standard errors of a mean of 4000.
    expect(Math.abs(basis.mean[i] - value)).toBeLessThan((4 * spread(i)) / Math.sqrt(4000))
  })
})

test('a brighter spectrum of one shape has the same numbers but for its magnitude', () => {
  const [one, other] = [new Float64Array(SPECTRUM_FEATURES), new Float64Array(SPECTRUM_FEATURES)]
  const coefficients = drawShape()
  spectrumFeaturesInto(basis, { coefficients, errors: quiet }, one, 0)
  const scaled = { coefficients: coefficients.map(value => 100 * value), errors: quiet.map(value => 100 * value) }
  spectrumFeaturesInto(basis, scaled, other, 0)
  for (let k = 0; k < SPECTRUM_FEATURES; k++)
    expect(other[k] - one[k]).toBeCloseTo(k === SPECTRUM_MAGNITUDE ? -5 : 0, 9)
})

test('noise shrinks a shape by what it is worth', () => {
  const [clear, noisy] = [new Float64Array(SPECTRUM_FEATURES), new Float64Array(SPECTRUM_FEATURES)]
  const coefficients = drawShape()
  const length = Math.hypot(...coefficients)
  const err = 0.3 * length
  spectrumFeaturesInto(basis, { coefficients, errors: quiet }, clear, 0)
  spectrumFeaturesInto(basis, { coefficients, errors: new Float64Array(C).fill(err) }, noisy, 0)
  for (let d = 0; d < SPECTRUM_DIRECTIONS; d++) {
    const worth = basis.directions.subarray(d * C, (d + 1) * C).reduce((sum, value) => sum + value ** 2, 0)
    const ratio = Math.sqrt((1 + worth * SPECTRUM_FLOOR ** 2) / (1 + worth * (SPECTRUM_FLOOR ** 2 + 0.09)))
    expect(noisy[d]).toBeCloseTo(clear[d] * ratio, 6)
  }
})

test('a spectrum without light is no spectrum', () => {
  const out = new Float64Array(SPECTRUM_FEATURES)
  expect(spectrumFeaturesInto(basis, { coefficients: new Float64Array(C), errors: quiet }, out, 0)).toBe(false)
})

test('simulated shapes have unit spread, and what a caller tells of a star is what training saw of it', {
  timeout: 120_000,
}, () => {
  const simulator = createPilotSimulator({ hasSpectra: true, missing: 'natural' })
  const { scale, featureRange } = fitPrior(simulator, 3, 1500)
  expect(scale.spectra).toHaveLength(modelSpectra.length)
  const simulation = simulator.draw({ seed: 12, first: 0, count: 600 })
  let [count, squares] = [0, 0]
  for (let i = 0; i < simulation.count; i++) {
    const star = observedStar(simulation, i, scale.spectra)
    const spectra = modelSpectra.flatMap((name, s) => {
      const found = spectrumOf(simulation, i, s)
      return found === null ? [] : [{ name, ...found }]
    })
    const told = observeStar({ key: 'a', given: [], spectra }, [], scale.spectra)
    expect(told.hasSpectrum).toEqual(star.hasSpectrum)
    if (star.hasSpectrum[0] === 0) continue
    expect(told.spectra).toEqual(star.spectra)
    count++
    squares += star.spectra[0] ** 2
  }
  expect(count).toBeGreaterThan(200)
  // The first shape: spread 1, known to 10% at three standard errors of so many stars.
  expect(Math.abs(squares / count - 1)).toBeLessThan(0.35)
  expect(featureRange.high).toHaveLength(OBSERVED_SLOTS)
  expect(featureRange.high[SPECTRA_SLOT]).toHaveLength(FEATURE_COUNT)
})

test('what is no spectrum is told in one sentence', () => {
  const tell = (coefficients: number[], errors: number[]) => () =>
    observeStar(
      { key: 'star 7', given: [], spectra: [{ name: 'bpSpectrum', coefficients, errors }] },
      [],
      [basis, basis],
    )
  const good = new Array<number>(C).fill(1)
  expect(tell(good, good)).not.toThrow()
  for (const [bad, worse] of [
    [good.slice(1), good],
    [good, good.slice(1)],
    [[...good.slice(1), Number.NaN], good],
    [good, [...good.slice(1), 0]],
  ])
    expect(tell(bad, worse)).toThrow(/Star star 7: bpSpectrum has/)
})
