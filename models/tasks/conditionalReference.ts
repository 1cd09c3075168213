// Samples of any conditional of a reference task, good enough to judge others by: exact where the task has them, else by
// separate populations that must agree.
import { createRng } from '../math/rng.ts'
import { logNormal } from '../math/special.ts'
import { annealPopulation, type Density, type StartDensity } from './annealedPopulation.ts'
import { type ChainDiagnostics, diagnoseRuns } from './chainDiagnostics.ts'
import { askedOf, type Task, type TaskGiven } from './task.ts'

export interface ReferenceOptions {
  readonly seed: number
  /** Samples wanted. */
  readonly count: number
  /** Chains even where the task has exact draws, or even of data that can be drawn in the end: to test one by the other. */
  readonly isByChains?: boolean | 'all'
}

export interface Reference {
  /** [count, asked] in the order of the variables. */
  readonly samples: Float64Array
  /** Indices of the variables asked. */
  readonly asked: readonly number[]
  /** Of the chains; null where the samples are independent by construction. */
  readonly diagnostics: ChainDiagnostics | null
}

const PURPOSE = 0x7a5d
const TAIL_PURPOSE = 0x7a5e
const RUNS = 12
const WALKERS = 1000
/** Looks at the walkers that a round keeps, the sweeps between two of them in the first round, and the rounds. */
const LOOKS = 8
const SWEEPS_APART = 10
const ROUNDS = 7
/** What the runs must reach. A share of a mode of 1 / 2 is then known to 0.5 / sqrt(size). */
const MOST_R_HAT = 1.02
const LEAST_SIZE = 5000
const PROBES = 2000

/**
 * Samples of the asked variables given the others.
 *
 * @throws RangeError when what is given cannot be, more than 96,000 samples are wanted of chains, or the chains disagree:
 *   split R-hat above 1.02 or an effective size below 5,000
 */
export function conditionalReference(task: Task, given: TaskGiven, options: ReferenceOptions): Reference {
  const asked = askedOf(task, given)
  const { seed, count } = options
  if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`conditionalReference: ${count} samples`)
  if (options.isByChains === undefined) {
    const exact = exactSamples(task, given, asked, seed, count)
    if (exact !== null) return { samples: exact, asked, diagnostics: null }
  }
  const isParameter = (i: number) => task.variables[i].role === 'parameter'
  const walked = options.isByChains === 'all' || task.tail === undefined ? asked : asked.filter(isParameter)
  const head = walked.length === 0 ? null : chainSamples(task, given, walked, seed, count)
  if (walked.length === asked.length && head !== null) return head
  return { samples: drawTails(task, given, asked, head, seed, count), asked, diagnostics: head?.diagnostics ?? null }
}

/** Rows of the asked variables: the parameters that were found, and data drawn from them. */
function drawTails(
  task: Task,
  given: TaskGiven,
  asked: readonly number[],
  head: Reference | null,
  seed: number,
  count: number,
): Float64Array {
  const rng = createRng(seed, TAIL_PURPOSE)
  const samples = new Float64Array(count * asked.length)
  const values = Float64Array.from(given, value => value ?? 0)
  const walked = head?.asked ?? []
  for (let row = 0; row < count; row++) {
    for (const [k, i] of walked.entries()) values[i] = head?.samples[row * walked.length + k] ?? 0
    rng.seek(row)
    task.tail?.drawInto(rng, values, given)
    for (const [k, i] of asked.entries()) samples[row * asked.length + k] = values[i]
  }
  return samples
}

function exactSamples(
  task: Task,
  given: TaskGiven,
  asked: readonly number[],
  seed: number,
  count: number,
): Float64Array | null {
  if (asked.length === given.length) return task.draw(seed, 0, count)
  if (task.conditional !== undefined) return task.conditional(given, seed, count)
  if (!given.every((value, i) => (value === null) === (task.variables[i].role === 'parameter'))) return null
  const data = given.filter(value => value !== null)
  return task.posterior?.(data, seed, count) ?? null
}

