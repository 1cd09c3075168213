// A hidden chain of ten numbers, each seen through its square: the sign of each is told by its neighbours alone.
import { drawTree, drawTreeConditional, logTree, type ScalarTree, treeGraph } from './scalarTree.ts'
import { askedOf, drawRows, givenData, type Task, type TaskGiven, taskVariables } from './task.ts'

const LENGTH = 10
const SD = 0.5
const chain: ScalarTree = {
  hidden: Array.from({ length: LENGTH }, (_, i) => ({ parent: i - 1, sd: SD })),
  data: Array.from({ length: LENGTH }, (_, i) => ({ hidden: i, mean: (p: number) => p * p, sd: SD })),
}
const shape = { name: 'hmm', variables: taskVariables(LENGTH, LENGTH, null) }

const conditional = (given: TaskGiven, seed: number, count: number) =>
  drawTreeConditional(chain, given, askedOf(shape, given), seed, count)

/** parameter_1 ~ N(0, 0.5), parameter_i ~ N(parameter_(i - 1), 0.5), data_i ~ N(parameter_i^2, 0.5); standard deviations. */
export const hiddenMarkov: Task = {
  ...shape,
  title: 'Hidden Markov chain',
  source: 'Gloeckler et al. 2024 (ICML, arXiv:2404.09636)',
  neighbours: treeGraph(chain),
  draw: (seed, first, count) =>
    drawRows(seed, first, count, shape.variables.length, (rng, row) => drawTree(chain, rng, row)),
  logJoint: values => logTree(chain, values),
  conditional,
  posterior: (data, seed, count) => conditional(givenData(shape, data), seed, count),
}
