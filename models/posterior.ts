// What callers ask of a model and what they get back: stars in, posteriors out.

/** One measurement the model is told of. */
export interface GivenValue {
  /** Name of an observable of the vocabulary; its unit is in the name. */
  readonly quantity: string
  readonly value: number
  /** 1-sigma error in the same unit, above zero. */
  readonly err: number
  /** True when the true flux is fainter than the value. */
  readonly isLimit: boolean
}

export interface StarInput {
  /** Names the star's own stream of random numbers: the posterior does not depend on its neighbours in a batch. */
  readonly key: string
  readonly given: readonly GivenValue[]
}

export interface InferOptions {
  readonly sampleCount: number
  readonly seed: bigint
}

export interface StarPosterior {
  readonly key: string
  /** Columns of the samples: parameters, then derived quantities. */
  readonly sampleNames: readonly string[]
  /** [names x sampleCount], one column after another; finite everywhere. */
  readonly samples: Float32Array
  /** Probabilities in the order of `starClasses`; they sum to one. */
  readonly classProbabilities: readonly number[]
  /** The prior they were computed under, in the same order. */
  readonly classPrior: readonly number[]
  /** Observables that the model was given. */
  readonly observables: readonly string[]
  /** Warnings, such as outOfDistribution. */
  readonly flags: readonly string[]
}

/** An opened checkpoint. */
export interface PosteriorModel {
  /** Hash of weights, configuration and schemas. */
  readonly fingerprint: string
  infer(stars: readonly StarInput[], options: InferOptions): Promise<readonly StarPosterior[]>
  close(): Promise<void>
}
