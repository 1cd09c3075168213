import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import {
  createSurveyDraw,
  dropPatterns,
  type MissingMode,
  medianError,
  noiseCurves,
  observeInto,
  surveyLimits,
} from '../../../models/simulators/surveySelection.ts'
import { modelObservables } from '../../../models/tokens/layout.ts'

const FIELD = 2
const index = (name: (typeof modelObservables)[number]) => modelObservables.indexOf(name)

/** A solar-type star: parallax and ten magnitudes for a given G. */
function solarStar(gMag: number, parallaxMas: number): Float64Array {
  return Float64Array.from([
    parallaxMas,
    ...[0, 0.33, -0.5, -1.0, -1.35, -1.4, -1.42, -1.4, -1.42, -1.4].map(c => gMag + c),
  ])
}

function observeMany(gMag: number, count: number, mode: MissingMode, isYoung = false, classIndex = FIELD) {
  const rng = createRng(41)
  const out = createSurveyDraw()
  const truths = solarStar(gMag, 2)
  const stars: { present: number[]; values: number[]; errors: number[]; spurious: number[] }[] = []
  for (let i = 0; i < count; i++) {
    rng.seek(i)
    if (!observeInto(truths, isYoung, classIndex, mode, rng, out)) continue
    stars.push({
      present: [...out.present],
      values: [...out.values],
      errors: [...out.errors],
      spurious: [...out.spurious],
    })
  }
  return { truths, stars }
}

const share = (stars: readonly { readonly present: readonly number[] }[], name: (typeof modelObservables)[number]) =>
  stars.filter(s => s.present[index(name)] === 1).length / stars.length

test('there is one noise curve per observable, and patterns sum to 1', () => {
  expect(noiseCurves).toHaveLength(modelObservables.length)
  expect(dropPatterns.reduce((sum, p) => sum + p.share, 0)).toBeCloseTo(1, 12)
})

// Published medians: Lindegren+ 2021 table 4 (parallax 0.02-0.03 at G 9-14, 0.07 at 17, 0.5 at 20), Skrutskie+ 2006
// (2MASS signal-to-noise 10 at J 15.8, H 15.1, Ks 14.3), AllWISE (signal-to-noise 5 at W1 16.8-17.2, W2 15.7-16.2, W3 11.3-11.8, W4 7.7-8.3).
test.each([
  ['parallaxMas', 14, 0.022, 1.4],
  ['parallaxMas', 17, 0.07, 1.6],
  ['parallaxMas', 20, 0.5, 1.4],
  ['jMag', 15.8, 0.1, 1.7],
  ['hMag', 15.1, 0.1, 1.7],
  ['ksMag', 14.3, 0.1, 1.8],
  ['w1Mag', 17, 0.2, 2],
  ['w2Mag', 16, 0.2, 1.6],
  ['w3Mag', 11.5, 0.2, 1.6],
  ['w4Mag', 8, 0.2, 1.7],
] as const)('the median error of %s at magnitude %d is %d within a factor %d', (name, mag, error, factor) => {
  const got = medianError(index(name), mag)
  expect(got).toBeLessThan(error * factor)
  expect(got).toBeGreaterThan(error / factor)
})

test('beyond its bright end every error grows with magnitude', () => {
  for (let k = 0; k < modelObservables.length; k++) {
    let before = medianError(k, 13.5)
    for (let mag = 14; mag < 22; mag += 0.25) {
      const after = medianError(k, mag)
      expect(after).toBeGreaterThanOrEqual(before)
      before = after
    }
  }
})

const ordinary = observeMany(13, 20_000, 'natural')

// chi2 of n residuals, mean 1: bound 4.5 standard errors, sqrt(2 / n) each; false-alarm rate below 1e-5 per band.
test.each(modelObservables)('noise of %s is the reported error and the stated floor in quadrature', name => {
  const { truths, stars } = ordinary
  const k = index(name)
  const spread = surveyLimits.variabilityMag[FIELD]
  const isLong = name === 'w3Mag' || name === 'w4Mag'
  const seen = stars.filter(s => s.present[k] === 1 && s.spurious[k] === 0)
  // Only stars not cut by their own noise can be judged: the long bands of a faint star are not.
  if (isLong && share(stars, name) < 0.95) {
    expect(seen.length).toBeLessThan(stars.length * 0.95)
    return
  }
  const epoch = k >= 4 ? spread : 0
  const chi2 = seen.reduce((sum, s) => {
    const variance = s.errors[k] ** 2 + noiseCurves[k].floor ** 2 + epoch ** 2
    return sum + (s.values[k] - truths[k]) ** 2 / variance
  }, 0)
  expect(Math.abs(chi2 / seen.length - 1)).toBeLessThan(4.5 * Math.sqrt(2 / seen.length))
})

