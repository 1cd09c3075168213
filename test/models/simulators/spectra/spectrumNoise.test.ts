import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { createSpectrograph } from '../../../../models/simulators/spectra/spectrograph.ts'
import { spectrographs } from '../../../../models/simulators/spectra/spectrographFacts.ts'
import { createSpectrumNoise } from '../../../../models/simulators/spectra/spectrumNoise.ts'

const { angstrom } = createSpectrograph('boss')
/** Neither calibration errors nor residuals: noise alone. */
const quiet = createSpectrumNoise({ ...spectrographs.boss, calibrationLn: 0, skyResidualShare: 0 }, angstrom)
const noise = createSpectrumNoise(spectrographs.boss, angstrom)
const flux = angstrom.map(one => 100 + (one - 3600) / 100)
const night = { signalToNoise: 20, skyRatio: 1, errorRatio: 1 }
const medianOf = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]

test('noise is normal with the stated errors, and the signal over noise is what was asked for', () => {
  const rng = createRng(5)
  const pulls: number[] = []
  const ratios: number[] = []
  for (let star = 0; star < 40; star++) {
    rng.seek(star)
    const { fluxes, ivars } = quiet.observe(flux, night, rng) ?? { fluxes: [], ivars: [] }
    for (let p = 0; p < fluxes.length; p++) {
      if (ivars[p] === 0) continue
      pulls.push((fluxes[p] - flux[p]) * Math.sqrt(ivars[p]))
      if (angstrom[p] > 5600 && angstrom[p] < 6800) ratios.push(flux[p] * Math.sqrt(ivars[p]))
    }
  }
  const n = pulls.length
  expect(n).toBeGreaterThan(180_000)
  // Mean and variance within five standard errors.
  expect(Math.abs(pulls.reduce((sum, pull) => sum + pull, 0) / n)).toBeLessThan(5 / Math.sqrt(n))
  const variance = pulls.reduce((sum, pull) => sum + pull ** 2, 0) / n
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
  expect(Math.abs(medianOf(ratios) / 20 - 1)).toBeLessThan(0.03)
})

test('errors that are understated leave the same noise', () => {
  const stated = (errorRatio: number) => {
    const observed = quiet.observe(flux, { ...night, errorRatio }, createRng(5))
    return { fluxes: [...(observed?.fluxes ?? [])], ivars: [...(observed?.ivars ?? [])] }
  }
  const [honest, understated] = [stated(1), stated(0.5)]
  expect(understated.fluxes).toEqual(honest.fluxes)
  honest.ivars.forEach((ivar, p) => {
    expect(understated.ivars[p]).toBeCloseTo(4 * ivar, 4)
  })
})

test('pixels on bright lines of the sky are noisier and have their bit; dead pixels say nothing', () => {
  const rng = createRng(8)
  let dead = 0
  for (let star = 0; star < 30; star++) {
    rng.seek(star)
    const observed = noise.observe(flux, night, rng)
    if (observed === undefined) throw new Error('no spectrum')
    const { fluxes, ivars, masks } = observed
    const green = angstrom.findIndex(one => one > 5578.9)
    if (ivars[green] > 0) {
      expect(masks[green] & (1 << 23)).not.toBe(0)
      expect(ivars[green]).toBeLessThan(ivars[green - 60] / 10)
    }
    const pixels = Array.from(fluxes, (flux, p) => ({ flux, ivar: ivars[p], isMasked: (masks[p] & (1 << 24)) !== 0 }))
    expect(pixels.every(({ flux, ivar }) => Number.isFinite(flux) && Number.isFinite(ivar) && ivar >= 0)).toBe(true)
    expect(pixels.every(({ ivar, isMasked }) => (ivar === 0) === isMasked)).toBe(true)
    const silent = pixels.filter(({ ivar }) => ivar === 0)
    expect(silent.every(({ flux }) => flux === 0)).toBe(true)
    dead += silent.length
    // Four real files have 79 to 281 such pixels.
    const bright = masks.filter(bits => (bits & (1 << 23)) !== 0).length
    expect(bright).toBeGreaterThan(60)
    expect(bright).toBeLessThan(400)
  }
  expect(dead).toBeGreaterThan(30)
  expect(dead).toBeLessThan(30 * 12)
})

test('the calibration is off by a smooth factor of the documented size', () => {
  const rng = createRng(11)
  const plain = createSpectrumNoise({ ...spectrographs.boss, skyResidualShare: 0 }, angstrom)
  const deviations: number[] = []
  let steepest = 0
  for (let star = 0; star < 300; star++) {
    rng.seek(star)
    const observed = plain.observe(flux, { ...night, signalToNoise: 1e6, skyRatio: 0 }, rng)
    if (observed === undefined) throw new Error('no spectrum')
    const ln = Array.from(observed.fluxes, (value, p) => (observed.ivars[p] > 0 ? Math.log(value / flux[p]) : 0))
    const good = Array.from(observed.ivars, ivar => ivar > 0)
    for (let p = 1; p < ln.length; p++) {
      if (good[p] && good[p - 1]) steepest = Math.max(steepest, Math.abs(ln[p] - ln[p - 1]))
    }
    const known = ln.filter((_, p) => good[p])
    deviations.push(known.reduce((sum, value) => sum + value ** 2, 0) / known.length)
  }
  expect(steepest).toBeLessThan(2e-3)
  const rms = Math.sqrt(deviations.reduce((sum, value) => sum + value, 0) / deviations.length)
  // Its level and its shape, 5% each.
  expect(Math.abs(rms / (0.05 * Math.SQRT2) - 1)).toBeLessThan(0.12)
})

