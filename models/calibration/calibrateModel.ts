// Judges a model on fresh simulated stars, one missing pattern after another.
import { youngClasses } from '../../schemas/index.ts'
import { createRng } from '../math/rng.ts'
import { sampleNames } from '../openPosteriorModel.ts'
import type { StarInput, StarPosterior } from '../posterior.ts'
import type { Simulator } from '../simulators/simulator.ts'
import {
  type CalibrationOptions,
  calibratePattern,
  calibrationDefaults,
  type MissingPattern,
  type PatternCalibration,
} from './calibrationReport.ts'
import { posteriorDraws } from './posteriorDraws.ts'
import { drawSimulatedStars } from './simulatedStars.ts'

export interface CalibrateRequest {
  readonly patterns: readonly MissingPattern[]
  readonly starCount: number
  readonly seed: number
  /** Draws per wanted star before a rare pattern is judged on fewer stars. */
  readonly drawsPerStar?: number
  readonly options?: CalibrationOptions
}

/** Below this nothing could be said. */
const FEWEST_STARS = 100

/**
 * Calibration of each pattern; patterns that the simulator hardly makes are left out and returned as `tooRare`.
 *
 * @param infer posteriors of stars, in their order, with the sample columns of `sampleNames`
 */
export async function calibrateModel(
  infer: (stars: readonly StarInput[]) => Promise<readonly StarPosterior[]>,
  simulator: Simulator,
  request: CalibrateRequest,
  onPattern: (done: PatternCalibration) => void = () => {},
): Promise<{ readonly patterns: readonly PatternCalibration[]; readonly tooRare: readonly MissingPattern[] }> {
  const patterns: PatternCalibration[] = []
  const tooRare: MissingPattern[] = []
  for (const [index, pattern] of request.patterns.entries()) {
    const simulated = drawSimulatedStars(simulator, pattern.given, sampleNames, {
      seed: request.seed + index,
      count: request.starCount,
      maxDraws: request.starCount * (request.drawsPerStar ?? 500),
    })
    const starCount = simulated.stars.length
    if (starCount < FEWEST_STARS) {
      tooRare.push(pattern)
      continue
    }
    const posteriors = await infer(simulated.stars)
    const perStar = posteriors[0].samples.length
    const samples = new Float32Array(starCount * perStar)
    const probabilities = new Float64Array(starCount * simulator.classes.length)
    posteriors.forEach((posterior, i) => {
      samples.set(posterior.samples, i * perStar)
      probabilities.set(posterior.classProbabilities, i * simulator.classes.length)
    })
    const done = calibratePattern(
      posteriorDraws(sampleNames, simulated.truths, samples),
      {
        names: simulator.classes,
        probabilities,
        truths: simulated.classIndex,
        unions: new Map([['young', youngClasses]]),
      },
      pattern,
      request.options ?? calibrationDefaults,
      createRng(request.seed + index, 0xca1),
    )
    patterns.push(done)
    onPattern(done)
  }
  return { patterns, tooRare }
}