test('an absent observable is zero with zero error, a present one has a positive error', () => {
  for (const mode of ['natural', 'mixed'] as const)
    for (const { present, values, errors } of observeMany(17, 3000, mode).stars)
      expect(present.every((p, k) => (p ? errors[k] > 0 : values[k] === 0 && errors[k] === 0))).toBe(true)
})

test('what surveys see fades in the order of their depth', () => {
  const at = (g: number) => observeMany(g, 3000, 'natural').stars
  const bright = at(10)
  for (const name of modelObservables.slice(0, 9)) expect(share(bright, name)).toBeGreaterThan(0.85)
  const faint = at(16)
  expect(share(faint, 'w4Mag')).toBeLessThan(0.05)
  expect(share(faint, 'w3Mag')).toBeLessThan(0.1)
  expect(share(faint, 'w1Mag')).toBeGreaterThan(0.85)
  expect(share(faint, 'jMag')).toBeGreaterThan(0.9)
  const fainter = at(19)
  expect(share(fainter, 'gMag')).toBe(1)
  expect(share(fainter, 'ksMag')).toBeLessThan(0.05)
  expect(at(21.5).filter(s => s.present[index('gMag')] === 1)).toHaveLength(0)
})

test('spurious W3 and W4 occur where the star is too faint, more often near young stars', () => {
  const rate = (isYoung: boolean) => {
    const { stars } = observeMany(16, 6000, 'natural', isYoung, isYoung ? 1 : FIELD)
    return stars.filter(s => s.spurious[index('w3Mag')] === 1).length / stars.length
  }
  expect(rate(false)).toBeGreaterThan(0.02)
  expect(rate(false)).toBeLessThan(0.05)
  expect(rate(true)).toBeGreaterThan(2 * rate(false))
})

test('BP of faint red stars is measured too bright, of bright ones not', () => {
  const bias = (gMag: number) => {
    const { truths, stars } = observeMany(gMag, 2000, 'natural')
    const seen = stars.filter(s => s.present[index('bpMag')] === 1)
    return seen.reduce((sum, s) => sum + s.values[index('bpMag')] - truths[index('bpMag')], 0) / seen.length
  }
  // Ten percent of the mean noise of the 2000 stars bounds the bright case.
  expect(Math.abs(bias(15))).toBeLessThan(0.005)
  expect(bias(20.3)).toBeLessThan(-0.15)
})

test('no parallax or WISE entry exists without its own survey', () => {
  for (const { present } of observeMany(18, 4000, 'natural').stars) {
    if (present[0] || present[2] || present[3]) expect(present[1]).toBe(1)
    if (present[9] || present[10]) expect(present[7] || present[8]).toBe(1)
  }
})

test('every subset common in streams is met in training', () => {
  const { stars } = observeMany(11, 20_000, 'mixed')
  const names = new Map<string, number>()
  for (const { present } of stars) {
    const key = [present[1] ? 'G' : '', present[4] ? 'M' : '', present[7] ? 'W' : ''].join('')
    names.set(key, (names.get(key) ?? 0) + 1 / stars.length)
  }
  for (const key of ['GMW', 'G', 'GM', 'GW', 'MW', 'M']) expect(names.get(key) ?? 0, key).toBeGreaterThan(0.015)
})

test('without missing data only complete stars pass', () => {
  const { stars } = observeMany(8, 2000, 'none')
  expect(stars.length).toBeGreaterThan(1000)
  for (const star of stars) {
    expect(star.present.every(p => p === 1)).toBe(true)
    expect(star.spurious.every(p => p === 0)).toBe(true)
  }
})
