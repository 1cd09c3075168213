// A hidden chain of ten numbers, each seen through its square: the sign of each is told by its neighbours alone.
import { type ScalarTree, treeTask } from './scalarTree.ts'
import type { Task } from './task.ts'

const LENGTH = 10
const SD = 0.5
const chain: ScalarTree = {
  hidden: Array.from({ length: LENGTH }, (_, i) => ({ parent: i - 1, sd: SD })),
  data: Array.from({ length: LENGTH }, (_, i) => ({ hidden: i, mean: (p: number) => p * p, sd: SD })),
}

/** parameter_1 ~ N(0, 0.5), parameter_i ~ N(parameter_(i - 1), 0.5), data_i ~ N(parameter_i^2, 0.5); standard deviations. */
export const hiddenMarkov: Task = treeTask(chain, {
  name: 'hmm',
  title: 'Hidden Markov chain',
  source: 'Gloeckler et al. 2024 (ICML, arXiv:2404.09636)',
})
