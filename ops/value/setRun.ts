// Fresh stars that everybody has seen, shown to a model by set after set of surveys.
import {
  createPilotSimulator,
  createPixelNights,
  drawFullStars,
  type InferOptions,
  modalityOf,
  type PosteriorModel,
  posteriorDraws,
  type SpectralTemplates,
  type SpectrographName,
  type StarInput,
  spectrographNames,
} from '../../models/index.ts'
import { starClasses, youngClasses } from '../../schemas/index.ts'
import { type SetPosteriors, valueNames } from './setPosteriors.ts'
import { type SurveySet, seenBy } from './surveySets.ts'

export interface SetRun {
  readonly model: PosteriorModel
  /** @param instruments surveys of spectra with pixels that the model reads and that are simulated */
  readonly setsOf: (instruments: readonly SpectrographName[]) => readonly SurveySet[]
  readonly starCount: number
  /** Of spectra with pixels, in place of the built-in ones. */
  readonly templates?: SpectralTemplates
  /** Of the stars. */
  readonly seed: number
  readonly options: InferOptions
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** Stars that are looked at for one that everybody has seen, at most. */
const DRAWS_PER_STAR = 100

interface Collected {
  readonly set: SurveySet
  /** [P x S] of each star. */
  readonly samples: Float32Array[]
  readonly probabilities: number[]
}

/** @returns the posteriors of all stars by each set */
export async function runSets(run: SetRun): Promise<readonly SetPosteriors[]> {
  const { model, setsOf, starCount, seed } = run
  const instruments = spectrographNames.filter(name => {
    const modality = modalityOf(name)
    return modality !== null && model.pixelSpectra?.includes(modality.spectrumName) === true
  })
  const batches = drawFullStars(
    createPilotSimulator({ missing: 'natural', hasSpectra: true }),
    createPixelNights(instruments, run.templates),
    valueNames,
    { seed, count: starCount, maxDraws: DRAWS_PER_STAR * starCount },
  )
  const collected = setsOf(instruments).map((set): Collected => ({ set, samples: [], probabilities: [] }))
  const truths: number[] = []
  const classIndex: number[] = []
  let done = 0
  for (const batch of batches) {
    for (const one of collected) {
      await inferInto(one, batch.stars, run, count => {
        done += count
        run.onProgress(done, collected.length * starCount)
      })
    }
    truths.push(...batch.truths)
    classIndex.push(...batch.classIndex)
  }
  return collected.map(({ set, samples, probabilities }) => ({
    set,
    draws: posteriorDraws(valueNames, Float64Array.from(truths), joinSamples(samples)),
    classes: {
      names: [...starClasses],
      probabilities: Float64Array.from(probabilities),
      truths: Int32Array.from(classIndex),
      unions: new Map([['young', [...youngClasses]]]),
    },
  }))
}

async function inferInto(
  { set, samples, probabilities }: Collected,
  stars: readonly StarInput[],
  { model, options, signal }: SetRun,
  onStars: (count: number) => void,
): Promise<void> {
  const { sampleCount } = options
  signal.throwIfAborted()
  const batch = stars.map(star => seenBy(star, set))
  for (const posterior of await model.infer(batch, options)) {
    const columns = valueNames.map(name => {
      const from = posterior.sampleNames.indexOf(name) * sampleCount
      return posterior.samples.subarray(from, from + sampleCount)
    })
    samples.push(joinSamples(columns))
    probabilities.push(...posterior.classProbabilities)
  }
  onStars(batch.length)
}

function joinSamples(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let filled = 0
  for (const part of parts) {
    joined.set(part, filled)
    filled += part.length
  }
  return joined
}
