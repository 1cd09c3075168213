import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { createEvolution, phases } from '../../../models/simulators/evolution.ts'
import {
  diskFraction,
  drawClass,
  drawStar,
  kroupaMass,
  pilotPrior,
  slot,
  slotCount,
  YOUNG_LOG_AGE_YR,
} from '../../../models/simulators/prior.ts'
import { starClasses } from '../../../schemas/index.ts'

const evolution = createEvolution()

function drawMany(name: (typeof starClasses)[number], count: number): Float64Array[] {
  const rng = createRng(31)
  return Array.from({ length: count }, (_, i) => {
    rng.seek(i)
    const star = new Float64Array(slotCount)
    drawStar(starClasses.indexOf(name), rng, evolution, star)
    return star
  })
}

test('the class probabilities and the giants phases each sum to 1', () => {
  expect(pilotPrior.classes.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  expect(pilotPrior.giantPhases.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  expect(pilotPrior.classes).toHaveLength(starClasses.length)
})

// Binomial bound of 4.5 sigma on each class: false-alarm rate below 3e-5.
test('drawn classes have the stated probabilities', () => {
  const rng = createRng(30)
  const n = 100_000
  const counts = new Array<number>(starClasses.length).fill(0)
  for (let i = 0; i < n; i++) counts[drawClass(rng)]++
  pilotPrior.classes.forEach((p, c) => {
    expect(Math.abs(counts[c] / n - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / n))
  })
})

test('the mass function has slopes 1.3 and 2.3 with the break at 0.5 Msun', () => {
  // The quantile at u is checked against the cumulative sum of the density on a fine grid.
  const density = (m: number) => (m < 0.5 ? m ** -1.3 : 0.5 * m ** -2.3)
  const nodes = Array.from({ length: 200_001 }, (_, i) => 0.1 * 70 ** (i / 200_000))
  const cumulative = new Float64Array(nodes.length)
  for (let i = 1; i < nodes.length; i++)
    cumulative[i] = cumulative[i - 1] + ((density(nodes[i]) + density(nodes[i - 1])) / 2) * (nodes[i] - nodes[i - 1])
  const total = cumulative[nodes.length - 1]
  for (const u of [0.01, 0.3, 0.6, 0.85, 0.99]) {
    const i = cumulative.findIndex(c => c >= u * total)
    expect(kroupaMass(u, 0.1, 7) / nodes[i]).toBeCloseTo(1, 4)
  }
})

test('classes follow from age and phase as defined', () => {
  for (const name of starClasses)
    for (const star of drawMany(name, 400)) {
      const isGiant = phases[star[slot.phase]] !== 'mainSequence' && phases[star[slot.phase]] !== 'preMainSequence'
      expect(isGiant).toBe(name === 'giant')
      if (!isGiant) expect(star[slot.logAgeYr] < YOUNG_LOG_AGE_YR).toBe(name.startsWith('young'))
    }
})

test('disks fade with age as stated: the share of disks among young stars of an age', () => {
  expect(diskFraction(Math.log10(4e6))).toBeCloseTo(0.9 / Math.E, 6)
  // Given the class, ages follow p(age) f(age): compare the median with quadrature over log age.
  const ages = drawMany('youngDisk', 4000)
    .map(star => star[slot.logAgeYr])
    .sort((a, b) => a - b)
  const grid = Array.from({ length: 2301 }, (_, i) => 5.7 + i * 0.001)
  const weights = grid.map(diskFraction)
  const half = weights.reduce((a, b) => a + b, 0) / 2
  let sum = 0
  const median = grid.find((_, i) => {
    sum += weights[i]
    return sum >= half
  })
  // The standard error of the median is 0.012 dex here: 4.5 of them.
  expect(Math.abs(ages[2000] - (median ?? 0))).toBeLessThan(0.055)
})

test('every drawn number stays inside its stated range', () => {
  for (const name of starClasses)
    for (const star of drawMany(name, 500)) {
      expect(star[slot.avMag]).toBeGreaterThan(0)
      expect(star[slot.avMag]).toBeLessThanOrEqual(pilotPrior.maxAvMag)
      expect(star[slot.rv]).toBeGreaterThanOrEqual(pilotPrior.rv.min)
      expect(star[slot.rv]).toBeLessThanOrEqual(pilotPrior.rv.max)
      expect(star[slot.fehDex]).toBeGreaterThanOrEqual(pilotPrior.feh.min)
      expect(star[slot.fehDex]).toBeLessThanOrEqual(pilotPrior.feh.max)
      expect(star[slot.logMassMsun]).toBeGreaterThanOrEqual(-1)
      expect(star[slot.logMassMsun]).toBeLessThanOrEqual(Math.log10(7))
      expect(star[slot.logAgeYr]).toBeLessThanOrEqual(pilotPrior.maxLogAgeYr)
    }
})

test('no tenth of the mass range from 0.1 to 5 Msun is starved among young stars', () => {
  const bins = new Array<number>(10).fill(0)
  for (const star of drawMany('youngDiskless', 2000)) {
    const bin = Math.floor(((star[slot.logMassMsun] + 1) / (1 + Math.log10(5))) * 10)
    if (bin < 10) bins[bin]++
  }
  expect(Math.min(...bins)).toBeGreaterThan(40)
})
