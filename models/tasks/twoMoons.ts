// Two thin crescents: a point on a half ring, shifted by how far the parameters are from a diagonal, on either side.
import type { Rng } from '../math/rng.ts'
import { logNormal } from '../math/special.ts'
import { askedOf, drawRows, givenData, type Task, taskVariables } from './task.ts'

const BOUND = 1
const RADIUS = 0.1
const RADIUS_SD = 0.01
const OFFSET = 0.25
const LOG_PRIOR = -2 * Math.log(2 * BOUND)
/** One try in so many must give a posterior draw. */
const TRIES = 100_000
const shape = { name: 'two_moons', variables: taskVariables(2, 2, [-BOUND, BOUND]) }

/** A point of the half ring, which opens to the left, into `point`. */
function drawRing(rng: Rng, point: Float64Array): void {
  const angle = Math.PI * (rng.uniform() - 0.5)
  const radius = RADIUS + RADIUS_SD * rng.normal()
  point[0] = radius * Math.cos(angle) + OFFSET
  point[1] = radius * Math.sin(angle)
}

/**
 * The ring's point is undone exactly: it says how far the parameters lie from the diagonal, and chance the side. Points
 * that would make that distance negative cannot have been; the benchmark's own sampler keeps them, its observations have none.
 */
function posterior(data: ArrayLike<number>, seed: number, count: number): Float64Array {
  askedOf(shape, givenData(shape, data))
  const ring = new Float64Array(2)
  return drawRows(seed, 0, count, 2, (rng, out) => {
    for (let tries = 0; tries < TRIES; tries++) {
      drawRing(rng, ring)
      const away = (ring[0] - data[0]) * (rng.uniform() < 0.5 ? 1 : -1)
      const along = data[1] - ring[1]
      out[0] = (away - along) * Math.SQRT1_2
      out[1] = (away + along) * Math.SQRT1_2
      if (ring[0] >= data[0] && Math.abs(out[0]) <= BOUND && Math.abs(out[1]) <= BOUND) return
    }
    throw new RangeError(`${shape.name}: data ${data[0]}, ${data[1]} lie where no parameters put them`)
  })
}

/**
 * parameters ~ U(-1, 1)^2, data = ring + (-|p1 + p2|, p2 - p1) / sqrt(2), the ring's radius N(0.1, 0.01), its angle
 * U(-pi/2, pi/2). The density holds the 1 / (pi radius) of polar coordinates, which the likelihood in the benchmark's
 * code leaves out; its reference samples have it.
 */
export const twoMoons: Task = {
  ...shape,
  title: 'Two moons',
  source: 'Lueckmann et al. 2021 (AISTATS, arXiv:2101.04653), T.8',
  neighbours: [[], [], [0, 1], [0, 1, 2]],
  draw: (seed, first, count) =>
    drawRows(seed, first, count, 4, (rng, row) => {
      row[0] = BOUND * (2 * rng.uniform() - 1)
      row[1] = BOUND * (2 * rng.uniform() - 1)
      const data = row.subarray(2)
      drawRing(rng, data)
      data[0] -= Math.abs(row[0] + row[1]) * Math.SQRT1_2
      data[1] += (row[1] - row[0]) * Math.SQRT1_2
    }),
  logJoint(values) {
    const [p1, p2] = [values[0], values[1]]
    if (!(Math.abs(p1) <= BOUND && Math.abs(p2) <= BOUND)) return -Infinity
    const u = values[2] + Math.abs(p1 + p2) * Math.SQRT1_2 - OFFSET
    const v = values[3] - (p2 - p1) * Math.SQRT1_2
    if (!(u > 0)) return -Infinity
    const radius = Math.sqrt(u * u + v * v)
    return LOG_PRIOR + logNormal(radius, RADIUS, RADIUS_SD) - Math.log(Math.PI * radius)
  },
  posterior,
}
