// A population of walkers that finds all modes of a density: it starts wide, the density is let in step by step, and every
// walker moves along the differences of two others, which have the size and the direction that the density has.
import { indexAbove, type Rng } from '../math/rng.ts'

export interface Density {
  readonly width: number
  /** -Infinity where there is none. */
  logAt(point: Float64Array): number
}

/** Where the walkers begin: anything that is wide enough and easy to draw. */
export interface StartDensity extends Density {
  drawInto(rng: Rng, point: Float64Array): void
  /** [width] the scale of each column. */
  readonly scales: Float64Array
}

export interface Population {
  /** [walkers, width] row by row. */
  readonly points: Float64Array
  /** Moves every walker so many times. @returns the share of moves that were taken */
  sweep(times: number): number
}

/** The weights of a step leave at least this share of the walkers that live. */
const KEPT_SHARE = 0.5
/** Moves that a walker must have taken at each step, and sweeps that are tried for them. */
const MOVES = 3
const MOST_SWEEPS = 40
const MOST_STEPS = 500

/**
 * Walkers that were led from the start to the density.
 *
 * @throws RangeError when no walker comes to where the density is not nought
 *
 * Source: annealing with steps chosen by the effective size, Del Moral et al. 2006 (J. R. Stat. Soc. B 68, 411);
 * moves, ter Braak 2006 (Stat. Comput. 16, 239), of a few columns at a time as in Vrugt et al. 2009.
 */
export function annealPopulation(density: Density, start: StartDensity, walkers: number, rng: Rng): Population {
  const { width } = density
  const points = new Float64Array(walkers * width)
  const starts = new Float64Array(walkers)
  const targets = new Float64Array(walkers)
  const rowAt = (i: number) => points.subarray(i * width, (i + 1) * width)
  for (let i = 0; i < walkers; i++) {
    start.drawInto(rng, rowAt(i))
    starts[i] = start.logAt(rowAt(i))
    targets[i] = density.logAt(rowAt(i))
  }

  const proposal = new Float64Array(width)
  /** One move of each walker; the density is start^(1 - heat) target^heat. */
  const move = (heat: number): number => {
    let taken = 0
    for (let i = 0; i < walkers; i++) {
      const row = rowAt(i)
      propose(points, i, walkers, width, start.scales, rng, proposal)
      const first = heat < 1 ? start.logAt(proposal) : 0
      if (first === -Infinity) continue
      const second = density.logAt(proposal)
      const gain = heat < 1 ? (1 - heat) * (first - starts[i]) : 0
      if (Math.log(rng.uniform()) >= gain + heat * (second - targets[i])) continue
      row.set(proposal)
      starts[i] = first
      targets[i] = second
      taken++
    }
    return taken / walkers
  }

  let heat = 0
  for (let step = 0; heat < 1; step++) {
    const logs = targets.map((target, i) => target - starts[i])
    const rise = step < MOST_STEPS ? largestRise(logs, 1 - heat) : 0
    if (rise === 0) throw new RangeError(`annealPopulation: no walker of ${walkers} finds the density`)
    heat = Math.min(1, heat + rise)
    resample(points, starts, targets, weightsOf(logs, rise), width, rng)
    for (let sweep = 0, moves = 0; sweep < MOST_SWEEPS && moves < MOVES; sweep++) moves += move(heat)
  }
  return {
    points,
    sweep(times) {
      let taken = 0
      for (let t = 0; t < times; t++) taken += move(1) / times
      return taken
    },
  }
}

/** A point beside walker i, along the difference of two others; as likely as the way back. */
function propose(
  points: Float64Array,
  i: number,
  walkers: number,
  width: number,
  scales: Float64Array,
  rng: Rng,
  out: Float64Array,
): void {
  // Now and then a mirror image, of one column or of all: signs that the density does not tell apart are then as frequent.
  if (rng.uniform() < 0.1) {
    const one = rng.integer(2 * width)
    for (let k = 0; k < width; k++) out[k] = (one >= width || one === k ? -1 : 1) * points[i * width + k]
    return
  }
  let a = rng.integer(walkers - 1)
  if (a >= i) a++
  let b = rng.integer(walkers - 2)
  for (const other of a < i ? [a, i] : [i, a]) if (b >= other) b++
  // Mostly a step of its own size, often short, of all columns or of a few; now and then the whole way, from mode to mode.
  const isWhole = rng.uniform() < 0.1
  const isFew = !isWhole && width > 1 && rng.uniform() < 0.5
  const moved = isFew ? Math.min(width, 1 + rng.integer(3)) : width
  const size = isWhole ? 1 : (2.38 / Math.sqrt(2 * moved)) * 0.05 ** rng.uniform()
  let left = moved
  for (let k = 0; k < width; k++) {
    out[k] = points[i * width + k]
    if (isFew && rng.uniform() * (width - k) >= left) continue
    left--
    out[k] += size * (points[a * width + k] - points[b * width + k]) + 1e-6 * scales[k] * rng.normal()
  }
}

function weightsOf(logs: Float64Array, rise: number): Float64Array {
  const highest = logs.reduce((most, log) => Math.max(most, log), -Infinity)
  return logs.map(log => Math.exp(rise * (log - highest)))
}

/** How much more of the density can be let in; 0 when no walker has any. */
function largestRise(logs: Float64Array, most: number): number {
  const living = logs.reduce((count, log) => count + (log > -Infinity ? 1 : 0), 0)
  if (living === 0) return 0
  const isKept = (rise: number) => {
    const weights = weightsOf(logs, rise)
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return sum * sum >= KEPT_SHARE * living * weights.reduce((total, weight) => total + weight * weight, 0)
  }
  if (isKept(most)) return most
  let [low, high] = [0, most]
  for (let k = 0; k < 40; k++) {
    const middle = k < 20 ? Math.sqrt(Math.max(low, high * 1e-6) * high) : (low + high) / 2
    if (isKept(middle)) low = middle
    else high = middle
  }
  return low
}

/** Each walker is kept in proportion to its weight, by one chance for all. */
function resample(
  points: Float64Array,
  starts: Float64Array,
  targets: Float64Array,
  weights: Float64Array,
  width: number,
  rng: Rng,
): void {
  const cumulated = weights.slice()
  for (let i = 1; i < cumulated.length; i++) cumulated[i] += cumulated[i - 1]
  const step = cumulated[cumulated.length - 1] / weights.length
  const offset = rng.uniform()
  const [oldPoints, oldStarts, oldTargets] = [points.slice(), starts.slice(), targets.slice()]
  for (let i = 0; i < weights.length; i++) {
    const from = indexAbove(cumulated, (i + offset) * step)
    points.set(oldPoints.subarray(from * width, (from + 1) * width), i * width)
    starts[i] = oldStarts[from]
    targets[i] = oldTargets[from]
  }
}
