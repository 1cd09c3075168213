// How a student is taught.
import type { StudentRecipe } from './studentTrainer.ts'

/** Four calls, of which the first is shared by all samples of an observation. */
export function studentRecipe(seed: number): StudentRecipe {
  return {
    seed,
    lessons: 100_000,
    jitter: 0.03,
    steps: 5000,
    rows: 512,
    warmupSteps: 100,
    peakLearningRate: 2e-3,
    averageDecay: 0.998,
    network: {
      ...{ dataWidth: 96, firstComponents: 8, dataOctaves: 5, parameterOctaves: 5 },
      ...{ width: 96, blocks: 2, components: 8, levels: [0.4, 0.12, 0.03] },
    },
  }
}
