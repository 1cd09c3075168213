// Simple likelihood, complex posterior: four points of a Gaussian whose mean and covariance are asked for.
import { logNormal } from '../math/special.ts'
import { drawRows, type Task, taskVariables } from './task.ts'

const BOUND = 3
const PARAMETERS = 5
const POINTS = 4
/** Added to both variances, so that the covariance is never singular. */
const LEAST_VARIANCE = 1e-6
const LOG_PRIOR = -PARAMETERS * Math.log(2 * BOUND)
const LOG_2PI = Math.log(2 * Math.PI)

/** parameters ~ U(-3, 3)^5; means p1, p2, standard deviations p3^2, p4^2, correlation tanh(p5); data: four points, x then y. */
export const slcp: Task = {
  name: 'slcp',
  title: 'Simple likelihood, complex posterior',
  source: 'Lueckmann et al. 2021 (AISTATS, arXiv:2101.04653), T.3',
  variables: taskVariables(PARAMETERS, 2 * POINTS, [-BOUND, BOUND]),
  // Alone, x follows the first mean and deviation; y given x needs all five.
  neighbours: Array.from({ length: PARAMETERS + 2 * POINTS }, (_, i) => {
    if (i < PARAMETERS) return []
    return (i - PARAMETERS) % 2 === 0 ? [0, 2] : [0, 1, 2, 3, 4, i - 1]
  }),
  alike: Array.from({ length: POINTS }, (_, i) => [PARAMETERS + 2 * i, PARAMETERS + 2 * i + 1]),
  draw: (seed, first, count) =>
    drawRows(seed, first, count, PARAMETERS + 2 * POINTS, (rng, row) => {
      for (let i = 0; i < PARAMETERS; i++) row[i] = BOUND * (2 * rng.uniform() - 1)
      const [xx, xy, yy] = covariance(row)
      const factor = xy / Math.sqrt(xx)
      const rest = Math.sqrt(yy - factor * factor)
      for (let i = PARAMETERS; i < row.length; i += 2) {
        const z = rng.normal()
        row[i] = row[0] + Math.sqrt(xx) * z
        row[i + 1] = row[1] + factor * z + rest * rng.normal()
      }
    }),
  logJoint(values) {
    for (let i = 0; i < PARAMETERS; i++) if (!(Math.abs(values[i]) <= BOUND)) return -Infinity
    const [xx, xy, yy] = covariance(values)
    const determinant = xx * yy - xy * xy
    let squares = 0
    for (let i = PARAMETERS; i < PARAMETERS + 2 * POINTS; i += 2) {
      const x = values[i] - values[0]
      const y = values[i + 1] - values[1]
      squares += yy * x * x - 2 * xy * x * y + xx * y * y
    }
    return LOG_PRIOR - POINTS * (LOG_2PI + 0.5 * Math.log(determinant)) - (0.5 * squares) / determinant
  },
  tail: {
    logHead(values, given) {
      for (let i = 0; i < PARAMETERS; i++) if (!(Math.abs(values[i]) <= BOUND)) return -Infinity
      const [xx, xy, yy] = covariance(values)
      const slope = xy / xx
      const [xSd, ySd, restSd] = [Math.sqrt(xx), Math.sqrt(yy), Math.sqrt(yy - slope * xy)]
      let sum = LOG_PRIOR
      for (let i = PARAMETERS; i < PARAMETERS + 2 * POINTS; i += 2) {
        const [x, y] = [given[i], given[i + 1]]
        if (x !== null) sum += logNormal(x, values[0], xSd)
        if (y === null) continue
        sum += x === null ? logNormal(y, values[1], ySd) : logNormal(y, values[1] + slope * (x - values[0]), restSd)
      }
      return sum
    },
    drawInto(rng, values, given) {
      const [xx, xy, yy] = covariance(values)
      for (let i = PARAMETERS; i < PARAMETERS + 2 * POINTS; i += 2) {
        if (given[i] === null) {
          const slope = given[i + 1] === null ? 0 : xy / yy
          values[i] = values[0] + slope * (values[i + 1] - values[1]) + Math.sqrt(xx - slope * xy) * rng.normal()
        }
        if (given[i + 1] !== null) continue
        const slope = xy / xx
        values[i + 1] = values[1] + slope * (values[i] - values[0]) + Math.sqrt(yy - slope * xy) * rng.normal()
      }
    },
  },
}

function covariance(values: ArrayLike<number>): readonly [number, number, number] {
  const x = values[2] * values[2]
  const y = values[3] * values[3]
  return [x * x + LEAST_VARIANCE, Math.tanh(values[4]) * x * y, y * y + LEAST_VARIANCE]
}
