// What callers ask of a model and what they get back: stars in, posteriors out.
import type { SpectrumSegment, Summary } from '../schemas/index.ts'

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

/** A spectrum by the coefficients of a survey's own basis. */
export interface GivenSpectrum {
  /** One of `modelSpectra`. */
  readonly name: string
  /** [55] electrons/s. */
  readonly coefficients: ArrayLike<number>
  /** [55] 1-sigma errors in the same unit, above zero. */
  readonly errors: ArrayLike<number>
}

/** A spectrum by its pixels, as its survey delivered it. */
export interface GivenPixels {
  /** One that `modalityOf` knows, such as boss. */
  readonly survey: string
  readonly segments: readonly SpectrumSegment[]
}

export interface StarInput {
  /** Names the star's own stream of random numbers: the posterior does not depend on its neighbours in a batch. */
  readonly key: string
  readonly given: readonly GivenValue[]
  readonly spectra?: readonly GivenSpectrum[]
  /** At most one that each encoder reads; a model without encoders leaves them out. */
  readonly pixels?: readonly GivenPixels[]
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
  /** Observables and spectra that the model was given. */
  readonly observables: readonly string[]
  /** Warnings, such as outOfDistribution or unlikeTraining. */
  readonly flags: readonly string[]
  /**
   * Probability that a star of the training lies as far from the middle of its kind as this one, or farther; null where the
   * model has no measure of it, or none for stars that these surveys have seen. With spectra with pixels see `jointFamiliarity`.
   */
  readonly familiarity: number | null
  /** Summaries as the network drew them, where the samples were corrected for what it gets wrong in stars of this pattern; else empty. */
  readonly uncorrected: readonly Summary[]
}

/** A model that also shows what it makes of a star before it answers. */
export interface EmbeddingModel extends PosteriorModel {
  /** [D] what the star's own token gathered, a star each; the same numbers that its posterior is drawn from, within float32. */
  embed(stars: readonly StarInput[]): Promise<readonly Float32Array[]>
  /** What the posteriors of the stars would say of it, without drawing them. */
  familiarities(stars: readonly StarInput[]): Promise<readonly (number | null)[]>
}

/** An opened checkpoint. */
export interface PosteriorModel {
  /** Hash of weights, configuration and schemas. */
  readonly fingerprint: string
  /** Stars that it is best asked of at one time; left out where it does not matter. */
  readonly batchStars?: number | undefined
  /** Names of the spectra with pixels that it reads, as `StarPosterior.observables` has them; left out where it reads none. */
  readonly pixelSpectra?: readonly string[] | undefined
  infer(stars: readonly StarInput[], options: InferOptions): Promise<readonly StarPosterior[]>
  close(): Promise<void>
}
