// Every reference task, by name.
import { gaussianLinear } from './gaussianLinear.ts'
import { gaussianMixture } from './gaussianMixture.ts'
import { hiddenMarkov } from './hmm.ts'
import { slcp } from './slcp.ts'
import type { Task } from './task.ts'
import { nonlinearTree } from './tree.ts'
import { twoMoons } from './twoMoons.ts'

export const taskTable: ReadonlyMap<string, Task> = new Map(
  [gaussianLinear, gaussianMixture, twoMoons, slcp, nonlinearTree, hiddenMarkov].map(task => [task.name, task]),
)
