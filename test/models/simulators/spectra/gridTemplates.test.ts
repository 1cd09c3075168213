import { expect, test } from 'vitest'
import {
  createGridBuilder,
  createRng,
  createSpectrumSimulation,
  type GridModel,
  plainStar,
  type SpectrographName,
} from '../../../../models/index.ts'
import { fineGrids } from '../../../../models/simulators/spectra/fineGrid.ts'

const OPTICAL = fineGrids.optical
const FINE = { count: 9490, start: 3.549, step: 0.5e-4 }
const edge = (i: number) => 10 ** (FINE.start + FINE.step * i)
const middle = (i: number) => 10 ** (FINE.start + FINE.step * (i + 0.5))

/** pi B in erg/s/cm2/Angstrom. */
function blackBody(teffK: number, angstrom: number): number {
  const cm = angstrom * 1e-8
  return (1e-8 * 3.741771852e-5) / cm ** 5 / Math.expm1(1.438776877 / (cm * teffK))
}

const steps = Float64Array.from({ length: 7400 }, (_, i) => 3400 + i)

function model(teffK: number, loggDex: number, fehDex: number, change: Partial<GridModel> = {}): GridModel {
  const fluxes = steps.map(angstrom => blackBody(teffK, angstrom) * (1 + 0.1 * loggDex) * (1 + 0.2 * fehDex))
  return { place: `m${teffK}`, teffK, loggDex, fehDex, angstrom: steps, fluxes, ...change }
}

function gridOf(models: readonly GridModel[], surveys: readonly SpectrographName[] = ['boss']) {
  const builder = createGridBuilder(surveys)
  for (const one of models) builder.add(one)
  return builder.finish()
}

const cube = [5000, 6000, 7000].flatMap(t => [4, 5].flatMap(g => [-1, 0].map(z => model(t, g, z))))
const flux = new Float32Array(FINE.count)
const sun = { family: 'kurucz', teffK: 5000, loggDex: 4, fehDex: 0 } as const

test('at a model there is its own light, bin by bin', () => {
  expect(gridOf(cube).fluxInto({ ...sun, teffK: 6000, loggDex: 5, fehDex: -1 }, OPTICAL, flux)).toBe(true)
  for (let i = 0; i < FINE.count; i += 97) {
    expect(Math.abs(flux[i] / (blackBody(6000, middle(i)) * 1.5 * 0.8) - 1)).toBeLessThan(1e-4)
  }
})

test('between models of black bodies there are black bodies, within the curve of Planck between them', () => {
  expect(gridOf(cube).fluxInto({ ...sun, teffK: 5450, loggDex: 4.5, fehDex: -0.5 }, OPTICAL, flux)).toBe(true)
  const share = Math.sqrt(1.4 * 1.5 * 0.8)
  for (let i = 0; i < FINE.count; i += 97) {
    expect(Math.abs(flux[i] / (blackBody(5450, middle(i)) * share) - 1)).toBeLessThan(0.01)
  }
})

test('no light is lost or made, however narrow a line is', () => {
  const rng = createRng(6)
  const spiky = steps.map(() => 1 + 50 * rng.uniform() ** 8)
  const grid = gridOf([model(5000, 4, 0, { fluxes: spiky }), model(6000, 4, 0)])
  grid.fluxInto(sun, OPTICAL, flux)
  let sum = 0
  for (let i = 0; i < FINE.count; i++) sum += flux[i] * (edge(i + 1) - edge(i))
  // Trapezoids from the first edge to the last, both within a pixel.
  const at = (x: number) => {
    const k = Math.floor(x - 3400)
    return spiky[k] + (x - steps[k]) * (spiky[k + 1] - spiky[k])
  }
  const [from, to] = [edge(0), edge(FINE.count)]
  const [first, last] = [Math.ceil(from - 3400), Math.floor(to - 3400)]
  let truth =
    ((steps[first] - from) * (at(from) + spiky[first])) / 2 + ((to - steps[last]) * (at(to) + spiky[last])) / 2
  for (let k = first; k < last; k++) truth += (spiky[k] + spiky[k + 1]) / 2
  expect(Math.abs(sum / truth - 1)).toBeLessThan(1e-6)
})

test('where a model is missing there is no spectrum, and it is said which', () => {
  const grid = gridOf(cube.filter(({ teffK, loggDex, fehDex }) => !(teffK === 7000 && loggDex === 5 && fehDex === 0)))
  expect([grid.modelCount, grid.boxCount, grid.fullBoxCount]).toEqual([11, 2, 1])
  const near = { ...sun, teffK: 6500, loggDex: 4.5, fehDex: -0.5 }
  expect(grid.fluxInto(near, OPTICAL, flux.fill(-1))).toBe(false)
  expect(flux.every(one => one === -1)).toBe(true)
  expect(grid.reasonAgainst(near)).toBe('no model of 7000 K, log g 5, [Fe/H] 0')
  // On the side of the box that has all of its models.
  expect(grid.fluxInto({ ...near, loggDex: 4 }, OPTICAL, flux)).toBe(true)
  expect(grid.reasonAgainst({ ...near, loggDex: 4 })).toBeNull()
})

