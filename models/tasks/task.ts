// What a reference task is: a simulator whose joint density is known, so that any sampler of it can be judged.
import { createRng, type Rng } from '../math/rng.ts'

export interface TaskVariable {
  /** As the benchmark's files have it in their first line: parameter_1, data_1. */
  readonly name: string
  readonly role: 'parameter' | 'data'
  /** The density is zero outside; null where it is zero nowhere. */
  readonly bounds: readonly [number, number] | null
}

/** One entry a variable: its value, or null where it is asked for. */
export type TaskGiven = readonly (number | null)[]

export interface Task {
  readonly name: string
  readonly title: string
  /** The paper that defines it. */
  readonly source: string
  /** Parameters first. */
  readonly variables: readonly TaskVariable[]
  /** For each variable those that it is drawn from: the directed graph, an arrow from each of them to it. */
  readonly neighbours: readonly (readonly number[])[]
  /**
   * Groups of variables that are drawn alike, so that they may trade places: of each group the first with the first, and so
   * on. What the simulator says by drawing them in one loop.
   */
  readonly alike?: readonly (readonly number[])[]
  /**
   * Joint draws of all variables; draw i depends on the seed and on i alone.
   *
   * @returns [count, V] the draws first to first + count - 1, row by row
   */
  draw(seed: number, first: number, count: number): Float64Array
  /** Natural log of the joint density of all variables, normalised; -Infinity where it is zero. */
  logJoint(values: ArrayLike<number>): number
  /**
   * Independent draws of what is asked, where all conditionals have a closed form or an integral over one number at a time.
   *
   * @returns [count, asked] in the order of the variables
   * @throws RangeError when the values given cannot be, or are not one a variable
   */
  conditional?(given: TaskGiven, seed: number, count: number): Float64Array
  /**
   * Where data that are asked for can be drawn once all parameters are known: chains then walk the parameters alone. Both
   * take all values in the order of the variables and know from `given` which of the data are asked for.
   */
  readonly tail?: {
    /** Natural log of the density of the parameters and of the data that are given. */
    logHead(values: ArrayLike<number>, given: TaskGiven): number
    /** Writes the data that are asked for. */
    drawInto(rng: Rng, values: Float64Array, given: TaskGiven): void
  }
  /** Independent draws of all parameters given all data. @returns [count, parameters]; @throws RangeError as conditional */
  posterior?(data: ArrayLike<number>, seed: number, count: number): Float64Array
}

/** Keeps the draws of tasks apart from other users of a seed. */
const PURPOSE = 0x7a5c

/** Variables of so many parameters and data, named as the benchmark names them. */
export function taskVariables(
  parameterCount: number,
  dataCount: number,
  parameterBounds: readonly [number, number] | null,
): readonly TaskVariable[] {
  const named = (role: 'parameter' | 'data', count: number, bounds: readonly [number, number] | null) =>
    Array.from({ length: count }, (_, i) => ({ name: `${role}_${i + 1}`, role, bounds }))
  return [...named('parameter', parameterCount, parameterBounds), ...named('data', dataCount, null)]
}

/**
 * Rows of numbers, each from the stream of its own index.
 *
 * @param fill writes one row
 * @returns [count, width]
 */
export function drawRows(
  seed: number,
  first: number,
  count: number,
  width: number,
  fill: (rng: Rng, row: Float64Array) => void,
): Float64Array {
  const rng = createRng(seed, PURPOSE)
  const rows = new Float64Array(count * width)
  for (let i = 0; i < count; i++) {
    rng.seek(first + i)
    fill(rng, rows.subarray(i * width, (i + 1) * width))
  }
  return rows
}

/** The variables that are asked for. @throws RangeError when none is, or the values are not one a variable, finite and in bounds */
export function askedOf(task: Pick<Task, 'name' | 'variables'>, given: TaskGiven): readonly number[] {
  if (given.length !== task.variables.length) {
    throw new RangeError(`${task.name}: ${given.length} values given for ${task.variables.length} variables`)
  }
  given.forEach((value, i) => {
    const { name, bounds } = task.variables[i]
    if (value === null) return
    if (!Number.isFinite(value) || (bounds !== null && (value < bounds[0] || value > bounds[1]))) {
      throw new RangeError(`${task.name}: ${name} cannot be ${value}`)
    }
  })
  const asked = [...given.keys()].filter(i => given[i] === null)
  if (asked.length === 0) throw new RangeError(`${task.name}: every variable is given, none is asked for`)
  return asked
}

/** All data given, all parameters asked. @throws RangeError when the data are not as many as the task has */
export function givenData(task: Pick<Task, 'name' | 'variables'>, data: ArrayLike<number>): TaskGiven {
  const parameters = task.variables.filter(({ role }) => role === 'parameter')
  if (data.length !== task.variables.length - parameters.length) {
    throw new RangeError(`${task.name}: ${data.length} data for ${task.variables.length - parameters.length}`)
  }
  return [...parameters.map(() => null), ...Array.from(data)]
}

/**
 * The graph without arrows that a density of this directed graph factors over: variables are joined when one is drawn
 * from the other, or a third from both.
 *
 * @returns [V][V] true where joined, and on the diagonal
 */
export function moralGraph(task: Pick<Task, 'neighbours'>): readonly (readonly boolean[])[] {
  const count = task.neighbours.length
  const joined = Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, j) => i === j))
  task.neighbours.forEach((parents, i) => {
    const family = [i, ...parents]
    for (const a of family) for (const b of family) joined[a][b] = true
  })
  return joined
}
