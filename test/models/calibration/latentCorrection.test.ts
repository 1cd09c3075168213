import { expect, test } from 'vitest'
import { equalLevels, rankMap } from '../../../models/calibration/conformal.ts'
import { correctLatents, patternKey } from '../../../models/calibration/latentCorrection.ts'
import { spectrumNames } from '../../../models/encoders/modalities.ts'
import { createRng } from '../../../models/math/rng.ts'
import { normalCdf, probit } from '../../../models/math/special.ts'
import { modelObservables, PARAMETER_COUNT } from '../../../models/tokens/layout.ts'

const identity = { levels: Float64Array.of(0, 0.5, 1), modelLevels: Float64Array.of(0, 0.5, 1) }
const identities = Array.from({ length: PARAMETER_COUNT }, () => identity)

function normalLatents(draws: number, seed: number): Float32Array {
  const rng = createRng(seed)
  return Float32Array.from({ length: draws * PARAMETER_COUNT }, () => rng.normal())
}

test('maps that change nothing give the same draws in the same order', () => {
  const latents = normalLatents(200, 5)
  const same = correctLatents(latents, identities)
  same.forEach((value, i) => {
    expect(Math.abs(value - latents[i])).toBeLessThan(1e-5)
  })
})

test('draws that are too wide are narrowed to the width that ranks of truths ask for, one latent alone', () => {
  // Truths of a unit Gaussian among draws of twice its width: the rank of a truth t is Phi(t / 2).
  const rng = createRng(7)
  const wide = Array.from({ length: 20_000 }, () => {
    const below = normalCdf(rng.normal() / 2)
    return Math.min(1 - 1e-9, Math.max(1e-9, below))
  })
  const map = rankMap(Float64Array.from(wide), equalLevels(21))
  const maps = identities.map((one, p) => (p === 2 ? map : one))
  // Draws at the quantiles of a Gaussian of width 2: they have no noise of their own.
  const latents = Float32Array.from(
    { length: 4000 * PARAMETER_COUNT },
    (_, i) => 2 * probit((Math.floor(i / PARAMETER_COUNT) + 0.5) / 4000),
  )
  const corrected = correctLatents(latents, maps)
  const spreadOf = (values: Float32Array, p: number) => {
    const own = Array.from({ length: 4000 }, (_, s) => values[s * PARAMETER_COUNT + p]).sort((a, b) => a - b)
    return (own[3364] - own[635]) / 2
  }
  // Half as wide as they were: 20,000 ranks know a level to 0.0033 and so a width of 0.5 to 1.3%.
  const ratio = (2 * spreadOf(corrected, 2)) / spreadOf(latents, 2)
  expect(Math.abs(ratio - 1)).toBeLessThan(0.04)
  expect(spreadOf(corrected, 3)).toBeCloseTo(spreadOf(latents, 3), 4)
})

test('a single draw is left alone, and a pattern has one name whatever the order', () => {
  const one = normalLatents(1, 3)
  expect(correctLatents(one, identities)).toEqual(one)
  expect(patternKey(['ksMag', 'gMag'])).toBe(patternKey(['gMag', 'ksMag']))
  expect(patternKey([])).toBe('0'.repeat(modelObservables.length + spectrumNames.length))
})
