import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { starFamilies } from '../../../../models/simulators/tracks/starFamilies.ts'
import {
  createStarTracks,
  OLDEST_LOG_AGE_YR,
  type StarTrackState,
  YOUNGEST_LOG_AGE_YR,
} from '../../../../models/simulators/tracks/starTracks.ts'
import { lifePhases } from '../../../../models/simulators/tracks/stellarLife.ts'
import { packageFile } from '../../../../schemas/index.ts'

const tracks = createStarTracks()
const indexOf = (name: string) => starFamilies.findIndex(family => family.name === name)
const names = starFamilies.map(family => family.name)
const tabled = names.filter(name => name !== 'hurley2000')
const star = (logAge: number, mass: number, feh: number, name: string): StarTrackState => {
  const found = tracks.star(logAge, mass, feh, indexOf(name))
  if (found === undefined) throw new Error(`no star of ${mass} Msun at ${logAge} in ${name}`)
  return found
}

// Nodes next to 1 Msun and 1 Myr read from ysoisochrone's own matrices: mass, Teff (K), L (Lsun).
const nodes = [
  ['bhac15', 1, 4377.403, 1.936489],
  ['parsec12', 1.009816608871769, 4583.3, 2.180383],
  ['parsec20', 1.009816608871769, 4585.112, 2.182361],
  ['mist12', 0.999988283145337, 4469.598, 2.029108],
  ['siess2000', 1, 4281.107, 2.310819],
  ['pisa', 1.002374467254546, 4464.474, 2.686577],
  ['feiden', 1.009816608871769, 4534.008, 2.224315],
  ['spots000', 1, 4445.22, 2.142587],
  ['spots017', 1, 4348.538, 2.08578],
  ['spots034', 1, 4251.506, 2.031974],
  ['spots051', 1, 4150.329, 1.977023],
  ['spots085', 1, 3917.097, 1.848486],
] as const

test.each(nodes)('%s gives back its own node at 1 Myr', (name, mass, teffK, luminosity) => {
  const { logTeffK, logLuminosityLsun } = star(5.99897, mass, starFamilies[indexOf(name)].tableFehDex, name)
  expect(Math.abs(logTeffK - Math.log10(teffK))).toBeLessThan(6e-5)
  expect(Math.abs(logLuminosityLsun - Math.log10(luminosity))).toBeLessThan(3e-4)
})

test('families at 1 Msun and 1 Myr differ by 300 K and 0.14 dex, magnetic and spotted ones by more', () => {
  const plain = ['bhac15', 'parsec12', 'parsec20', 'mist12', 'siess2000', 'pisa', 'feiden', 'spots000']
  const states = plain.map(name => star(6, 1, starFamilies[indexOf(name)].tableFehDex, name))
  const teffs = states.map(state => 10 ** state.logTeffK)
  const luminosities = states.map(state => state.logLuminosityLsun)
  expect(Math.abs(Math.max(...teffs) - Math.min(...teffs) - 300)).toBeLessThan(20)
  expect(Math.abs(Math.max(...luminosities) - Math.min(...luminosities) - 0.14)).toBeLessThan(0.01)
  expect(10 ** star(6.05, 1, 0, 'feidenMagnetic').logTeffK).toBeLessThan(Math.min(...teffs) - 400)
  expect(10 ** star(6, 1, 0, 'spots034').logTeffK).toBeCloseTo(10 ** star(6, 1, 0, 'spots000').logTeffK - 194, -1)
})

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
] as const

test.each(published)('at %d Myr a star of %d Msun has the published BHAC15 state', (ageMyr, mass, teffK, logL) => {
  const { logTeffK, logLuminosityLsun } = star(6 + Math.log10(ageMyr), mass, 0, 'bhac15')
  expect(Math.abs(10 ** logTeffK / teffK - 1)).toBeLessThan(0.006)
  expect(Math.abs(logLuminosityLsun - logL)).toBeLessThan(0.025)
})

test.each(['bhac15', 'parsec12', 'parsec20', 'siess2000', 'pisa', 'feiden', 'spots000'])('%s has the Sun', name => {
  const sun = star(Math.log10(4.57e9), 1, 0, name)
  expect(sun.phase).toBe('mainSequence')
  expect(10 ** sun.logTeffK).toBeCloseTo(5772, 1)
  expect(sun.logLuminosityLsun).toBeCloseTo(0, 4)
  expect(sun.loggDex).toBeCloseTo(4.438, 2)
})

