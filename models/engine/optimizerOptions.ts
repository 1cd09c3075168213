// What a training step is told beside the batch: the optimizer's settings, and the scalars that change from step to step.

export interface OptimizerOptions {
  /** Adam's decay rates and its guard against division by zero. */
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Gradients are scaled down to this global norm; null leaves them as they are. */
  readonly clipNorm: number | null
  /** Decoupled weight decay (AdamW) of parameters with two or more axes; 0 is plain Adam. */
  readonly weightDecay: number
  /** Decay of the moving average of the weights; early steps use the smaller (1 + step) / (10 + step). */
  readonly averageDecay: number
}

export const defaultOptimizer: OptimizerOptions = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clipNorm: 1,
  weightDecay: 0,
  averageDecay: 0.999,
}

/** The flat vectors and scalars of an update. Names start with a dot to stay clear of the caller's. */
export const stateNames = ['.parameters', '.firstMoment', '.secondMoment', '.average'] as const
export const rateNames = ['.learningRate', '.firstCorrection', '.secondCorrection', '.averageDecay'] as const

/** The scalars that depend on how many updates were made, computed in float64. */
export function ratesAt(step: number, learningRate: number, options: OptimizerOptions): Record<string, Float32Array> {
  const { beta1, beta2, averageDecay } = options
  return {
    '.learningRate': Float32Array.of(learningRate),
    '.firstCorrection': Float32Array.of(1 / (1 - beta1 ** step)),
    '.secondCorrection': Float32Array.of(1 / (1 - beta2 ** step)),
    '.averageDecay': Float32Array.of(Math.min(averageDecay, (1 + step) / (10 + step))),
  }
}
