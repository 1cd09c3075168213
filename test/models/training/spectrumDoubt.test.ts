import { expect, test } from 'vitest'
import { pixelModalities } from '../../../models/encoders/modalities.ts'
import { createRng } from '../../../models/math/rng.ts'
import { doubtSpectrum, noDoubt } from '../../../models/training/spectrumDoubt.ts'

const [boss] = pixelModalities
const bins = boss.grid.binsPerPatch

/** Every patch is there and known but for the last: a continuum of 0.5 with a line of depth 1 in its middle. */
function spectrum() {
  const features = new Float32Array(boss.slots * boss.features)
  const mask = new Float32Array(boss.slots).fill(1)
  mask[boss.slots - 1] = 0
  features[0] = 2
  for (let slot = 1; slot < boss.slots - 1; slot++) {
    for (let b = 0; b < bins; b++) {
      features[slot * boss.features + b] = 0.5 - (b === bins / 2 ? 1 : 0)
      features[slot * boss.features + bins + b] = 1
    }
  }
  return { features, mask }
}

const depthOf = (features: Float32Array, slot: number) => {
  const at = slot * boss.features
  return features[at] - features[at + bins / 2]
}
const meanOf = (features: Float32Array, slot: number) =>
  features.subarray(slot * boss.features, slot * boss.features + bins).reduce((sum, value) => sum + value / bins, 0)

test('without doubt a spectrum stays as it is', () => {
  const { features, mask } = spectrum()
  doubtSpectrum(boss, features, mask, noDoubt, createRng(1))
  expect({ features, mask }).toEqual(spectrum())
})

test('lines are stronger or weaker by the spread that is asked for, and the mean of a patch stays', () => {
  const rng = createRng(2)
  const logs: number[] = []
  for (let star = 0; star < 200; star++) {
    const { features, mask } = spectrum()
    doubtSpectrum(boss, features, mask, { starGain: 0.2, patchGain: 0.3, mostLost: 0 }, rng)
    expect(mask).toEqual(spectrum().mask)
    expect(features[0]).toBe(2)
    logs.push(Math.log(depthOf(features, 1)), Math.log(depthOf(features, 2)))
    expect(meanOf(features, 1)).toBeCloseTo(meanOf(spectrum().features, 1), 5)
  }
  const of = (pair: (i: number) => number) => {
    const values = logs.filter((_, i) => i % 2 === 0).map((_, i) => pair(i))
    return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
  }
  // Of 200 draws a standard deviation is off by 5%; four times that.
  expect(Math.abs(of(i => logs[2 * i]) / Math.hypot(0.2, 0.3) - 1)).toBeLessThan(0.2)
  expect(Math.abs(of(i => logs[2 * i] - logs[2 * i + 1]) / (0.3 * Math.SQRT2) - 1)).toBeLessThan(0.2)
})

test('of half of the spectra patches are lost, with their features, and one stays', () => {
  const rng = createRng(3)
  const left: number[] = []
  for (let star = 0; star < 400; star++) {
    const { features, mask } = spectrum()
    doubtSpectrum(boss, features, mask, { starGain: 0, patchGain: 0, mostLost: 1 }, rng)
    const kept = [...mask.keys()].slice(1).filter(slot => mask[slot] === 1)
    for (let slot = 1; slot < boss.slots; slot++) {
      if (mask[slot] === 0)
        expect(features.subarray(slot * boss.features, (slot + 1) * boss.features).some(Boolean)).toBe(false)
    }
    expect(kept.length).toBeGreaterThan(0)
    left.push(kept.length / (boss.slots - 2))
  }
  // Half keep all; the others keep half on the average. 200 of 400 with a standard deviation of 10.
  expect(Math.abs(left.filter(one => one === 1).length - 200)).toBeLessThan(50)
  expect(Math.abs(left.reduce((sum, one) => sum + one / 400, 0) - 0.75)).toBeLessThan(0.06)
})
