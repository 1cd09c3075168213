// Embeddings of a known law: distances and tails have closed forms.
import { expect, test } from 'vitest'
import {
  distanceOf,
  type FamiliarityLaw,
  familiarityOf,
  familyOf,
  fitFamiliarity,
  jointFamiliarity,
  UNLIKE_TRAINING,
} from '../../../models/calibration/familiarity.ts'
import { kolmogorovSmirnov } from '../../../models/calibration/rankStatistics.ts'
import { createRng } from '../../../models/math/rng.ts'
import { chiSquarePValue } from '../../../models/math/special.ts'

/** Of mean (1, -2, 0) and covariance A A^T. */
const A = [
  [2, 0, 0],
  [-1, 0.5, 0],
  [0.3, 0.2, 0.01],
]
const mean = [1, -2, 0]

function embeddings(count: number, seed: number, shift = 0): Float32Array[] {
  const rng = createRng(seed)
  return Array.from({ length: count }, () => {
    const z = [rng.normal(), rng.normal() + shift, rng.normal()]
    return Float32Array.from(mean, (value, i) => value + A[i].reduce((sum, a, j) => sum + a * z[j], 0))
  })
}

function fitted(): FamiliarityLaw {
  const law = fitFamiliarity('gaia', embeddings(20_000, 1), embeddings(20_000, 2))
  if (law === null) throw new RangeError('no law')
  return law
}

test('the distance is that of Mahalanobis: in the coordinates the stars were drawn in, that from the origin', () => {
  const law = fitted()
  const at = (z: readonly number[]) => mean.map((value, i) => value + A[i].reduce((sum, a, j) => sum + a * z[j], 0))
  expect(distanceOf(law, at([0, 0, 0]))).toBeLessThan(0.05)
  expect(distanceOf(law, at([3, 0, 0]))).toBeCloseTo(3, 1)
  expect(distanceOf(law, at([0, -4, 0]))).toBeCloseTo(4, 1)
  // The third direction varies two hundred times less than the first, and counts as much up to the ridge.
  expect(distanceOf(law, at([0, 0, 3]))).toBeGreaterThan(2.8)
})

test('tails are those of chi square, uniform on fresh stars, and fall far out to no less than one of the stars', () => {
  const law = fitted()
  const tails = Float64Array.from(embeddings(5000, 3), one => familiarityOf(law, one))
  expect(kolmogorovSmirnov(tails).pValue).toBeGreaterThan(0.01)
  const square = distanceOf(law, embeddings(1, 4)[0]) ** 2
  expect(familiarityOf(law, embeddings(1, 4)[0])).toBeCloseTo(chiSquarePValue(square, 3), 1)
  const far = mean.map(value => value + 100)
  expect(familiarityOf(law, far)).toBeCloseTo(1 / 20_001, 9)
  expect(familiarityOf(law, law.mean)).toBe(1)
  const moved = embeddings(2000, 5, 6).filter(one => familiarityOf(law, one) < UNLIKE_TRAINING)
  // Six sigma in one of three directions: P(chi > 4.03) of a normal about 6.
  expect(moved.length / 2000).toBeGreaterThan(0.95)
})

test('too few stars for a covariance or for the rarest tail have no law, nor have embeddings that never vary', () => {
  const [some, many] = [embeddings(29, 6), embeddings(1000, 7)]
  expect(fitFamiliarity('gaia', some, many)).toBeNull()
  expect(fitFamiliarity('gaia', many, many.slice(1))).toBeNull()
  expect(fitFamiliarity('gaia', [], [])).toBeNull()
  const same = Array.from({ length: 1000 }, () => Float32Array.of(1, 2, 3))
  expect(fitFamiliarity('gaia', same, same)).toBeNull()
  expect(fitFamiliarity('gaia', many, many)).not.toBeNull()
})

test('a family is the surveys that have seen the star, whatever of their bands', () => {
  expect(familyOf(['gMag', 'rpMag', 'w3Mag'])).toBe('gaia wise')
  expect(familyOf(['w1Mag', 'parallaxMas', 'bpMag', 'ksMag'])).toBe('parallax gaia twoMass wise')
  expect(familyOf([])).toBe('nothing')
  expect(familyOf(['ksMag', 'xpSpectrum'])).toBe('twoMass xpSpectrum')
})

test('several looks at a star are no stranger than chance has it, whether they are alike or apart', () => {
  const rng = createRng(6)
  const count = 20_000
  const below = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const [a, b, c] = [rng.uniform(), rng.uniform(), rng.uniform()]
    // Apart, all the same, and one the opposite of the other.
    for (const [k, looks] of [
      [a, b, c],
      [a, a, a],
      [a, 1 - a],
    ].entries())
      if ((jointFamiliarity(looks) ?? 1) < 0.05) below[k]++
  }
  // At most one in twenty; five standard errors are 0.0077.
  for (const one of below) expect(one / count).toBeLessThan(0.0577)
  expect(below[0] / count).toBeGreaterThan(0.04)
  expect(below[2] / count).toBeGreaterThan(0.0423)
  expect([jointFamiliarity([]), jointFamiliarity([null, null]), jointFamiliarity([null, 0.3])]).toEqual([
    null,
    null,
    0.3,
  ])
  expect(jointFamiliarity([0.9, 0.7, null])).toBe(1)
})
