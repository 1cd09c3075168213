import { expect, test } from 'vitest'
import { logDeterminantInPlace } from '../../../models/math/determinant.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { brightnessBase, luminosityOf, sizeBands, sizeScatter } from '../../../models/tokens/brightnessBase.ts'
import { modelObservables, modelParameters } from '../../../models/tokens/layout.ts'
import {
  basesOf,
  fromPosteriorLatents,
  logSpreadAt,
  toPosteriorLatents,
} from '../../../models/tokens/posteriorLatents.ts'
import { emptyStar } from '../../../models/tokens/tokenizer.ts'
import { fitPrior } from '../../../models/training/priorFit.ts'
import { observedStar, parametersOf } from '../../../models/training/starBatch.ts'
import { logRadiusRsun } from '../../../schemas/index.ts'

const simulator = createPilotSimulator()
const { scale } = fitPrior(simulator, 4, 4000)
const count = 1500
const simulation = simulator.draw({ seed: 6, first: 0, count })

test('parameters go to their latents and back', () => {
  const values = new Float64Array(modelParameters.length)
  let worst = 0
  let beyond = 0
  for (let i = 0; i < count; i++) {
    const truth = parametersOf(simulation, i)
    const bases = basesOf(observedStar(simulation, i, []), scale)
    fromPosteriorLatents(toPosteriorLatents(truth, bases, scale), 0, bases, scale, values)
    const error = Math.max(...values.map((value, p) => Math.abs(value - truth[p])))
    // The outermost of 4000 draws end the support: a few of other draws lie beyond and are cut.
    if (error > 1e-6) beyond++
    else worst = Math.max(worst, error)
  }
  expect(beyond).toBeLessThan(0.01 * count)
  expect(worst).toBeLessThan(1e-6)
})

test('how parameters spread is the determinant of their slopes, nothing beyond their ends', () => {
  const n = modelParameters.length
  const values = new Float64Array(n)
  for (let i = 0; i < 20; i++) {
    const bases = basesOf(observedStar(simulation, i, []), scale)
    // Away from knots, where slopes jump.
    const latents = Float64Array.from({ length: n }, (_, p) => 0.313 * (((i + 3 * p) % 7) - 3) + 0.0173)
    const slopes = new Float64Array(n * n)
    for (let q = 0; q < n; q++) {
      for (const sign of [1, -1]) {
        fromPosteriorLatents(
          latents.map((z, p) => (p === q ? z + sign * 1e-6 : z)),
          ...([0, bases, scale, values] as const),
        )
        for (let p = 0; p < n; p++) slopes[p * n + q] += (sign * values[p]) / 2e-6
      }
    }
    expect(logSpreadAt(latents, 0, bases, scale)).toBeCloseTo(logDeterminantInPlace(slopes, n), 4)
    latents[5] = 4.6
    expect(logSpreadAt(latents, 0, bases, scale)).toBe(Number.NEGATIVE_INFINITY)
  }
})

test('latents of simulated stars have about unit variance, so the diffusion starts where they are', () => {
  const sums = new Float64Array(modelParameters.length)
  for (let i = 0; i < count; i++) {
    const bases = basesOf(observedStar(simulation, i, []), scale)
    toPosteriorLatents(parametersOf(simulation, i), bases, scale).forEach((z, p) => {
      sums[p] += (z * z) / count
    })
  }
  for (const [p, variance] of sums.entries()) {
    expect(variance, modelParameters[p]).toBeGreaterThan(0.7)
    expect(variance, modelParameters[p]).toBeLessThan(1.4)
  }
})

test('the angular size of stars of one surface brightness has no scatter about their magnitude', () => {
  // Ten times the distance is five magnitudes; twice the radius is 5 log10 2.
  const near = sizeScatter(0, 1, 5)
  expect(sizeScatter(0, 2, 10)).toBeCloseTo(near, 12)
  expect(sizeScatter(Math.log10(2), 1, 5 - 5 * Math.log10(2))).toBeCloseTo(near, 12)
})

test('the luminosity is the inverse of the radius by Stefan-Boltzmann', () => {
  expect(logRadiusRsun(luminosityOf(0.3, 3.6), 3.6)).toBeCloseTo(0.3, 12)
})

test('the best band that was measured sets the size, and limits do not', () => {
  const star = emptyStar()
  const put = (name: (typeof modelObservables)[number], value: number) => {
    star.values[modelObservables.indexOf(name)] = value
    star.present[modelObservables.indexOf(name)] = 1
  }
  expect(brightnessBase(star, scale.brightness).map).toBe(scale.brightness[sizeBands.length])
  put('gMag', 15)
  expect(brightnessBase(star, scale.brightness)).toEqual({
    magnitude: 15,
    map: scale.brightness[sizeBands.indexOf('gMag')],
  })
  put('ksMag', 0)
  expect(brightnessBase(star, scale.brightness)).toEqual({ magnitude: 0, map: scale.brightness[0] })
  star.limits[modelObservables.indexOf('ksMag')] = 1
  expect(brightnessBase(star, scale.brightness).magnitude).toBe(15)
})
