// Hidden numbers on a tree, each a Gaussian about its parent, with data that hang on one of them each: any conditional by
// sums over one number at a time, up the tree and down again. A chain is such a tree.
import type { Rng } from '../math/rng.ts'
import { logNormal } from '../math/special.ts'
import { askedOf, drawRows, givenData, type Task, type TaskGiven, taskVariables } from './task.ts'

export interface HiddenNode {
  /** An earlier node, or -1 for the root, whose mean is 0. */
  readonly parent: number
  readonly sd: number
}

export interface DataNode {
  readonly hidden: number
  readonly mean: (hidden: number) => number
  readonly sd: number
}

export interface ScalarTree {
  readonly hidden: readonly HiddenNode[]
  readonly data: readonly DataNode[]
}

/** The task that a tree is: hidden numbers are its parameters. */
export function treeTask(tree: ScalarTree, about: Pick<Task, 'name' | 'title' | 'source'>): Task {
  const shape = { name: about.name, variables: taskVariables(tree.hidden.length, tree.data.length, null) }
  const conditional = (given: TaskGiven, seed: number, count: number) =>
    drawTreeConditional(tree, given, askedOf(shape, given), seed, count)
  return {
    ...about,
    ...shape,
    neighbours: treeGraph(tree),
    draw: (seed, first, count) =>
      drawRows(seed, first, count, shape.variables.length, (rng, row) => drawTree(tree, rng, row)),
    logJoint: values => logTree(tree, values),
    conditional,
    posterior: (data, seed, count) => conditional(givenData(shape, data), seed, count),
  }
}

/** Cells a standard deviation of what is narrowest: the density between two points is taken as a straight line. */
const CELLS_PER_SD = 40
const REACH_SDS = 7

/** Joint draw of hidden numbers and data, into `row`. */
export function drawTree(tree: ScalarTree, rng: Rng, row: Float64Array): void {
  const { hidden, data } = tree
  hidden.forEach(({ parent, sd }, i) => {
    row[i] = (parent < 0 ? 0 : row[parent]) + sd * rng.normal()
  })
  data.forEach((node, j) => {
    row[hidden.length + j] = node.mean(row[node.hidden]) + node.sd * rng.normal()
  })
}

/** Log density of hidden numbers and data. */
export function logTree(tree: ScalarTree, values: ArrayLike<number>): number {
  const { hidden, data } = tree
  let sum = 0
  for (let i = 0; i < hidden.length; i++) {
    sum += logNormal(values[i], hidden[i].parent < 0 ? 0 : values[hidden[i].parent], hidden[i].sd)
  }
  for (let j = 0; j < data.length; j++) {
    sum += logNormal(values[hidden.length + j], data[j].mean(values[data[j].hidden]), data[j].sd)
  }
  return sum
}

/** The directed graph: hidden numbers first, then data. */
export function treeGraph(tree: ScalarTree): readonly (readonly number[])[] {
  return [...tree.hidden.map(({ parent }) => (parent < 0 ? [] : [parent])), ...tree.data.map(({ hidden }) => [hidden])]
}

/**
 * Independent draws of what is asked given the rest, exact but for the grid: 40 points a standard deviation of the
 * narrowest law, straight lines between them.
 *
 * @param asked indices of the values that are null
 * @returns [count, asked]
 */
export function drawTreeConditional(
  tree: ScalarTree,
  given: readonly (number | null)[],
  asked: readonly number[],
  seed: number,
  count: number,
): Float64Array {
  const { hidden, data } = tree
  const grid = gridOf(tree, given)
  const evidence = evidenceOf(tree, given, grid)
  const row = new Float64Array(hidden.length + data.length)
  const density = new Float64Array(grid.length)
  return drawRows(seed, 0, count, asked.length, (rng, out) => {
    for (let i = 0; i < hidden.length; i++) {
      const { parent, sd } = hidden[i]
      const mean = parent < 0 ? 0 : row[parent]
      const own = evidence[i]
      row[i] = given[i] ?? (own === null ? mean + sd * rng.normal() : drawOnGrid(rng, grid, own, mean, sd, density))
    }
    for (let j = 0; j < data.length; j++) {
      const node = data[j]
      row[hidden.length + j] = given[hidden.length + j] ?? node.mean(row[node.hidden]) + node.sd * rng.normal()
    }
    for (let k = 0; k < asked.length; k++) out[k] = row[asked[k]]
  })
}