test.each(tabled)('stars of %s contract along the Hayashi track', name => {
  for (const mass of [0.3, 0.5, 0.8, 1]) {
    let before = Number.POSITIVE_INFINITY
    for (let age = 6.05; age < 6.9; age += 0.02) {
      const { logRadiusRsun: radius } = star(age, mass, 0, name)
      expect(radius, `${mass} Msun at ${age}`).toBeLessThan(before)
      before = radius
    }
  }
})

test.each(names)('up to the end of the main sequence no star of %s jumps, in age or in mass', name => {
  const family = indexOf(name)
  const { minMassMsun, maxMassMsun } = starFamilies[family]
  const low = Math.log10(minMassMsun)
  const high = Math.log10(maxMassMsun)
  const out = new Float64Array(3)
  type Ask = (x: number) => number
  const readAt = (ask: Ask, x: number) => {
    const phase = ask(x)
    return phase === 0 || phase === 1 ? [out[0], out[1]] : undefined
  }
  // A steep piece grows flat under the magnifying glass, a jump does not.
  const jump = (ask: Ask, from: number, to: number): number => {
    const first = readAt(ask, from)
    const last = readAt(ask, to)
    if (first === undefined || last === undefined) return 0
    const size = Math.max(2 * Math.abs(last[0] - first[0]), Math.abs(last[1] - first[1]))
    if (size < 0.01 || to - from < 1e-7) return size < 0.01 ? 0 : size
    const middle = (from + to) / 2
    return Math.max(jump(ask, from, middle), jump(ask, middle, to))
  }
  for (const feh of [-1.1, 0, 0.2]) {
    for (let mass = low; mass <= high; mass += 0.037)
      for (let age = 5.7; age < 10.1; age += 0.02)
        expect(
          jump(x => tracks.starInto(x, mass, feh, family, out), age, age + 0.02),
          `${mass} ${age}`,
        ).toBe(0)
    for (let age = 5.7; age < 10.1; age += 0.11)
      for (let mass = low; mass < high; mass += 0.01)
        expect(
          jump(x => tracks.starInto(age, x, feh, family, out), mass, mass + 0.01),
          `${mass} ${age}`,
        ).toBe(0)
  }
})

test('a star changes phase without a jump, but for the flash', () => {
  for (const mass of [1.1, 1.5, 2, 3, 5, 7])
    for (const phase of [2, 3, 5, 6]) {
      const name = mass < 6.5 ? 'pisa' : 'hurley2000'
      const at = tracks.logAgeAt(phase, 0, Math.log10(mass), 0)
      if (at < 0 || (mass < 2.5 && phase === 4)) continue
      const before = star(at - 1e-9, mass, 0, name)
      const after = star(at + 1e-9, mass, 0, name)
      const where = `${mass} Msun into ${lifePhases[phase]}`
      expect(lifePhases.indexOf(after.phase), where).toBe(lifePhases.indexOf(before.phase) + 1)
      expect(Math.abs(after.logTeffK - before.logTeffK), where).toBeLessThan(0.025)
      expect(Math.abs(after.logLuminosityLsun - before.logLuminosityLsun), where).toBeLessThan(0.08)
    }
})

test('no dwarf is mixed with a giant: along 4 Gyr the phases follow in order of mass', () => {
  const seen: string[] = []
  for (let mass = 0.9; mass < 2; mass += 0.0001) {
    const state = tracks.star(9.6, mass, 0, indexOf('pisa'))
    const phase = state?.phase ?? 'gone'
    if (seen[seen.length - 1] !== phase) seen.push(phase)
    if (state === undefined) continue
    if (phase === 'mainSequence') expect(state.logRadiusRsun).toBeLessThan(0.48)
    if (phase === 'giantBranch' || phase === 'coreHelium') expect(state.logRadiusRsun).toBeGreaterThan(0.3)
    if (phase === 'thermallyPulsing') expect(state.logRadiusRsun).toBeGreaterThan(2)
  }
  const order = lifePhases.slice(1).map(String)
  expect(seen.filter(phase => phase !== 'gone')).toEqual(order.filter(phase => seen.includes(phase)))
  expect(seen.slice(0, 5)).toEqual(order.slice(0, 5))
  expect(seen[seen.length - 1]).toBe('gone')
})