function chainSamples(task: Task, given: TaskGiven, asked: readonly number[], seed: number, count: number): Reference {
  if (count > RUNS * WALKERS * LOOKS) throw new RangeError(`conditionalReference: ${count} samples of chains`)
  const values = Float64Array.from(given, value => value ?? 0)
  const hasTail = given.some((value, i) => value === null && !asked.includes(i))
  const density: Density = {
    width: asked.length,
    logAt(point) {
      for (let k = 0; k < asked.length; k++) values[asked[k]] = point[k]
      return hasTail && task.tail !== undefined ? task.tail.logHead(values, given) : task.logJoint(values)
    },
  }
  const start = startDensity(task, asked, seed)
  const width = asked.length
  const populations = Array.from({ length: RUNS }, (_, r) => {
    const rng = createRng(seed, PURPOSE)
    rng.seek(r)
    return annealPopulation(density, start, WALKERS, rng)
  })
  const runs = populations.map(() => new Float64Array(LOOKS * WALKERS * width))
  let diagnostics: ChainDiagnostics | null = null
  // What was seen before a round is forgotten; a round is as long as all that went before.
  for (let round = 0; round < ROUNDS; round++) {
    populations.forEach((population, r) => {
      for (let look = 0; look < LOOKS; look++) {
        population.sweep(SWEEPS_APART * 2 ** round)
        runs[r].set(population.points, look * WALKERS * width)
      }
    })
    diagnostics = diagnoseRuns(runs, width)
    if (diagnostics.worstRHat <= MOST_R_HAT && diagnostics.leastEffectiveSize >= LEAST_SIZE) {
      return { samples: takeTurns(runs, width, count), asked, diagnostics }
    }
  }
  const { worstRHat, leastEffectiveSize, worstColumn } = diagnostics ?? diagnoseRuns(runs, width)
  throw new RangeError(
    `conditionalReference: runs of ${task.name} disagree: R-hat ${worstRHat.toFixed(3)} of ` +
      `${task.variables[asked[worstColumn]].name}, effective size ${leastEffectiveSize.toFixed(0)}`,
  )
}

/** Row by row from every run in turn, the last look first: as many different walkers as there are. */
function takeTurns(runs: readonly Float64Array[], width: number, count: number): Float64Array {
  const samples = new Float64Array(count * width)
  for (let i = 0; i < count; i++) {
    const [run, place] = [runs[i % RUNS], Math.floor(i / RUNS)]
    const look = LOOKS - 1 - Math.floor(place / WALKERS)
    const row = look * WALKERS + (place % WALKERS)
    samples.set(run.subarray(row * width, (row + 1) * width), i * width)
  }
  return samples
}

/** Even where there are bounds, else a normal half as wide again as draws are. */
function startDensity(task: Task, asked: readonly number[], seed: number): StartDensity {
  const probes = task.draw(seed, 0, PROBES)
  const width = task.variables.length
  const means = new Float64Array(asked.length)
  const scales = new Float64Array(asked.length)
  asked.forEach((variable, k) => {
    const column = probes.filter((_, i) => i % width === variable)
    means[k] = column.reduce((sum, value) => sum + value, 0) / PROBES
    scales[k] = 1.5 * Math.sqrt(column.reduce((sum, value) => sum + (value - means[k]) ** 2, 0) / PROBES)
  })
  const bounds = asked.map(variable => task.variables[variable].bounds)
  return {
    width: asked.length,
    scales,
    drawInto(rng, point) {
      for (let k = 0; k < point.length; k++) {
        const limits = bounds[k]
        point[k] =
          limits === null ? means[k] + scales[k] * rng.normal() : limits[0] + (limits[1] - limits[0]) * rng.uniform()
      }
    },
    logAt(point) {
      let sum = 0
      for (let k = 0; k < point.length; k++) {
        const limits = bounds[k]
        if (limits === null) sum += logNormal(point[k], means[k], scales[k])
        else if (point[k] < limits[0] || point[k] > limits[1]) return -Infinity
      }
      return sum
    },
  }
}
