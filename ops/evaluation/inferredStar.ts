// A real star with what the model says of it: of all its data, and of less where that is a test.
import type { GivenValue, InferOptions, LabelledPosterior, StarInput, StarPosterior } from '../../models/index.ts'
import { starClasses, youngClasses } from '../../schemas/index.ts'
import type { LabelledQuantity, RealStar, StarGroup } from './realStar.ts'

export interface InferredStar extends RealStar {
  readonly group: string
  readonly posterior: StarPosterior
  /** With the parallax left out; `null` where the parallax is missing or too uncertain to judge by. */
  readonly withoutParallax: StarPosterior | null
  /** With saturated magnitudes left out; `null` where none is saturated, nothing would be left, or nobody asked. */
  readonly withoutSaturated: StarPosterior | null
}

/** A parallax judges distances when it is this many times its error: its own distance is then good to 5%. */
export const MIN_PARALLAX_SNR = 20

export type Infer = (stars: readonly StarInput[], options: InferOptions) => Promise<readonly StarPosterior[]>

interface Question {
  readonly star: number
  readonly variant: 'posterior' | 'withoutParallax' | 'withoutSaturated'
  readonly input: StarInput
}

/**
 * Infers the stars of all groups, batch by batch.
 * @param onBatch called after each batch with the questions answered and all there are
 */
export async function inferGroups(
  groups: readonly StarGroup[],
  infer: Infer,
  options: InferOptions,
  onBatch: (done: number, total: number) => void,
): Promise<readonly InferredStar[]> {
  const stars = groups.flatMap(group => group.stars.map(star => ({ ...star, group: group.name })))
  const questions = stars.flatMap((star, i): Question[] => [
    { star: i, variant: 'posterior', input: star.input },
    ...lessOf(i, 'withoutParallax', star.input, judgingParallax(star) === null ? [] : ['parallaxMas']),
    // Only labels show whether saturated magnitudes do harm.
    ...lessOf(i, 'withoutSaturated', star.input, star.labels.length === 0 ? [] : star.saturated),
  ])
  const answers = stars.map(() => new Map<Question['variant'], StarPosterior>())
  const batchStars = 64
  for (let at = 0; at < questions.length; at += batchStars) {
    const batch = questions.slice(at, at + batchStars)
    const posteriors = await infer(
      batch.map(({ input }) => input),
      options,
    )
    batch.forEach(({ star, variant }, i) => {
      answers[star].set(variant, posteriors[i])
    })
    onBatch(at + batch.length, questions.length)
  }
  return stars.map((star, i) => {
    const posterior = answers[i].get('posterior')
    if (posterior === undefined) throw new RangeError(`inferGroups: star ${star.input.key} has no answer`)
    const withoutParallax = answers[i].get('withoutParallax') ?? null
    return { ...star, posterior, withoutParallax, withoutSaturated: answers[i].get('withoutSaturated') ?? null }
  })
}

function lessOf(
  star: number,
  variant: Question['variant'],
  { key, given }: StarInput,
  names: readonly string[],
): readonly Question[] {
  const left = given.filter(({ quantity }) => !names.includes(quantity))
  const isColour = left.filter(({ isLimit }) => !isLimit).length >= 2
  return names.length === 0 || !isColour ? [] : [{ star, variant, input: { key, given: left } }]
}

/** The parallax of a star where it is sure enough to judge a distance by. */
export function judgingParallax({ input }: RealStar): GivenValue | null {
  const parallax = input.given.find(({ quantity }) => quantity === 'parallaxMas')
  return parallax !== undefined && parallax.value > MIN_PARALLAX_SNR * parallax.err ? parallax : null
}

/** [S] samples of a column. @throws RangeError when the posterior does not have it */
export function samplesOf({ sampleNames, samples }: StarPosterior, name: string): Float32Array {
  const column = sampleNames.indexOf(name)
  if (column === -1) throw new RangeError(`samplesOf: no samples of ${name}`)
  const count = samples.length / sampleNames.length
  return samples.subarray(column * count, (column + 1) * count)
}

/** Samples of a quantity that is compared with labels, in its unit. */
export function samplesOfLabelled(posterior: StarPosterior, quantity: LabelledQuantity): Float32Array {
  if (quantity !== 'teffK') return samplesOf(posterior, quantity)
  return samplesOf(posterior, 'logTeffK').map(log => 10 ** log)
}

export function youngProbability({ classProbabilities }: StarPosterior): number {
  return youngClasses.reduce((sum, name) => sum + classProbabilities[starClasses.indexOf(name)], 0)
}

/** Distance from the parallax alone, dex(pc), beside that from everything else. */
export function distanceLabel(star: InferredStar): LabelledPosterior | null {
  const parallax = judgingParallax(star)
  if (parallax === null || star.withoutParallax === null) return null
  return {
    samples: samplesOf(star.withoutParallax, 'logDistancePc'),
    label: 3 - Math.log10(parallax.value),
    labelErr: parallax.err / (parallax.value * Math.LN10),
  }
}
