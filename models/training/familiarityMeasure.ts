// How like the stars of the training a star is, is measured on stars that the network never saw and shipped with it.
import { type FamiliarityLaw, familyOf, fitFamiliarity } from '../calibration/familiarity.ts'
import { drawSimulatedStars } from '../calibration/simulatedStars.ts'
import { openPosteriorModel } from '../openPosteriorModel.ts'
import type { EmbeddingModel, StarInput } from '../posterior.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { learnSpectraFamiliarity, type SpectraRequest } from './spectraFamiliarity.ts'

export interface FamiliarityRequest extends SpectraRequest {
  /** Stars drawn, with all their gaps: half for mean and covariance of each family, half for the tails. */
  readonly starCount: number
}

/** The rarest families that are kept then have a thousand stars each; the seed is no other's. */
export const familiarityMeasure: FamiliarityRequest = { starCount: 120_000, spectrumCount: 20_000, seed: 6_000_011 }

const BATCH_STARS = 1000

/**
 * Measures the embeddings of the model of a folder, and of the spectra with pixels that it reads; families with too few stars are left out.
 * @param onStars with how many stars and spectra are done, of how many
 */
export async function learnFamiliarity(
  folder: string,
  simulator: Simulator,
  request: FamiliarityRequest,
  onStars: (done: number, total: number) => void = () => {},
): Promise<readonly FamiliarityLaw[]> {
  const model = await openPosteriorModel(folder)
  try {
    const { starCount, spectrumCount, seed } = request
    const total = starCount + (model.pixelSpectra ?? []).length * spectrumCount
    const fitted = await embedFamilies(model, simulator, { ...request, starCount: Math.floor(starCount / 2) }, done =>
      onStars(done, total),
    )
    const heldRequest = { ...request, starCount: Math.floor(starCount / 2), seed: seed + 1 }
    const held = await embedFamilies(model, simulator, heldRequest, done => onStars(starCount / 2 + done, total))
    const ofStars = [...fitted.keys()].sort().flatMap(family => {
      const law = fitFamiliarity(family, fitted.get(family) ?? [], held.get(family) ?? [])
      return law === null ? [] : [law]
    })
    const ofSpectra = await learnSpectraFamiliarity(readCheckpoint(folder), simulator, request, done =>
      onStars(starCount + done, total),
    )
    return [...ofStars, ...ofSpectra]
  } finally {
    await model.close()
  }
}

/** Embeddings of fresh stars by family. */
async function embedFamilies(
  model: EmbeddingModel,
  simulator: Simulator,
  { starCount, seed, signal }: FamiliarityRequest,
  onStars: (done: number) => void,
): Promise<ReadonlyMap<string, readonly Float32Array[]>> {
  const { stars } = drawSimulatedStars(simulator, null, [], { seed, count: starCount, maxDraws: starCount })
  const families = new Map<string, Float32Array[]>()
  for (let at = 0; at < stars.length; at += BATCH_STARS) {
    signal?.throwIfAborted()
    const batch = stars.slice(at, at + BATCH_STARS)
    const embeddings = await model.embed(batch)
    embeddings.forEach((embedding, i) => {
      const family = familyOf(namesOf(batch[i]))
      const known = families.get(family)
      if (known === undefined) families.set(family, [embedding])
      else known.push(embedding)
    })
    onStars(at + batch.length)
    // A pause for timers and signals: embedding holds the thread.
    await new Promise(resolve => setImmediate(resolve))
  }
  return families
}

const namesOf = ({ given, spectra = [] }: StarInput) => [
  ...given.map(({ quantity }) => quantity),
  ...spectra.map(({ name }) => name),
]

/** Writes what was measured into a checkpoint. */
export function adoptFamiliarity(folder: string, laws: readonly FamiliarityLaw[]): void {
  const { card, weights } = readCheckpoint(folder)
  const familiarity = laws.map(({ family, starCount, tails, distances, mean, factor }) => ({
    family,
    starCount,
    tails,
    distances,
    mean: [...mean],
    factor: [...factor],
  }))
  writeCheckpoint(folder, { ...card, familiarity }, weights)
}
