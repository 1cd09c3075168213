// The common mean of two Gaussians, one wide and one narrow, in two dimensions that share which of them it is.
import type { Rng } from '../math/rng.ts'
import { logNormal, logSumExp, normalCdf } from '../math/special.ts'
import { askedOf, drawRows, givenData, type Task, type TaskGiven, taskVariables } from './task.ts'

const DIMENSION = 2
const BOUND = 10
const scales = [1, 0.1] as const
const LOG_PRIOR = -DIMENSION * Math.log(2 * BOUND)
const shape = { name: 'gaussian_mixture', variables: taskVariables(DIMENSION, DIMENSION, [-BOUND, BOUND]) }

function conditional(given: TaskGiven, seed: number, count: number): Float64Array {
  const asked = askedOf(shape, given)
  const logShares = scales.map(sd => {
    let sum = 0
    for (let i = 0; i < DIMENSION; i++) {
      const [parameter, datum] = [given[i], given[DIMENSION + i]]
      if (datum === null) continue
      sum += parameter === null ? Math.log(massWithin(datum, sd)) : logNormal(datum, parameter, sd)
    }
    return sum
  })
  const total = logSumExp(logShares)
  if (total === -Infinity)
    throw new RangeError(`${shape.name}: data ${given.slice(DIMENSION)} are too far from the prior`)
  const wide = Math.exp(logShares[0] - total)
  const row = new Float64Array(2 * DIMENSION)
  return drawRows(seed, 0, count, asked.length, (rng, out) => {
    const sd = scales[rng.uniform() < wide ? 0 : 1]
    for (let i = 0; i < DIMENSION; i++) {
      const [parameter, datum] = [given[i], given[DIMENSION + i]]
      row[i] = parameter ?? (datum === null ? uniformWithin(rng) : normalWithin(rng, datum, sd))
      row[DIMENSION + i] = datum ?? row[i] + sd * rng.normal()
    }
    for (let k = 0; k < asked.length; k++) out[k] = row[asked[k]]
  })
}

const uniformWithin = (rng: Rng) => BOUND * (2 * rng.uniform() - 1)

/** Share of N(mean, sd) inside the prior. */
function massWithin(mean: number, sd: number): number {
  // On the side where the difference of two small numbers loses nothing.
  const from = -Math.abs(mean)
  return normalCdf((BOUND + from) / sd) - normalCdf((from - BOUND) / sd)
}

function normalWithin(rng: Rng, mean: number, sd: number): number {
  if (Math.abs(mean) < BOUND + sd) {
    for (;;) {
      const value = mean + sd * rng.normal()
      if (Math.abs(value) <= BOUND) return value
    }
  }
  // Far outside only the tail is left: Robert 1995 (Stat. Comput. 5, 121), an exponential with the best rate.
  const edge = (Math.abs(mean) - BOUND) / sd
  const rate = (edge + Math.sqrt(edge * edge + 4)) / 2
  for (;;) {
    const z = edge - Math.log(rng.uniform()) / rate
    const value = Math.sign(mean) * (Math.abs(mean) - sd * z)
    if (Math.abs(value) <= BOUND && rng.uniform() < Math.exp(-0.5 * (z - rate) ** 2)) return value
  }
}

/** parameter ~ U(-10, 10)^2, data ~ 0.5 N(parameter, I) + 0.5 N(parameter, 0.01 I). */
export const gaussianMixture: Task = {
  ...shape,
  title: 'Gaussian mixture',
  source: 'Lueckmann et al. 2021 (AISTATS, arXiv:2101.04653), T.7',
  // Both data share the component: one tells of it, so the second depends on the first.
  neighbours: [[], [], [0], [0, 1, 2]],
  alike: Array.from({ length: DIMENSION }, (_, i) => [i, DIMENSION + i]),
  draw: (seed, first, count) =>
    drawRows(seed, first, count, 2 * DIMENSION, (rng, row) => {
      for (let i = 0; i < DIMENSION; i++) row[i] = uniformWithin(rng)
      const sd = scales[rng.uniform() < 0.5 ? 0 : 1]
      for (let i = 0; i < DIMENSION; i++) row[DIMENSION + i] = row[i] + sd * rng.normal()
    }),
  logJoint(values) {
    if (!(Math.abs(values[0]) <= BOUND && Math.abs(values[1]) <= BOUND)) return -Infinity
    const logs = scales.map(sd => logNormal(values[2], values[0], sd) + logNormal(values[3], values[1], sd))
    return LOG_PRIOR + Math.log(0.5) + logSumExp(logs)
  },
  conditional,
  posterior: (data, seed, count) => conditional(givenData(shape, data), seed, count),
}
