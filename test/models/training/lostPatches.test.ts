import { expect, test } from 'vitest'
import { pixelModalities } from '../../../models/encoders/modalities.ts'
import { createRng } from '../../../models/math/rng.ts'
import { losePatches } from '../../../models/training/lostPatches.ts'

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

test('where nothing is to be lost a spectrum stays as it is', () => {
  const { features, mask } = spectrum()
  losePatches(boss, features, mask, 0, createRng(1))
  expect({ features, mask }).toEqual(spectrum())
})

test('of half of the spectra patches are lost, with their features, and one stays', () => {
  const rng = createRng(3)
  const left: number[] = []
  for (let star = 0; star < 400; star++) {
    const { features, mask } = spectrum()
    losePatches(boss, features, mask, 1, rng)
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
