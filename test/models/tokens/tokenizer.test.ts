import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { distanceBase } from '../../../models/tokens/distanceBase.ts'
import { FEATURE_COUNT, modelObservables, OBSERVED_SLOTS, SPECTRUM_FEATURES } from '../../../models/tokens/layout.ts'
import { fitQuantileMap } from '../../../models/tokens/quantileMap.ts'
import { SPECTRUM_MAGNITUDE } from '../../../models/tokens/spectrumFeatures.ts'
import { emptyStar, type ObservedStar, writeTokens } from '../../../models/tokens/tokenizer.ts'

const rng = createRng(5)
const prior = fitQuantileMap(Float64Array.from({ length: 5000 }, () => 1 + 3 * rng.uniform()))

function starWith(given: Readonly<Record<string, readonly [number, number]>>): ObservedStar {
  const star = emptyStar()
  for (const [name, [value, err]] of Object.entries(given)) {
    const i = (modelObservables as readonly string[]).indexOf(name)
    star.values[i] = value
    star.errs[i] = err
    star.present[i] = 1
  }
  return star
}

function tokensOf(star: ObservedStar) {
  const features = new Float32Array(OBSERVED_SLOTS * FEATURE_COUNT)
  const mask = new Float32Array(OBSERVED_SLOTS)
  const parallax = star.present[0] === 1 ? star.values[0] : null
  writeTokens(star, distanceBase(prior, parallax, star.errs[0]), features, 0, mask, 0)
  return { features, mask }
}

test('what is missing has no token, whatever its cell holds', () => {
  const clean = starWith({ gMag: [14, 0.01], jMag: [12, 0.02] })
  const dirty = starWith({ gMag: [14, 0.01], jMag: [12, 0.02] })
  dirty.values.set([99, -999], 7)
  dirty.errs.set([Number.NaN, 0], 7)
  expect(tokensOf(dirty)).toEqual(tokensOf(clean))
  const present = [...tokensOf(clean).mask.keys()].filter(slot => tokensOf(clean).mask[slot] === 1)
  expect(present).toEqual([0, 2, 5])
})

test('zero is a measurement: a magnitude of 0 has a token', () => {
  expect(tokensOf(starWith({ ksMag: [0, 0.02] })).mask[7]).toBe(1)
})

test('colours do not change when a star is dimmed in every band', () => {
  const near = tokensOf(starWith({ gMag: [10, 0.01], jMag: [8.5, 0.02], w1Mag: [8, 0.03] }))
  const far = tokensOf(starWith({ gMag: [15, 0.01], jMag: [13.5, 0.02], w1Mag: [13, 0.03] }))
  for (const slot of [2, 5, 8])
    expect(far.features[slot * FEATURE_COUNT]).toBeCloseTo(near.features[slot * FEATURE_COUNT], 6)
})

test('features stay bounded for the wildest measurement', () => {
  const { features } = tokensOf(starWith({ parallaxMas: [1e9, 1e-9], gMag: [1e9, 1e9], w4Mag: [-1e9, 1e-30] }))
  for (const value of features) expect(Math.abs(value)).toBeLessThanOrEqual(8)
})

test('an empty star has its own token only', () => {
  const { mask, features } = tokensOf(emptyStar())
  expect(mask.reduce((a, b) => a + b, 0)).toBe(1)
  expect(features.every(Number.isFinite)).toBe(true)
})

test('a spectrum has two tokens, and tells its brightness as a magnitude does', () => {
  const star = starWith({ gMag: [14, 0.01] })
  star.hasSpectrum[1] = 1
  star.spectra.set(
    Array.from({ length: SPECTRUM_FEATURES }, (_, k) => k / 10),
    SPECTRUM_FEATURES,
  )
  star.spectra[SPECTRUM_FEATURES + SPECTRUM_MAGNITUDE] = 13.5
  const { features, mask } = tokensOf(star)
  expect([...mask.keys()].filter(slot => mask[slot] === 1)).toEqual([0, 2, 14, 15])
  const told = features.subarray(14 * FEATURE_COUNT, 16 * FEATURE_COUNT)
  expect(told[3]).toBeCloseTo(0.3, 6)
  expect(told[SPECTRUM_MAGNITUDE]).toBeCloseTo(0.125, 6)
  expect(told[SPECTRUM_MAGNITUDE + 1]).toBeCloseTo(-0.5, 6)
})
