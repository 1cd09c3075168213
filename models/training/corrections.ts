// What the trained network still gets wrong in the common patterns of missing data is measured on fresh stars and shipped
// with it: a network sees a pattern in a few percent of its batches, and its widths there are off by some percent.
import { type ClassScaling, fitClassScaling } from '../calibration/classScaling.ts'
import { rankMap } from '../calibration/conformal.ts'
import { isOfSpectraAlone, type PatternCorrection, patternKey } from '../calibration/latentCorrection.ts'
import { posteriorDraws } from '../calibration/posteriorDraws.ts'
import { fractionalRanks } from '../calibration/rankStatistics.ts'
import { drawSimulatedStars } from '../calibration/simulatedStars.ts'
import { createRng } from '../math/rng.ts'
import { openPosteriorModel } from '../openPosteriorModel.ts'
import type { StarPosterior } from '../posterior.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { modelParameters } from '../tokens/layout.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import type { ModelCard } from './modelCard.ts'

export interface CorrectionRequest {
  /** Observables of the stars of each pattern. */
  readonly patterns: readonly (readonly string[])[]
  /** Stars of each; a pattern of which the simulator makes fewer than a tenth of them is left uncorrected. */
  readonly starCount: number
  readonly sampleCount: number
  readonly seed: number
  readonly maxDraws: number
  readonly signal?: AbortSignal
}

/** A level is then known to 0.005; the seed is no other's. */
export const correctionMeasure: Omit<CorrectionRequest, 'patterns'> = {
  starCount: 10_000,
  sampleCount: 128,
  seed: 5_000_003,
  maxDraws: 4_000_000,
}

/** For tails that are too thin: with a straight line from 0.9 to 1, 8.5% of A_V of BOSS spectra lay beyond its quantile of 95%. */
const TAIL = [0, 0.025, 0.05]
/** Levels of the knots of a map: widths and shifts are smooth, and few knots smooth noise away. */
const KNOTS = Float64Array.from([
  ...TAIL,
  ...Array.from({ length: 9 }, (_, k) => (k + 1) / 10),
  ...TAIL.map(level => 1 - level).reverse(),
])
const BATCH_STARS = 200
const truthNames = [...modelParameters, 'logRadiusRsun']
const [LUMINOSITY, DISTANCE, RADIUS] = ['logLuminosityLsun', 'logDistancePc', 'logRadiusRsun'].map(name =>
  truthNames.indexOf(name),
)

/**
 * Measures the model of a folder, without the corrections that it may have; stopped or failed, it has them again.
 *
 * @param simulatorOf who makes stars of a pattern
 */
export async function learnCorrections(
  folder: string,
  simulatorOf: (given: readonly string[]) => Simulator,
  request: CorrectionRequest,
  onPattern: (done: number, total: number) => void = () => {},
): Promise<readonly PatternCorrection[]> {
  const { card, weights } = readCheckpoint(folder)
  adoptCorrections(folder, [])
  const model = await openPosteriorModel(folder)
  const corrections: PatternCorrection[] = []
  try {
    for (const [i, given] of request.patterns.entries()) {
      const { stars, truths, classIndex } = drawSimulatedStars(simulatorOf(given), given, truthNames, {
        seed: request.seed,
        count: request.starCount,
        maxDraws: request.maxDraws,
      })
      const posteriors: StarPosterior[] = []
      for (let at = 0; at < stars.length; at += BATCH_STARS) {
        request.signal?.throwIfAborted()
        const options = { sampleCount: request.sampleCount, seed: BigInt(request.seed) }
        posteriors.push(...(await model.infer(stars.slice(at, at + BATCH_STARS), options)))
        // A pause for timers and signals: drawing samples holds the thread.
        await new Promise(resolve => setImmediate(resolve))
      }
      if (stars.length >= Math.max(KNOTS.length, request.starCount / 10)) {
        const maps = mapsOf(posteriors, truths, isOfSpectraAlone(given), createRng(request.seed, i))
        corrections.push({ given, maps, classes: classesOf(posteriors, classIndex) })
      }
      onPattern(i + 1, request.patterns.length)
    }
  } catch (error) {
    writeCheckpoint(folder, card, weights)
    throw error
  } finally {
    await model.close()
  }
  return corrections
}

/** @param isAlone the luminosity is ranked; otherwise the angular size in its place, as among the latents */
function mapsOf(
  posteriors: readonly StarPosterior[],
  truths: Float64Array,
  isAlone: boolean,
  rng: ReturnType<typeof createRng>,
) {
  const P = modelParameters.length
  const width = truthNames.length
  const [{ sampleNames, samples }] = posteriors
  const S = samples.length / sampleNames.length
  const places = truthNames.map(name => sampleNames.indexOf(name))
  const ranked = new Float64Array(posteriors.length * P)
  const draws = new Float32Array(posteriors.length * P * S)
  posteriors.forEach((posterior, star) => {
    const truthAt = (name: number) => truths[star * width + name]
    const drawAt = (name: number, s: number) => posterior.samples[places[name] * S + s]
    for (let p = 0; p < P; p++) {
      const isSize = p === LUMINOSITY && !isAlone
      ranked[star * P + p] = isSize ? truthAt(RADIUS) - truthAt(DISTANCE) : truthAt(p)
      for (let s = 0; s < S; s++) {
        draws[(star * P + p) * S + s] = isSize ? drawAt(RADIUS, s) - drawAt(DISTANCE, s) : drawAt(p, s)
      }
    }
  })
  const all = posteriorDraws(modelParameters, ranked, draws)
  return modelParameters.map((_, p) => rankMap(fractionalRanks(all, p, rng), KNOTS))
}

function classesOf(posteriors: readonly StarPosterior[], classIndex: Int32Array): ClassScaling {
  const [{ classProbabilities }] = posteriors
  const all = Float64Array.from(posteriors.flatMap(one => [...one.classProbabilities]))
  const { slope, shifts } = fitClassScaling(all, classIndex, classProbabilities.length)
  return { slope: rounded(slope), shifts: shifts.map(rounded) }
}

const rounded = (value: number) => Number(value.toFixed(5))

/**
 * Writes the corrections into a checkpoint.
 * @param others of a card, that stay where no new one is of their pattern
 */
export function adoptCorrections(
  folder: string,
  corrections: readonly PatternCorrection[],
  others: ModelCard['corrections'] = [],
): void {
  const { card, weights } = readCheckpoint(folder)
  const named = corrections.map(({ given, maps, classes }) => ({
    given,
    ...(classes && { classes }),
    levels: Array.from(maps[0].levels),
    parameters: modelParameters.map((name, p) => ({
      name,
      modelLevels: Array.from(maps[p].modelLevels, rounded),
    })),
  }))
  const measured = new Set(named.map(({ given }) => patternKey(given)))
  const kept = others.filter(({ given }) => !measured.has(patternKey(given)))
  writeCheckpoint(folder, { ...card, corrections: [...kept, ...named] }, weights)
}
