// A tree of three parameters with two data at each leaf, bent by squares and sines: its posterior has many modes.
import { drawTree, drawTreeConditional, logTree, type ScalarTree, treeGraph } from './scalarTree.ts'
import { askedOf, drawRows, givenData, type Task, type TaskGiven, taskVariables } from './task.ts'

const tree: ScalarTree = {
  hidden: [
    { parent: -1, sd: 1 },
    { parent: 0, sd: 1 },
    { parent: 0, sd: 1 },
  ],
  data: [
    { hidden: 1, mean: p => Math.sin(p) ** 2, sd: 0.2 },
    { hidden: 1, mean: p => 0.1 * p * p, sd: 0.2 },
    { hidden: 2, mean: p => 0.1 * p * p, sd: 0.6 },
    { hidden: 2, mean: p => Math.cos(p) ** 2, sd: 0.1 },
  ],
}
const shape = { name: 'tree', variables: taskVariables(tree.hidden.length, tree.data.length, null) }

const conditional = (given: TaskGiven, seed: number, count: number) =>
  drawTreeConditional(tree, given, askedOf(shape, given), seed, count)

/** parameter_1 ~ N(0, 1), parameter_2 and parameter_3 ~ N(parameter_1, 1); seven variables, as the paper's code has it. */
export const nonlinearTree: Task = {
  ...shape,
  title: 'Nonlinear tree',
  source: 'Gloeckler et al. 2024 (ICML, arXiv:2404.09636)',
  neighbours: treeGraph(tree),
  draw: (seed, first, count) =>
    drawRows(seed, first, count, shape.variables.length, (rng, row) => drawTree(tree, rng, row)),
  logJoint: values => logTree(tree, values),
  conditional,
  posterior: (data, seed, count) => conditional(givenData(shape, data), seed, count),
}