// Teff, log g, [Fe/H], mass of Gaia FGK benchmark giants on the branch (Heiter et al. 2015).
const benchmarks = [
  ['Arcturus', 4286, 1.6, -0.52, 1.03],
  ['beta Gem', 4858, 2.9, 0.13, 2.3],
  ['HD 220009', 4275, 1.47, -0.74, 0.97],
  ['alpha Tau', 3927, 1.11, -0.37, 0.96],
  ['mu Leo', 4474, 2.51, 0.2, 1.69],
] as const

test.each(benchmarks)('the giant branch passes within 0.025 dex of %s', (_, teffK, logg, feh, mass) => {
  let nearest = Number.POSITIVE_INFINITY
  let logTeff = 0
  for (let u = 0.001; u < 1; u += 0.004) {
    const age = Math.min(tracks.logAgeAt(3, u, Math.log10(mass), feh), OLDEST_LOG_AGE_YR)
    const state = star(age, mass, feh, 'pisa')
    const distance = Math.abs(state.loggDex - logg)
    if (distance < nearest) {
      nearest = distance
      logTeff = state.logTeffK
    }
  }
  expect(nearest).toBeLessThan(0.05)
  expect(Math.abs(logTeff - Math.log10(teffK))).toBeLessThan(0.025)
})

test('the red clump is where it is seen, and the thermal pulses are luminous, cool and short', () => {
  // Girardi 2016: log L 1.6 to 1.9, 4500 to 5000 K at the Sun's abundance.
  for (const mass of [1.1, 1.3, 1.6]) {
    const clump = star(tracks.logAgeAt(4, 0.5, Math.log10(mass), 0), mass, 0, 'pisa')
    expect(clump.phase).toBe('coreHelium')
    expect(Math.abs(clump.logLuminosityLsun - 1.75)).toBeLessThan(0.15)
    expect(Math.abs(10 ** clump.logTeffK - 4750)).toBeLessThan(250)
  }
  for (const mass of [1.5, 2, 3]) {
    const begin = 10 ** tracks.logAgeAt(6, 0, Math.log10(mass), 0)
    const end = 10 ** tracks.logAgeAt(6, 1, Math.log10(mass), 0)
    expect(end - begin).toBeGreaterThan(3e5)
    expect(end - begin).toBeLessThan(4e6)
    const late = star(tracks.logAgeAt(6, 0.9, Math.log10(mass), 0), mass, 0, 'pisa')
    expect(late.logLuminosityLsun).toBeGreaterThan(3.6)
    expect(late.logTeffK).toBeLessThan(3.52)
    expect(late.logMassMsun).toBeLessThan(Math.log10(mass) - 0.05)
  }
})

test('hot young stars are in the hurley2000 family alone, up to 40 Msun', () => {
  for (const mass of [8, 15, 25, 40])
    expect(tracks.familiesAt(6.2, Math.log10(mass), 0)).toBe(1 << indexOf('hurley2000'))
  expect(10 ** star(6.2, 20, 0, 'hurley2000').logTeffK).toBeGreaterThan(30_000)
})

test('a family that does not reach a star is left out of those to draw from', () => {
  const bits = tracks.familiesAt(6.5, Math.log10(2), 0)
  for (const name of names)
    expect((bits >> indexOf(name)) & 1, name).toBe(
      ['parsec12', 'parsec20', 'mist12', 'siess2000', 'pisa', 'feiden'].includes(name) ? 1 : 0,
    )
  // Spots and fields belong to youth.
  expect((tracks.familiesAt(9, 0, 0) >> indexOf('spots034')) & 1).toBe(0)
})

