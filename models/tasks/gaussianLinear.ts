// The mean of a Gaussian under a Gaussian prior, in ten dimensions that know nothing of each other.
import { logNormal } from '../math/special.ts'
import { askedOf, drawRows, givenData, type Task, type TaskGiven, taskVariables } from './task.ts'

const DIMENSION = 10
/** The benchmark's two scales of 0.1 are variances. */
const PRIOR_VARIANCE = 0.1
const NOISE_VARIANCE = 0.1
const [priorSd, noiseSd] = [Math.sqrt(PRIOR_VARIANCE), Math.sqrt(NOISE_VARIANCE)]
const shape = { name: 'gaussian_linear', variables: taskVariables(DIMENSION, DIMENSION, null) }

function conditional(given: TaskGiven, seed: number, count: number): Float64Array {
  const asked = askedOf(shape, given)
  const gain = PRIOR_VARIANCE / (PRIOR_VARIANCE + NOISE_VARIANCE)
  const row = new Float64Array(2 * DIMENSION)
  return drawRows(seed, 0, count, asked.length, (rng, out) => {
    for (let i = 0; i < DIMENSION; i++) {
      const [parameter, datum] = [given[i], given[DIMENSION + i]]
      const mean = datum === null ? 0 : gain * datum
      const sd = datum === null ? priorSd : Math.sqrt(gain * NOISE_VARIANCE)
      row[i] = parameter ?? mean + sd * rng.normal()
      row[DIMENSION + i] = datum ?? row[i] + noiseSd * rng.normal()
    }
    for (let k = 0; k < asked.length; k++) out[k] = row[asked[k]]
  })
}

/** parameter_i ~ N(0, 0.1), data_i ~ N(parameter_i, 0.1), where 0.1 is a variance. */
export const gaussianLinear: Task = {
  ...shape,
  title: 'Gaussian linear',
  source: 'Lueckmann et al. 2021 (AISTATS, arXiv:2101.04653), T.1',
  neighbours: shape.variables.map((_, i) => (i < DIMENSION ? [] : [i - DIMENSION])),
  alike: Array.from({ length: DIMENSION }, (_, i) => [i, DIMENSION + i]),
  draw: (seed, first, count) =>
    drawRows(seed, first, count, 2 * DIMENSION, (rng, row) => {
      for (let i = 0; i < DIMENSION; i++) row[i] = priorSd * rng.normal()
      for (let i = 0; i < DIMENSION; i++) row[DIMENSION + i] = row[i] + noiseSd * rng.normal()
    }),
  logJoint(values) {
    let sum = 0
    for (let i = 0; i < DIMENSION; i++) {
      sum += logNormal(values[i], 0, priorSd) + logNormal(values[DIMENSION + i], values[i], noiseSd)
    }
    return sum
  },
  conditional,
  posterior: (data, seed, count) => conditional(givenData(shape, data), seed, count),
}
