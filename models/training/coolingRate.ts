// The learning rate of small networks: up in a straight line, then down to nothing by a cosine.

export interface Cooling {
  readonly steps: number
  readonly warmupSteps: number
  readonly peakLearningRate: number
}

/** @param step from 1. Source: Loshchilov & Hutter 2017, arXiv:1608.03983, without restarts. */
export function coolingRate({ warmupSteps, steps, peakLearningRate }: Cooling, step: number): number {
  if (step < warmupSteps) return (peakLearningRate * step) / warmupSteps
  return 0.5 * peakLearningRate * (1 + Math.cos((Math.PI * (step - warmupSteps)) / Math.max(1, steps - warmupSteps)))
}