test('outside there is no star', () => {
  for (const [age, mass, feh, family] of [
    [5.69, 1, 0, 0],
    [10.2, 1, 0, 0],
    [7, 0.09, 0, 0],
    [7, 1.5, 0, 0],
    [7, 1, -2.3, 0],
    [7, 1, 0.3, 0],
    [Number.NaN, 1, 0, 0],
    [7, Number.NaN, 0, 0],
    [7, -1, 0, 0],
    [7, 1, Number.NaN, 0],
    [10.1, 3, 0, 1],
    [7, 41, 0, 13],
    [7, 1, 0, 14],
    [7, 1, 0, -1],
    [9, 0.3, 0, indexOf('mist12')],
  ])
    expect(tracks.star(age, mass, feh, family), `${age} ${mass} ${feh} ${family}`).toBeUndefined()
  expect(tracks.logAgeAt(3, 0.5, 0, 1)).toBe(-1)
  expect(tracks.logAgeAt(7, 0.5, 0, 0)).toBe(-1)
  expect(tracks.logAgeAt(3, Number.NaN, 0, 0)).toBe(-1)
})

test('anywhere in the box a star is whole or undefined, and it keeps within what stars are', () => {
  const rng = createRng(11, 0xe0)
  const out = new Float64Array(3)
  let found = 0
  for (let i = 0; i < 300_000; i++) {
    const age = 5.6 + 4.6 * rng.uniform()
    const mass = -1.05 + 2.7 * rng.uniform()
    const phase = tracks.starInto(age, mass, -2.3 + 2.6 * rng.uniform(), rng.integer(starFamilies.length), out)
    if (phase < 0) continue
    found++
    const isStar =
      age >= YOUNGEST_LOG_AGE_YR &&
      phase < lifePhases.length &&
      out[0] > 3.3 &&
      out[0] < 4.9 &&
      out[1] > -3.6 &&
      out[1] < 6.1 &&
      out[2] <= mass + 1e-6 &&
      out[2] > mass - 0.9
    if (!isStar) throw new Error(`${age} ${mass} phase ${phase}: ${out}`)
  }
  expect(found).toBeGreaterThan(20_000)
})

const shared = packageFile('..', 'shared', 'data', 'evolution')
const hasShared = existsSync(shared)
if (!hasShared) console.error('birthline: ../shared/data is not here, so tracks are not compared with its tables')

function readColumns(file: string): { [column: string]: number }[] {
  const [head, ...lines] = readFileSync(`${shared}/${file}`, 'utf8').trim().split('\n')
  const columns = head.split(',')
  return lines.map(line => {
    const cells = line.split(',')
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] === '' ? Number.NaN : Number(cells[i])]))
  })
}

test('BHAC15 follows its published isochrones to 500 Myr', () => {
  if (!hasShared) return
  let compared = 0
  for (const { age_gyr: age, mass, teff, log_l: logL } of readColumns('bhac15_isochrones_2mass.csv')) {
    const state = tracks.star(9 + Math.log10(age), mass, 0, indexOf('bhac15'))
    // The published main sequence is moved to the Sun between 0.6 and 1.6 Msun.
    if (state === undefined || (state.phase !== 'preMainSequence' && mass > 0.6) || age > 0.5) continue
    compared++
    expect(Math.abs(state.logTeffK - Math.log10(teff)), `${age} Gyr ${mass}`).toBeLessThan(0.008)
    expect(Math.abs(state.logLuminosityLsun - logL), `${age} Gyr ${mass}`).toBeLessThan(0.04)
  }
  expect(compared).toBeGreaterThan(250)
})

test('dwarfs keep near the mean sequence of Pecaut and Mamajek', () => {
  if (!hasShared) return
  let compared = 0
  for (const { Msun: mass, logT, logL } of readColumns('mamajek_dwarf_sequence_20220416.csv')) {
    if (!(mass >= 0.2 && mass <= 5)) continue
    const age = Math.min(9.5, 9.3 - 2.5 * Math.log10(mass))
    for (const name of tabled) {
      const state = tracks.star(age, mass, 0, indexOf(name))
      if (state?.phase !== 'mainSequence') continue
      compared++
      expect(Math.abs(state.logTeffK - logT), `${name} ${mass}`).toBeLessThan(0.055)
      expect(Math.abs(state.logLuminosityLsun - logL), `${name} ${mass}`).toBeLessThan(0.3)
    }
  }
  expect(compared).toBeGreaterThan(200)
})
