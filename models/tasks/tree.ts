// A tree of three parameters with two data at each leaf, bent by squares and sines: its posterior has many modes.
import { type ScalarTree, treeTask } from './scalarTree.ts'
import type { Task } from './task.ts'

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

/** parameter_1 ~ N(0, 1), parameter_2 and parameter_3 ~ N(parameter_1, 1); seven variables, as the paper's code has it. */
export const nonlinearTree: Task = treeTask(tree, {
  name: 'tree',
  title: 'Nonlinear tree',
  source: 'Gloeckler et al. 2024 (ICML, arXiv:2404.09636)',
})
