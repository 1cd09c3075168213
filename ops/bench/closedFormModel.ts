// A posterior that is known in closed form and costs nothing, for benches and tests of everything around the model.
import { createHash } from 'node:crypto'
import type { InferOptions, PosteriorModel, StarInput, StarPosterior } from '../../models/index.ts'
import { createRng } from '../../models/index.ts'
import { starClasses } from '../../schemas/index.ts'

/** Prior of log10 distance in parsec: normal. */
export const PRIOR_MEAN = 2.5
export const PRIOR_SD = 0.5
/** Every star is thought to have this absolute magnitude in every band, with a normal scatter. */
export const ABSOLUTE_MAG = 4.5
export const SCATTER_MAG = 1

/**
 * Of each magnitude m: m = M + 5 log d - 5 with M normal, so the posterior of log d is normal, its precision the sum of
 * the prior's and of 25 / (scatter^2 + err^2) for each band. Classes keep their prior: the model knows nothing of them.
 */
export function closedForm(star: StarInput): { readonly mean: number; readonly sd: number } {
  let precision = PRIOR_SD ** -2
  let weighted = PRIOR_MEAN * precision
  for (const { quantity, value, err } of star.given) {
    if (!quantity.endsWith('Mag')) continue
    const weight = 25 / (SCATTER_MAG ** 2 + err ** 2)
    precision += weight
    weighted += (weight * (value - ABSOLUTE_MAG + 5)) / 5
  }
  return { mean: weighted / precision, sd: precision ** -0.5 }
}

/** Stands in for the project's own `openPosteriorModel`. */
export async function openPosteriorModel(): Promise<PosteriorModel> {
  return {
    fingerprint: 'closedForm',
    infer: async (stars, options) => stars.map(star => drawPosterior(star, options)),
    close: async () => {},
  }
}

function drawPosterior(star: StarInput, { sampleCount, seed }: InferOptions): StarPosterior {
  const rng = createRng(Number(BigInt.asUintN(53, seed)))
  rng.seek(createHash('sha256').update(star.key).digest().readUIntBE(0, 6))
  const { mean, sd } = closedForm(star)
  const share = starClasses.map(() => 1 / starClasses.length)
  return {
    key: star.key,
    sampleNames: ['logDistancePc'],
    samples: Float32Array.from({ length: sampleCount }, () => mean + sd * rng.normal()),
    classProbabilities: share,
    classPrior: share,
    observables: star.given.map(one => one.quantity),
    flags: [],
    familiarity: null,
    uncorrected: [],
  }
}