/** Points that hold all of every hidden number's law: its prior, and what lies about the values given. */
function gridOf(tree: ScalarTree, given: readonly (number | null)[]): Float64Array {
  const variances: number[] = []
  let [reach, finest] = [0, Infinity]
  tree.hidden.forEach(({ parent, sd }, i) => {
    variances.push((parent < 0 ? 0 : variances[parent]) + sd * sd)
    reach = Math.max(reach, REACH_SDS * Math.sqrt(variances[i]), Math.abs(given[i] ?? 0) + REACH_SDS * sd)
    finest = Math.min(finest, sd)
  })
  for (const { sd } of tree.data) finest = Math.min(finest, sd)
  const half = Math.ceil((reach * CELLS_PER_SD) / finest)
  return Float64Array.from({ length: 2 * half + 1 }, (_, k) => ((k - half) * reach) / half)
}

/**
 * Of each hidden number the likelihood of all that is given at it and below, on the grid, largest value 1.
 *
 * @returns null where nothing below is given
 */
function evidenceOf(
  tree: ScalarTree,
  given: readonly (number | null)[],
  grid: Float64Array,
): readonly (Float64Array | null)[] {
  const { hidden, data } = tree
  const logs: (Float64Array | null)[] = hidden.map(() => null)
  const add = (i: number, logFactor: (k: number) => number) => {
    const sum = logs[i] ?? new Float64Array(grid.length)
    for (let k = 0; k < grid.length; k++) sum[k] += logFactor(k)
    logs[i] = sum
  }
  data.forEach((node, j) => {
    const value = given[hidden.length + j]
    if (value !== null) add(node.hidden, k => logNormal(value, node.mean(grid[k]), node.sd))
  })
  const evidence: (Float64Array | null)[] = hidden.map(() => null)
  for (let i = hidden.length - 1; i >= 0; i--) {
    const { parent, sd } = hidden[i]
    const [value, own] = [given[i], logs[i]]
    if (own !== null) {
      const highest = own.reduce((most, log) => Math.max(most, log), -Infinity)
      evidence[i] = own.map(log => Math.exp(log - highest))
    }
    if (parent < 0) continue
    if (value !== null) add(parent, k => logNormal(value, grid[k], sd))
    else if (evidence[i] !== null) {
      const passed = smoothed(evidence[i] as Float64Array, grid[1] - grid[0], sd)
      add(parent, k => Math.log(passed[k]))
    }
  }
  return evidence
}

/** Convolution with N(0, sd). */
function smoothed(values: Float64Array, spacing: number, sd: number): Float64Array {
  const kernel = values.map((_, k) => Math.exp(-0.5 * ((k * spacing) / sd) ** 2))
  return values.map((_, k) => {
    let sum = 0
    for (let j = 0; j < values.length; j++) sum += kernel[Math.abs(k - j)] * values[j]
    // Where nothing reaches, a number too small to matter keeps the logarithm finite.
    return Math.max(sum, 1e-300)
  })
}

/** A draw of the density N(mean, sd) times the evidence, from the cells within reach of the mean. */
function drawOnGrid(
  rng: Rng,
  grid: Float64Array,
  evidence: Float64Array,
  mean: number,
  sd: number,
  density: Float64Array,
): number {
  const spacing = grid[1] - grid[0]
  const first = Math.max(0, Math.floor((mean - REACH_SDS * sd - grid[0]) / spacing))
  const last = Math.min(grid.length - 1, Math.ceil((mean + REACH_SDS * sd - grid[0]) / spacing))
  // From the point next to the mean outwards each normal density is a product of the last: no exponential a point.
  const middle = Math.min(last, Math.max(first, Math.round((mean - grid[0]) / spacing)))
  const fall = Math.exp(-((spacing / sd) ** 2))
  for (const step of [1, -1]) {
    const away = (step * (grid[middle] - mean)) / sd
    let weight = Math.exp(-0.5 * away * away)
    let ratio = Math.exp((-away * spacing) / sd - 0.5 * (spacing / sd) ** 2)
    for (let k = middle; k >= first && k <= last; k += step) {
      density[k] = evidence[k] * weight
      weight *= ratio
      ratio *= fall
    }
  }
  let total = 0
  for (let k = first; k < last; k++) total += density[k] + density[k + 1]
  let left = rng.uniform() * total
  let cell = first
  while (cell < last - 1 && left > density[cell] + density[cell + 1]) {
    left -= density[cell] + density[cell + 1]
    cell++
  }
  // Within a cell the density is a line from a to b: the root of its integral.
  const [a, b] = [density[cell], density[cell + 1]]
  const root = Math.sqrt(Math.max(0, a * a + (b - a) * left))
  return grid[cell] + spacing * (a + root > 0 ? Math.min(1, left / (a + root)) : rng.uniform())
}
