import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { galaxySlot, galaxySlotCount } from '../../../models/simulators/galaxy/starSource.ts'
import {
  diskFraction,
  drawClass,
  drawRv,
  drawStarInto,
  isOfClass,
  kroupaMass,
  pilotPrior,
  YOUNG_LOG_AGE_YR,
} from '../../../models/simulators/prior.ts'
import { createStarTracks } from '../../../models/simulators/tracks/starTracks.ts'
import { lifePhases } from '../../../models/simulators/tracks/stellarLife.ts'
import { starClasses } from '../../../schemas/index.ts'

const tracks = createStarTracks()

function drawMany(name: (typeof starClasses)[number], count: number): Float64Array[] {
  const rng = createRng(31)
  return Array.from({ length: count }, (_, i) => {
    rng.seek(i)
    const star = new Float64Array(galaxySlotCount)
    while (!drawStarInto(starClasses.indexOf(name), rng, tracks, star));
    return star
  })
}

test('the class probabilities and the giants phases each sum to 1', () => {
  expect(pilotPrior.classes.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  expect(pilotPrior.giantPhases.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  expect(pilotPrior.classes).toHaveLength(starClasses.length)
  for (const weights of [pilotPrior.tracks, pilotPrior.atmospheres, pilotPrior.laws])
    expect(Object.values(weights).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
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
  for (const [c, name] of starClasses.entries())
    for (const [phase, phaseName] of lifePhases.entries())
      for (const logAge of [6, YOUNG_LOG_AGE_YR - 0.01, YOUNG_LOG_AGE_YR, 10]) {
        const isGiant = phaseName !== 'mainSequence' && phaseName !== 'preMainSequence'
        const expected = isGiant
          ? name === 'giant'
          : name.startsWith('young')
            ? logAge < YOUNG_LOG_AGE_YR
            : logAge >= YOUNG_LOG_AGE_YR && name !== 'giant'
        expect(isOfClass(c, phase, logAge), `${name} ${phaseName} ${logAge}`).toBe(expected)
      }
})

test('giants are drawn in the phases that giants have', () => {
  let found = 0
  for (const star of drawMany('giant', 400)) {
    const [age, mass, feh] = [star[galaxySlot.logAgeYr], star[galaxySlot.logMassMsun], star[galaxySlot.fehDex]]
    const family = 31 - Math.clz32(tracks.familiesAt(age, mass, feh))
    if (family < 0) continue
    found++
    const state = new Float64Array(3)
    expect(isOfClass(starClasses.indexOf('giant'), tracks.starInto(age, mass, feh, family, state), age)).toBe(true)
  }
  expect(found).toBeGreaterThan(390)
})

test('disks fade with age as stated: the share of disks among young stars of an age', () => {
  expect(diskFraction(Math.log10(4e6))).toBeCloseTo(0.9 / Math.E, 6)
  // Given the class, ages follow p(age) f(age): compare the median with quadrature over log age.
  const ages = drawMany('youngDisk', 4000)
    .map(star => star[galaxySlot.logAgeYr])
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
      expect(star[galaxySlot.avMag]).toBeGreaterThan(0)
      expect(star[galaxySlot.avMag]).toBeLessThanOrEqual(pilotPrior.maxAvMag)
      expect(star[galaxySlot.fehDex]).toBeGreaterThanOrEqual(pilotPrior.feh.min)
      expect(star[galaxySlot.fehDex]).toBeLessThanOrEqual(pilotPrior.feh.max)
      expect(star[galaxySlot.logMassMsun]).toBeGreaterThanOrEqual(-1)
      expect(star[galaxySlot.logMassMsun]).toBeLessThanOrEqual(Math.log10(pilotPrior.maxMassMsun))
      expect(star[galaxySlot.logAgeYr]).toBeLessThanOrEqual(pilotPrior.maxLogAgeYr)
    }
})

test('R_V keeps within its range, and only young stars lie behind grown dust', () => {
  const rng = createRng(32)
  const field = Array.from({ length: 4000 }, () => drawRv(false, rng))
  const young = Array.from({ length: 4000 }, () => drawRv(true, rng))
  const { mean, sigma, min, max, grownShare } = pilotPrior.rv
  for (const rv of [...field, ...young]) expect(rv >= min && rv <= max).toBe(true)
  // Beyond five sigma a normal of 4000 hardly reaches (chance 0.001); of the grown ones 68% lie there, 3.5 sigma of a binomial are 0.02.
  const far = (values: readonly number[]) => values.filter(rv => rv > mean + 5 * sigma).length / values.length
  expect(far(field)).toBe(0)
  expect(Math.abs(far(young) - (grownShare * (max - mean - 5 * sigma)) / (max - mean))).toBeLessThan(0.02)
})

test('no tenth of the mass range from 0.1 to 5 Msun is starved among young stars', () => {
  const bins = new Array<number>(10).fill(0)
  for (const star of drawMany('youngDiskless', 2000)) {
    const bin = Math.floor(((star[galaxySlot.logMassMsun] + 1) / (1 + Math.log10(5))) * 10)
    if (bin < 10) bins[bin]++
  }
  expect(Math.min(...bins)).toBeGreaterThan(40)
})
