// Weighs a network's samples of a star by the forward model's own likelihood and prior: what its posterior is worth beside the true one.
import { FusionError, starClasses } from '../../schemas/index.ts'
import { openHeadDensity } from '../diffusion/headDensity.ts'
import { createRng } from '../math/rng.ts'
import { logSumExp } from '../math/special.ts'
import type { StarInput } from '../posterior.ts'
import { createPilotSimulator } from '../simulators/pilot.ts'
import { createPriorAt, createPriorDensity } from '../simulators/priorDensity.ts'
import { createStarLikelihood } from '../simulators/starLikelihood.ts'
import { encodeStar } from '../tokens/encodedStar.ts'
import { observeStar } from '../tokens/givenStar.ts'
import { modelObservables, PARAMETER_COUNT } from '../tokens/layout.ts'
import { fromPosteriorLatents, logSpreadAt } from '../tokens/posteriorLatents.ts'
import { latentMaps, readCheckpoint, spectrumBases } from '../training/checkpoint.ts'
import { type Importance, importanceOf } from './importance.ts'

export interface StarDraws {
  /** [count x 7] parameters, sample after sample. */
  readonly values: Float64Array
  /** [count] natural log of the density that they were drawn from; -Infinity for those at the end of a parameter's range. */
  readonly logDensities: Float64Array
}

export interface WeighOptions {
  /** Draws of companions, disk, dust law and the like for each sample. */
  readonly nuisanceCount: number
  readonly seed: number
}

export interface WeighedStar {
  readonly importance: Importance
  /** [count] natural log of prior and likelihood, of which the weights are made. */
  readonly logTargets: Float64Array
}

export interface StarWeigher {
  /** Samples of the head by its own ODE. @param seed and index name the stream of random numbers */
  draw(star: StarInput, count: number, seed: number, index: number): Promise<StarDraws>
  /** Spectra are not weighed by. @throws FusionError VALUE_OUT_OF_RANGE as `observeStar` does */
  weigh(star: StarInput, draws: StarDraws, options: WeighOptions): WeighedStar
  close(): Promise<void>
}

const PURPOSE_DRAWS = 0x7377
const PURPOSE_NUISANCES = 0x736e
const LEVELS = 24
/** Attempts at stars of each class that tell how many of them are seen. */
const ATTEMPTS = 2000
const noFloors = modelObservables.map(() => 0)

/** @throws FusionError MODEL_MISSING or MODEL_MISMATCH, also where the model was trained on other stars than the pilot's */
export async function openStarWeigher(folder: string): Promise<StarWeigher> {
  const checkpoint = readCheckpoint(folder)
  const { card } = checkpoint
  const { simulator } = card.training as { readonly simulator?: unknown }
  if (simulator !== 'pilot') {
    throw new FusionError(
      'MODEL_MISMATCH',
      `Samples are weighed by the prior of the simulator 'pilot', and the model was trained on '${simulator}': name a model of the pilot.`,
    )
  }
  const maps = latentMaps(card)
  const head = await openHeadDensity(checkpoint, LEVELS)
  const prior = createPriorDensity()
  const likelihood = createStarLikelihood()
  const seen = createPilotSimulator().acceptedShares({ seed: 1, count: ATTEMPTS })
  // The prior of a class is that of its stars that are seen.
  const logShares = starClasses.map((_, c) => Math.log(card.classPrior[c] / seen[c]))
  const encode = (star: StarInput) => encodeStar(star, card.errFloors, spectrumBases(card), maps)

  return {
    async draw(star, count, seed, index) {
      const encoded = encode(star)
      const rng = createRng(seed, PURPOSE_DRAWS)
      rng.seek(index)
      const { latents, logDensities } = await head.draw(encoded, count, rng)
      const values = new Float64Array(count * PARAMETER_COUNT)
      for (let s = 0; s < count; s++) {
        const at = s * PARAMETER_COUNT
        fromPosteriorLatents(latents, at, encoded.bases, maps, values.subarray(at, at + PARAMETER_COUNT))
        const spread = logSpreadAt(latents, at, encoded.bases, maps)
        logDensities[s] = spread === -Infinity ? -Infinity : logDensities[s] - spread
      }
      return { values, logDensities }
    },
    weigh(star, { values, logDensities }, { nuisanceCount, seed }) {
      const measured = observeStar(star, noFloors)
      const rng = createRng(seed, PURPOSE_NUISANCES)
      const at = createPriorAt()
      const logTargets = Float64Array.from(logDensities, (density, s) => {
        rng.seek(s)
        if (density === -Infinity) return -Infinity
        const parameters = values.subarray(s * PARAMETER_COUNT, (s + 1) * PARAMETER_COUNT)
        prior.at(parameters, at)
        const logs = logShares.map((share, c) =>
          at.classes[c] === 0
            ? -Infinity
            : share + Math.log(at.classes[c]) + likelihood.logMean(measured, parameters, at, c, nuisanceCount, rng),
        )
        return logSumExp(logs)
      })
      // What cannot be is nothing, whatever it was drawn from.
      const proposals = logDensities.map((density, s) => (logTargets[s] === -Infinity ? 0 : density))
      return { importance: importanceOf(logTargets, proposals), logTargets }
    },
    close: () => head.close(),
  }
}
