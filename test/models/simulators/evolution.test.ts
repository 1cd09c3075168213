import { expect, test } from 'vitest'
import {
  createEvolution,
  phases,
  type StarState,
  type TrackFamily,
  trackFamilies,
} from '../../../models/simulators/evolution.ts'
import { loggDex, logRadiusRsun } from '../../../schemas/index.ts'

const evolution = createEvolution()
const star = (logAge: number, mass: number, feh = 0, family: TrackFamily = 'baraffePisa'): StarState => {
  const found = evolution.star(logAge, mass, feh, family)
  if (found === undefined) throw new Error(`no star of ${mass} Msun at ${logAge}`)
  return found
}

// Published isochrones of Baraffe et al. 2015 (age in Myr, mass, Teff in K, log L).
const published = [
  [0.5012, 1, 4397, 0.5],
  [1, 0.1, 2936, -1.17],
  [1, 0.5, 3802, -0.18],
  [1, 1, 4377, 0.28],
  [3, 0.3, 3404, -0.86],
  [10, 0.8, 4041, -0.57],
  [10, 1, 4363, -0.34],
  [100, 0.3, 3409, -1.87],
  [100, 1, 5541, -0.16],
] as const

test.each(published)('at %d Myr a star of %d Msun has the published BHAC15 state', (ageMyr, mass, teffK, logL) => {
  const { logTeffK, logLuminosityLsun } = star(6 + Math.log10(ageMyr), mass)
  expect(Math.abs(10 ** logTeffK / teffK - 1)).toBeLessThan(0.006)
  expect(Math.abs(logLuminosityLsun - logL)).toBeLessThan(0.025)
})

test('PARSEC 1.2S at 1 Msun and 1 Myr is 200 K hotter than BHAC15, as its table says', () => {
  // ysoisochrone's PARSEC matrix: 4583 K, 2.18 Lsun.
  const { logTeffK, logLuminosityLsun } = star(6, 1, 0, 'parsec')
  expect(10 ** logTeffK).toBeCloseTo(4583, -1.5)
  expect(10 ** logLuminosityLsun).toBeCloseTo(2.18, 1)
})

test.each(trackFamilies)('the Sun at 4.57 Gyr is within 120 K and 0.05 dex of the Sun in family %s', family => {
  const { logTeffK, logLuminosityLsun, phase } = star(Math.log10(4.57e9), 1, 0, family)
  expect(phase).toBe('mainSequence')
  expect(Math.abs(10 ** logTeffK - 5772)).toBeLessThan(120)
  expect(Math.abs(logLuminosityLsun)).toBeLessThan(0.05)
})

// Teff, log g, [Fe/H], mass of Gaia FGK benchmark giants on the branch (Heiter et al. 2015).
const benchmarks = [
  ['Arcturus', 4286, 1.6, -0.52, 1.03],
  ['beta Gem', 4858, 2.9, 0.13, 2.3],
  ['HD 220009', 4275, 1.47, -0.74, 0.97],
  ['alpha Tau', 3927, 1.11, -0.37, 0.96],
  ['mu Leo', 4474, 2.51, 0.25, 1.69],
] as const

test.each(benchmarks)('the giant branch passes within 0.02 dex of %s', (_, teffK, logg, feh, mass) => {
  let nearest = Number.POSITIVE_INFINITY
  let logTeff = 0
  for (let u = 0.001; u < 1; u += 0.004) {
    const state = star(evolution.logAgeAt(3, u, Math.log10(mass), feh), mass, feh)
    const distance = Math.abs(loggDex(Math.log10(mass), logRadiusRsun(state.logLuminosityLsun, state.logTeffK)) - logg)
    if (distance < nearest) {
      nearest = distance
      logTeff = state.logTeffK
    }
  }
  expect(nearest).toBeLessThan(0.05)
  expect(Math.abs(logTeff - Math.log10(teffK))).toBeLessThan(0.02)
})

test('along an isochrone of 4 Gyr the phases follow in order of mass, none mixed with another', () => {
  const seen: string[] = []
  for (let mass = 0.9; mass < 2; mass += 0.0001) {
    const state = evolution.star(9.6, mass, 0, 'parsec')
    const phase = state?.phase ?? 'gone'
    if (seen[seen.length - 1] !== phase) seen.push(phase)
    if (state === undefined) continue
    // Between dwarfs and giants lies the gap: no dwarf is larger than 3 Rsun, no branch star smaller than 2.
    const radius = 10 ** logRadiusRsun(state.logLuminosityLsun, state.logTeffK)
    if (phase === 'mainSequence') expect(radius).toBeLessThan(3)
    if (phase === 'giantBranch' || phase === 'coreHelium') expect(radius).toBeGreaterThan(2)
  }
  expect(seen).toEqual(['mainSequence', 'hertzsprungGap', 'giantBranch', 'coreHelium', 'asymptoticGiantBranch', 'gone'])
})

test.each(trackFamilies)('before the giant branch no star of family %s jumps in 0.01 dex of age', family => {
  for (const mass of [0.1, 0.2, 0.5, 1, 1.4, 3, 6])
    for (let age = 5.71; age < 10.1; age += 0.01) {
      const before = evolution.star(age - 0.01, mass, -0.1, family)
      const after = evolution.star(age, mass, -0.1, family)
      if (after === undefined || phases.indexOf(after.phase) > 1) break
      if (before === undefined) throw new Error(`a hole at ${age - 0.01} for ${mass}`)
      const where = `${mass} Msun at ${age}`
      expect(Math.abs(after.logTeffK - before.logTeffK), where).toBeLessThan(0.04)
      expect(Math.abs(after.logLuminosityLsun - before.logLuminosityLsun), where).toBeLessThan(0.2)
    }
})

test('a young star is before the main sequence and arrives there later the lighter it is', () => {
  const arrival = (mass: number) => {
    let age = 5.7
    while (star(age, mass).phase === 'preMainSequence') age += 0.01
    return age
  }
  expect(arrival(0.1)).toBeGreaterThan(arrival(0.3))
  expect(arrival(0.3)).toBeGreaterThan(arrival(1))
  expect(arrival(1)).toBeGreaterThan(arrival(3))
  // The Sun took about 40 Myr.
  expect(10 ** (arrival(1) - 6)).toBeGreaterThan(20)
  expect(10 ** (arrival(1) - 6)).toBeLessThan(60)
})

test('at one mass metal-poor dwarfs are hotter and brighter, metal-poor giants hotter', () => {
  expect(star(9, 0.8, -0.8).logTeffK).toBeGreaterThan(star(9, 0.8, 0).logTeffK)
  expect(star(9, 0.8, -0.8).logLuminosityLsun).toBeGreaterThan(star(9, 0.8, 0).logLuminosityLsun)
  const branch = (feh: number) => star(evolution.logAgeAt(3, 0.5, 0.1, feh), 10 ** 0.1, feh).logTeffK
  expect(branch(-0.8)).toBeGreaterThan(branch(-0.4))
  expect(branch(-0.4)).toBeGreaterThan(branch(0.2))
})

test('outside the tables there is no star', () => {
  for (const [age, mass, feh] of [
    [5.69, 1, 0],
    [10.2, 1, 0],
    [7, 0.09, 0],
    [7, 7.5, 0],
    [7, 1, -1.6],
    [7, 1, 0.4],
    [Number.NaN, 1, 0],
    [10.1, 3, 0],
  ])
    expect(evolution.star(age, mass, feh, 'parsec'), `${age} ${mass} ${feh}`).toBeUndefined()
})
