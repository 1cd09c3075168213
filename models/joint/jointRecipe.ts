// How a reference task is learned, from its number of simulations.
import type { LinearKind } from '../diffusion/samplers.ts'
import type { JointRecipe } from './jointTrainer.ts'

/** How samples are drawn: a step more costs a call of the network. */
export const jointSampling: { readonly kind: LinearKind; readonly levels: number } = {
  kind: 'secondOrderSde',
  levels: 64,
}

/** Networks whose answers are averaged. */
export const JOINT_MEMBERS = 1

/**
 * @param seed of the weights and batches; the simulations have their own
 * @param simulations that are learned from: few are soon known by heart
 */
export function jointRecipe(seed: number, simulations: number): JointRecipe {
  return {
    seed,
    steps: simulations < 3000 ? 4000 : 12_000,
    warmupSteps: 200,
    peakLearningRate: 2e-3,
    weightDecay: 0.01,
    averageDecay: 0.999,
    heldOutShare: 0.05,
    network: { width: 128, blocks: 3, conditionWidth: 32, givenOctaves: 2 },
    batch: {
      rows: 512,
      rowsPerQuestion: 8,
      sigmaMin: 0.003,
      sigmaMax: 10,
      questions: { posterior: 0.35, joint: 0.05, likelihood: 0.05 },
    },
  }
}
