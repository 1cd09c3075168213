import { expect, test } from 'vitest'
import { factorInPlace, solveLowerInPlace } from '../../../models/math/cholesky.ts'
import { createRng } from '../../../models/math/rng.ts'
import { logNormal } from '../../../models/math/special.ts'
import { nebularMean, variabilityMag } from '../../../models/simulators/forward/starSurroundings.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { pilotPrior } from '../../../models/simulators/prior.ts'
import { createPriorAt, createPriorDensity } from '../../../models/simulators/priorDensity.ts'
import { column } from '../../../models/simulators/simulator.ts'
import { createStarLikelihood, logPhotometry } from '../../../models/simulators/starLikelihood.ts'
import {
  drawSpurious,
  nebulaScaleMag,
  nebulaShare,
  spuriousDensity,
} from '../../../models/simulators/surveys/spuriousDetections.ts'
import { modelObservables, modelParameters } from '../../../models/tokens/layout.ts'

const slots = (names: readonly string[]) => names.map(name => (modelObservables as readonly string[]).indexOf(name))
const measurementsOf = (values: readonly number[], err: number, names: readonly string[]) => ({
  values: Float64Array.from(values),
  errs: new Float64Array(values.length).fill(err),
  present: Uint8Array.from(modelObservables, name => (names.includes(name) ? 1 : 0)),
})

test('photometry is a normal law whose bands of one night vary together', () => {
  const names = ['gMag', 'jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag']
  const mags = [0, 14, 15, 13, 12, 11.4, 11.2, 11, 10.9, 10.8, 9]
  const off = [0, 0.01, 0, 0, 0.03, 0.05, 0.02, -0.02, -0.01, 0, 0]
  const measured = measurementsOf(
    mags.map((mag, o) => mag + off[o]),
    0.02,
    names,
  )
  for (const classIndex of [0, 3]) {
    // The whole covariance, as a matrix of magnitudes.
    const places = slots(names)
    const nights = [0, 1, 1, 1, 2, 2]
    const n = places.length
    const factor = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const isOneNight = nights[i] === nights[j] && nights[i] > 0
        factor[i * n + j] = isOneNight ? variabilityMag[classIndex] ** 2 : 0
        if (i === j) factor[i * n + j] += 0.02 ** 2 + pilotPrior.errFloors[places[i]] ** 2
      }
    }
    factorInPlace(factor, n)
    const white = Float64Array.from(places, place => off[place])
    solveLowerInPlace(factor, n, white)
    const expected = white.reduce((sum, z, i) => sum + logNormal(z, 0, 1) - Math.log(factor[i * n + i]), 0)
    // Noise is normal in flux, which at 0.05 mag differs by some percent.
    expect(Math.abs(logPhotometry(measured, mags, classIndex, 9) - expected)).toBeLessThan(0.15)
  }
})

test('the average over nuisances is a density of a magnitude: it integrates to one', () => {
  const likelihood = createStarLikelihood()
  const prior = createPriorDensity()
  const at = createPriorAt()
  // A star of the Sun's mass and age at 100 pc.
  const parameters = [9.65, 0, 0, 3.76, 0, 0.3, 2]
  prior.at(parameters, at)
  expect(at.classes[2]).toBeGreaterThan(0)
  let sum = 0
  for (let jMag = 5; jMag < 12; jMag += 0.05) {
    const values = modelObservables.map(name => (name === 'jMag' ? jMag : 0))
    sum +=
      0.05 * Math.exp(likelihood.logMean(measurementsOf(values, 0.05, ['jMag']), parameters, at, 2, 20, createRng(3)))
  }
  expect(sum).toBeCloseTo(1, 1)
  const parallax = measurementsOf([10.05, ...new Array(10).fill(0)], 0.03, ['parallaxMas'])
  const found = likelihood.logMean(parallax, parameters, at, 2, 1, createRng(3))
  expect(found).toBeCloseTo(logNormal(0.05, 0, Math.hypot(0.03, pilotPrior.errFloors[0])), 9)
})

test('simulated stars are likelier as they are than 10% hotter', () => {
  const simulation = createPilotSimulator({ missing: 'none' }).draw({ seed: 8, first: 0, count: 15 })
  const likelihood = createStarLikelihood()
  const prior = createPriorDensity()
  const at = createPriorAt()
  let won = 0
  for (let i = 0; i < simulation.count; i++) {
    const of = (columns: ReadonlyMap<string, ArrayLike<number>>) =>
      modelObservables.map(name => column(columns, name)[i])
    const measured = {
      values: of(simulation.observables),
      errs: of(simulation.errors),
      present: new Uint8Array(11).fill(1),
    }
    const truth = modelParameters.map(name => column(simulation.parameters, name)[i])
    prior.at(truth, at)
    const [own, hotter] = [0, 0.04].map(dex => {
      const parameters = truth.map((value, p) => (p === 3 ? value + dex : value))
      return likelihood.logMean(measured, parameters, at, simulation.classIndex[i], 100, createRng(5))
    })
    expect(Number.isNaN(own)).toBe(false)
    if (own > hotter) won++
  }
  expect(won).toBeGreaterThan(11)
})

test('spurious detections have the density of their draws', () => {
  const rng = createRng(6)
  const out = { mag: 0, error: 0 }
  const depth = 1.2
  const nebular = nebulaShare * (1 - Math.exp(-depth / nebulaScaleMag))
  for (const band of [0, 1]) {
    let [drawn, bright] = [0, 0]
    for (let i = 0; i < 40_000; i++) {
      if (!drawSpurious(band, depth, rng, out)) continue
      drawn++
      if (out.mag < 7 && out.error < 0.1) bright++
    }
    let [all, inside] = [0, 0]
    for (let mag = -12; mag < 13; mag += 0.02) {
      for (let log = -4; log < -0.26; log += 0.01) {
        const density = spuriousDensity(band, nebular, mag + 0.01, 10 ** (log + 0.005)) * 0.0002
        all += density
        if (mag + 0.01 < 7 && log + 0.005 < -1) inside += density
      }
    }
    expect(Math.abs(all - drawn / 40_000)).toBeLessThan(0.02)
    expect(Math.abs(inside - bright / 40_000)).toBeLessThan(0.015)
  }
})

test('the mean over nebulae is that of their law', () => {
  // Half of the youngest lie in one, of exponential depth with a mean of 1.2 mag.
  let sum = 0
  for (let depth = 0.005; depth < 30; depth += 0.01)
    sum += (0.01 * Math.exp(-depth / 1.2) * (1 - Math.exp(-depth / 1.4))) / 1.2
  expect(nebularMean(0, 6.5, 1.4)).toBeCloseTo(0.5 * sum, 3)
  expect(nebularMean(0, 7.5, 1.4)).toBe(0)
  expect(nebularMean(3, 6.5, 1.4)).toBe(0)
})
