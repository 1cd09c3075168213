// Calibration: what every check looks at, posteriors of stars whose true parameters are known.

/** Draws from N posteriors over P parameters, S draws each, beside the truths. */
export interface PosteriorDraws {
  /** P names of the vocabulary, or of a toy problem; the unit is in the name. */
  readonly names: readonly string[]
  readonly starCount: number
  readonly sampleCount: number
  /** [N x P] star after star. */
  readonly truths: Float64Array
  /** [N x P x S] star after star, within a star one parameter after another, as in `StarPosterior.samples`. */
  readonly samples: Float32Array | Float64Array
}

/**
 * Checks shapes and finiteness once, so that the numerical code below need not.
 *
 * @throws RangeError when lengths do not fit together, nothing is there, or a value is not finite
 */
export function posteriorDraws(
  names: readonly string[],
  truths: Float64Array,
  samples: Float32Array | Float64Array,
): PosteriorDraws {
  const starCount = truths.length / names.length
  const sampleCount = samples.length / truths.length
  if (!Number.isInteger(starCount) || !Number.isInteger(sampleCount) || starCount < 1 || sampleCount < 1) {
    throw new RangeError(
      `posteriorDraws: ${names.length} names, ${truths.length} truths and ${samples.length} samples do not fit together`,
    )
  }
  if (!truths.every(Number.isFinite) || !samples.every(Number.isFinite)) {
    throw new RangeError('posteriorDraws: a truth or a sample is not finite')
  }
  return { names, starCount, sampleCount, truths, samples }
}

/** [S] draws of one parameter of one star, a view and not a copy. */
export function drawsOf(draws: PosteriorDraws, star: number, parameter: number): Float32Array | Float64Array {
  const start = (star * draws.names.length + parameter) * draws.sampleCount
  return draws.samples.subarray(start, start + draws.sampleCount)
}

/** [N] truths of one parameter. */
export function truthsOf(draws: PosteriorDraws, parameter: number): Float64Array {
  const width = draws.names.length
  return Float64Array.from({ length: draws.starCount }, (_, star) => draws.truths[star * width + parameter])
}
