// A spectrum by itself: the posterior of its star, of which nothing else is known.
import { givenSpectra, type PosteriorModel, type StarInput, summarize } from '../../models/index.ts'
import { type Spectrum, starClasses } from '../../schemas/index.ts'
import { type Interval, intervals } from '../stars/starView.ts'

export interface LonePosterior {
  /** Names of what the model was given; none where it reads no such spectrum, and then there is no answer. */
  readonly given: readonly string[]
  readonly intervals: readonly Interval[]
  readonly classes: readonly { readonly name: string; readonly probability: number }[]
  /** Probability that a spectrum of the training lies as far out; null where the model has no measure of it. */
  readonly familiarity: number | null
  readonly flags: readonly string[]
}

/** @returns null where the model reads nothing of the spectrum: what it said would be its prior */
export async function lonePosterior(
  model: PosteriorModel,
  spectrum: Spectrum,
  options: Parameters<PosteriorModel['infer']>[1],
): Promise<LonePosterior | null> {
  const { spectrumId, survey, segments } = spectrum
  const input: StarInput = {
    key: spectrumId,
    given: [],
    spectra: givenSpectra([spectrum]),
    pixels: segments.length === 0 ? [] : [{ survey, segments }],
  }
  const [answer] = await model.infer([input], options)
  const { observables, sampleNames, samples, classProbabilities, familiarity, flags } = answer
  if (observables.length === 0) return null
  const { sampleCount } = options
  const summaries = sampleNames.map((name, i) =>
    summarize(name, samples.subarray(i * sampleCount, (i + 1) * sampleCount)),
  )
  return {
    given: observables,
    intervals: intervals(summaries),
    classes: starClasses.map((name, i) => ({ name, probability: classProbabilities[i] })),
    ...{ familiarity, flags },
  }
}