test('the level of LAMOST means nothing: a brighter star comes out as the same', () => {
  const lamost = createSpectrograph('lamostLrs')
  const relative = createSpectrumNoise(spectrographs.lamostLrs, lamost.angstrom)
  const faint = lamost.angstrom.map(() => 3)
  const [a, b] = [faint, faint.map(one => 1000 * one)].map(light => {
    return Float32Array.from(relative.observe(light, night, createRng(3))?.fluxes ?? [])
  })
  a.forEach((value, p) => {
    expect(Math.abs(b[p] - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)))
  })
})

test('APOGEE measures nothing between its chips; elsewhere noise is normal with the stated errors', () => {
  const { angstrom } = createSpectrograph('apogee')
  const facts = spectrographs.apogee
  const still = createSpectrumNoise({ ...facts, calibrationLn: 0, skyResidualShare: 0, air: null }, angstrom)
  const light = angstrom.map(() => 50)
  let [count, sum, squares] = [0, 0, 0]
  const ratios: number[] = []
  for (let star = 0; star < 20; star++) {
    const { fluxes, ivars } = still.observe(light, { ...night, skyRatio: 0.1 }, createRng(star)) ?? {
      fluxes: [],
      ivars: [],
    }
    for (let p = 0; p < fluxes.length; p++) {
      const one = angstrom[p]
      // Wilson+ 2019: from 1.51 to 1.70 um, with two gaps.
      const isGap = one < 15_140 || (one > 15_810 && one < 15_850) || (one > 16_440 && one < 16_470) || one > 16_960
      if (isGap) expect([fluxes[p], ivars[p]]).toEqual([0, 0])
      if (ivars[p] === 0) continue
      const pull = (fluxes[p] - 50) * Math.sqrt(ivars[p])
      count++
      sum += pull
      squares += pull ** 2
      if (one > 15_900 && one < 16_400) ratios.push(50 * Math.sqrt(ivars[p]))
    }
  }
  expect(count).toBeGreaterThan(20 * 7800)
  expect(Math.abs(sum / count)).toBeLessThan(5 / Math.sqrt(count))
  expect(Math.abs(squares / count - 1)).toBeLessThan(5 * Math.sqrt(2 / count))
  expect(Math.abs(medianOf(ratios) / 20 - 1)).toBeLessThan(0.03)
})

test('lines of the sky and bands of the air leave residuals in APOGEE, and have their bits', () => {
  const { angstrom } = createSpectrograph('apogee')
  const survey = createSpectrumNoise({ ...spectrographs.apogee, calibrationLn: 0 }, angstrom)
  const light = angstrom.map(() => 50)
  const placeOf = (vacuum: number) => angstrom.findIndex(one => one > vacuum)
  const left = (vacuum: number) => {
    let squares = 0
    for (let star = 0; star < 60; star++) {
      const observed = survey.observe(light, { signalToNoise: 3000, skyRatio: 0.02, errorRatio: 1 }, createRng(star))
      const p = placeOf(vacuum)
      if (observed !== undefined && observed.ivars[p] > 0) squares += (observed.fluxes[p] / 50 - 1) ** 2 / 60
    }
    return Math.sqrt(squares)
  }
  // CO2 near the strongest line of the band at 1.603 um, R(16) by its levels: 6227.917 + 0.776816 x 17 - 0.003622 x 289 1/cm.
  const carbonDioxide = 1e8 / (6227.917 + 0.776816 * 17 - 0.003622 * 289)
  const observed = survey.observe(light, { signalToNoise: 100, skyRatio: 0.02, errorRatio: 1 }, createRng(1))
  const bitsAt = (vacuum: number) => observed?.masks[placeOf(vacuum)] ?? 0
  expect(bitsAt(carbonDioxide) & (1 << 13)).not.toBe(0)
  // OH 4-2 at 16,030.8 and a quiet place.
  expect(bitsAt(16_030.8) & (1 << 12)).not.toBe(0)
  expect(bitsAt(16_200) & ((1 << 12) | (1 << 13))).toBe(0)
  expect(left(carbonDioxide)).toBeGreaterThan(0.015)
  expect(left(carbonDioxide)).toBeLessThan(0.06)
  expect(left(16_030.8)).toBeGreaterThan(0.1)
  expect(left(16_200)).toBeLessThan(0.003)
})

test('what cannot be observed is not', () => {
  const rng = createRng(1)
  expect(noise.observe(flux, { ...night, signalToNoise: 0 }, rng)).toBeUndefined()
  expect(noise.observe(flux, { ...night, signalToNoise: Number.NaN }, rng)).toBeUndefined()
  expect(noise.observe(flux, { ...night, skyRatio: -1 }, rng)).toBeUndefined()
  expect(noise.observe(flux, { ...night, errorRatio: 0 }, rng)).toBeUndefined()
  expect(
    noise.observe(
      flux.map(() => 0),
      night,
      rng,
    ),
  ).toBeUndefined()
})
