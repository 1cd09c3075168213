import { expect, test } from 'vitest'
import { misjudgeErrors, rebirthIn, simulatedWorld, skyWorld } from '../../../models/adaptation/worlds.ts'
import { galaxySlot, galaxySlotCount } from '../../../models/simulators/galaxy/starSource.ts'
import { evolutionFamilies } from '../../../models/simulators/recipeNames.ts'
import type { Simulation } from '../../../models/simulators/simulator.ts'
import { createStarTracks } from '../../../models/simulators/tracks/starTracks.ts'

const [parsec, magnetic] = ['parsec12', 'feidenMagnetic'].map(name => evolutionFamilies.indexOf(name))

test('the worlds differ in all but the prior', () => {
  const [own, sky] = [simulatedWorld.recipe, skyWorld.recipe]
  expect(sky.components).toEqual(own.components)
  for (const key of ['tracks', 'atmospheres', 'extinction'] as const) expect(sky[key]).not.toEqual(own[key])
  expect([simulatedWorld.errorRatio, skyWorld.errorRatio]).toEqual([1, 1.5])
})

test('a star is as hot in the other world, by another mass', () => {
  const tracks = createStarTracks()
  const state = new Float64Array(3)
  const rebirth = rebirthIn(magnetic, [parsec, magnetic], parsec)
  const star = new Float64Array(galaxySlotCount)
  for (const [logAge, mass] of [
    [6.5, 0.5],
    [7.2, 0.8],
    [7.6, 0.3],
  ]) {
    star[galaxySlot.logAgeYr] = logAge
    star[galaxySlot.logMassMsun] = Math.log10(mass)
    tracks.starInto(logAge, Math.log10(mass), 0, parsec, state)
    const wanted = state[0]
    rebirth(star)
    const found = star[galaxySlot.logMassMsun]
    expect(Math.abs(found - Math.log10(mass))).toBeGreaterThan(0.01)
    tracks.starInto(logAge, found, 0, magnetic, state)
    expect(state[0]).toBeCloseTo(wanted, 6)
  }
})

test('a star that one world lacks is drawn in none', () => {
  const star = new Float64Array(galaxySlotCount)
  for (const [logAge, mass] of [
    [7, 2],
    [8.5, 0.5],
    [7, 0.05],
  ]) {
    star[galaxySlot.logAgeYr] = logAge
    star[galaxySlot.logMassMsun] = Math.log10(mass)
    rebirthIn(parsec, [parsec, magnetic], parsec)(star)
    expect(star[galaxySlot.logMassMsun]).toBe(Number.POSITIVE_INFINITY)
  }
})

test('errors that are larger than stated, by as much as is said', () => {
  const count = 20_000
  const none = new Map<string, Float32Array>()
  const simulation = (): Simulation => ({
    ...{ count, parameters: none, derived: none, nuisances: none, truths: none, classIndex: new Uint8Array(count) },
    observables: new Map([['gMag', new Float32Array(count)]]),
    errors: new Map([['gMag', new Float32Array(count).fill(0.03)]]),
    presence: new Map([['gMag', new Uint8Array(count).fill(1, 1)]]),
    lists: new Map([
      ['bpCoefficients', { values: new Float32Array(2 * count), presence: new Uint8Array(count).fill(1) }],
      ['bpCoefficientErrors', { values: new Float32Array(2 * count).fill(2), presence: new Uint8Array(count).fill(1) }],
    ]),
  })
  const widthOf = (values: Float32Array) =>
    Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
  const moved = simulation()
  misjudgeErrors(moved, 1.5, new Map([['gMag', 0.04]]), { seed: 1, first: 0 })
  const mags = moved.observables.get('gMag') ?? new Float32Array(0)
  // 0.03 and a floor of 0.04 are 0.05; what is added makes 1.5 times that of an error of once.
  expect(widthOf(mags) / (0.05 * Math.sqrt(1.25))).toBeCloseTo(1, 1)
  expect(mags[0]).toBe(0)
  expect(widthOf(moved.lists?.get('bpCoefficients')?.values ?? mags) / (2 * Math.sqrt(1.25))).toBeCloseTo(1, 1)
  const same = simulation()
  misjudgeErrors(same, 1, new Map(), { seed: 1, first: 0 })
  expect(same.observables.get('gMag')?.every(value => value === 0)).toBe(true)
  expect(() => misjudgeErrors(same, 0.9, new Map(), { seed: 1, first: 0 })).toThrow(RangeError)
})
