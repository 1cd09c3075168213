import { expect, test } from 'vitest'
import {
  compareLabels,
  type LabelledPosterior,
  labelPoints,
  madSigma,
  medianOf,
} from '../../../models/calibration/labelComparison.ts'
import { createRng } from '../../../models/math/rng.ts'

/** Posteriors that are right (times `stretch`, plus `shift`), labels that scatter about the truth by their error. */
function stars(count: number, labelErr: number, stretch: number, shift: number): LabelledPosterior[] {
  const rng = createRng(21)
  return Array.from({ length: count }, () => {
    const truth = 5000 + 500 * rng.normal()
    const err = 60 + 80 * rng.uniform()
    const measured = truth + err * rng.normal()
    const samples = Float64Array.from({ length: 200 }, () => measured + shift + stretch * err * rng.normal())
    return { samples, label: truth + labelErr * rng.normal(), labelErr }
  })
}

for (const labelErr of [0, 50, 200]) {
  test(`right posteriors cover labels of error ${labelErr} as often as they claim, without bias`, () => {
    const found = compareLabels(stars(2000, labelErr, 1, 0), createRng(22))
    // 3.3 standard errors of 2,000 stars: one false alarm in a thousand for each bound.
    expect(Math.abs(found.coverage68.covered - 0.68)).toBeLessThan(0.035)
    expect(Math.abs(found.coverage95.covered - 0.95)).toBeLessThan(0.017)
    expect(Math.abs(found.bias)).toBeLessThan(3.3 * found.biasErr)
    expect(Math.abs(found.z.scatter - 1)).toBeLessThan(0.09)
    expect(found.z.farShare).toBeLessThan(0.01)
    expect(found.typicalLabelErr).toBe(labelErr)
  })
}

test('posteriors of half the right width cover too little, and the scores say by how much', () => {
  const { coverage68, z } = compareLabels(stars(2000, 0, 0.5, 0), createRng(23))
  // A normal of twice the claimed width: erf(0.994 / 2 / sqrt 2) = 0.381 of it lies inside.
  expect(Math.abs(coverage68.covered - 0.381)).toBeLessThan(0.036)
  expect(Math.abs(z.scatter - 2)).toBeLessThan(0.18)
})

test('a shift of all posteriors is the bias, and no scatter', () => {
  const there = compareLabels(stars(500, 20, 1, 0), createRng(24))
  const shifted = compareLabels(stars(500, 20, 1, 300), createRng(24))
  expect(shifted.bias - there.bias).toBeCloseTo(300, 6)
  expect(shifted.scatter).toBeCloseTo(there.scatter, 6)
  expect(shifted.z.median).toBeGreaterThan(2)
})

test('one absurd star changes neither bias nor scatter by more than its place in the ranking', () => {
  const plain = stars(501, 20, 1, 0)
  const absurd = [...plain.slice(1), { samples: new Float64Array(200).fill(1e6), label: 5000, labelErr: 20 }]
  const [a, b] = [compareLabels(plain, createRng(25)), compareLabels(absurd, createRng(25))]
  expect(Math.abs(a.bias - b.bias)).toBeLessThan(2)
  expect(Math.abs(a.scatter / b.scatter - 1)).toBeLessThan(0.02)
})

test('the points of a figure are those that the comparison counts', () => {
  const set = stars(301, 30, 1, 40)
  const points = labelPoints(set)
  const found = compareLabels(set, createRng(27))
  expect(medianOf(points.map(point => point.predicted - point.label))).toBe(found.bias)
  expect(madSigma(points.map(point => point.z))).toBe(found.z.scatter)
})

test('median and scatter of a normal are its mean and standard deviation', () => {
  const rng = createRng(26)
  const values = Float64Array.from({ length: 20_000 }, () => 3 + 2 * rng.normal())
  // 3.3 standard errors of a median and of a median absolute deviation.
  expect(Math.abs(medianOf(values) - 3)).toBeLessThan(0.06)
  expect(Math.abs(madSigma(values) - 2)).toBeLessThan(0.055)
  expect(medianOf([4, 1, 3, 2])).toBe(2.5)
})

test('nothing to compare is refused', () => {
  expect(() => compareLabels([], createRng(1))).toThrow(RangeError)
  expect(() => compareLabels([{ samples: [], label: 1, labelErr: 0 }], createRng(1))).toThrow(RangeError)
  expect(() => compareLabels([{ samples: [1], label: 1, labelErr: -1 }], createRng(1))).toThrow(RangeError)
  expect(() => medianOf([])).toThrow(RangeError)
})