test('outside there is no spectrum, and it is said what the grid has', () => {
  const grid = gridOf(cube)
  for (const [star, reason] of [
    [{ ...sun, teffK: 4999 }, 'temperatures in K from 5000 to 7000'],
    [{ ...sun, loggDex: 5.01 }, 'log g from 4 to 5'],
    [{ ...sun, fehDex: 0.1 }, '[Fe/H] from -1 to 0'],
    [{ ...sun, teffK: Number.NaN }, 'temperatures in K from 5000 to 7000'],
  ] as const) {
    expect(grid.fluxInto(star, OPTICAL, flux)).toBe(false)
    expect(grid.reasonAgainst(star)).toBe(reason)
  }
})

test('a grid of one gravity and one abundance has stars of just those', () => {
  const grid = gridOf([model(5000, 4, 0), model(6000, 4, 0)])
  expect([grid.boxCount, grid.fullBoxCount]).toEqual([1, 1])
  expect(grid.fluxInto({ ...sun, teffK: 5500 }, OPTICAL, flux)).toBe(true)
  expect(grid.fluxInto({ ...sun, loggDex: 4.1 }, OPTICAL, flux)).toBe(false)
})

test('a line without any light stays dark, and is a number', () => {
  const dark = steps.map(angstrom => (Math.abs(angstrom - 6563) < 5 ? 0 : 1))
  const grid = gridOf([model(5000, 4, 0, { fluxes: dark }), model(6000, 4, 0, { fluxes: dark })])
  grid.fluxInto({ ...sun, teffK: 5500 }, OPTICAL, flux)
  expect(flux.every(one => one > 0 && Number.isFinite(one))).toBe(true)
  expect(Math.min(...flux)).toBeLessThan(1e-11)
})

test.each<readonly [string, readonly GridModel[], RegExp]>([
  ['one temperature', [model(5000, 4, 0), model(5000, 5, 0)], /A grid of 2 models of one temperature/],
  ['nothing', [], /A grid of 0 models/],
  ['a model twice', [model(5000, 4, 0), model(5000, 4, 0)], /m5000 is a model of 5000 K.* as is m5000; keep one/],
  ['no light', [model(5000, 4, 0, { fluxes: steps.map(() => 0) })], /m5000 has no light from 3540 to 10556 Angstrom/],
  [
    'too short a range',
    [model(5000, 4, 0, { angstrom: steps.map(angstrom => angstrom + 300) })],
    /m5000 reaches from 3700 to 11099 Angstrom: templates need 3540 to 10556/,
  ],
])('a grid of %s is refused in one sentence', (_, models, sentence) => {
  expect(() => gridOf(models)).toThrow(sentence)
})

test('spectrographs see stars of the grid, and not those outside', () => {
  const simulation = createSpectrumSimulation('lamostLrs', { templates: gridOf(cube, ['lamostLrs']) })
  const star = { ...plainStar, ...sun, teffK: 5400, avMag: 0, rv: 3.1, radiusRsun: 1, distancePc: 10 }
  const night = { signalToNoise: 100, skyRatio: 0.1, errorRatio: 1 }
  expect(simulation.observe(star, night, createRng(1))).toBeDefined()
  // (1 Rsun / 10 pc)^2 times the light of the surface, in units of 1e-17.
  const dilution = (6.957e10 / 3.0856775815e19) ** 2 / 1e-17
  for (let p = 0; p < simulation.truth.length; p += 211) {
    const wanted = blackBody(5400, simulation.angstrom[p]) * 1.4 * dilution
    expect(Math.abs(simulation.truth[p] / wanted - 1)).toBeLessThan(0.02)
  }
  expect(simulation.observe({ ...star, teffK: 8000 }, night, createRng(1))).toBeUndefined()
})

test('templates for APOGEE have its bins and no others, and a grid of the optical cannot be one', () => {
  const hBand = Float64Array.from({ length: 2200 }, (_, i) => 15_000 + i)
  const red = (teffK: number) => ({ angstrom: hBand, fluxes: hBand.map(angstrom => blackBody(teffK, angstrom)) })
  const grid = gridOf([model(5000, 4, 0, red(5000)), model(6000, 4, 0, red(6000))], ['apogee'])
  const out = new Float32Array(fineGrids.hBand.count)
  expect(grid.fluxInto(sun, fineGrids.hBand, out)).toBe(true)
  for (let i = 0; i < out.length; i += 501) {
    expect(Math.abs(out[i] / blackBody(5000, fineGrids.hBand.angstrom[i]) - 1)).toBeLessThan(1e-4)
  }
  expect(grid.fluxInto(sun, OPTICAL, flux)).toBe(false)
  expect(() => gridOf(cube, ['boss', 'apogee'])).toThrow(
    /m5000 reaches from 3400 to 10799 Angstrom: templates need 15022/,
  )
})
