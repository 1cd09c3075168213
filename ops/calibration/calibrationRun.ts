// Runs the calibration: fresh simulated stars -> posteriors -> every check, for each pattern of missing data.
import {
  type CalibrationReport,
  calibratePattern,
  calibrationDefaults,
  calibrationReport,
  createRng,
  type InferOptions,
  type MissingPattern,
  modelParameters,
  type PatternCalibration,
  posteriorDraws,
  type Simulator,
  type StarInput,
  type StarPosterior,
} from '../../models/index.ts'
import { starClasses, youngClasses } from '../../schemas/index.ts'
import { drawPatterns, type PatternStars } from './patternDraw.ts'

export interface CalibrationRun {
  readonly simulator: Simulator
  readonly patterns: readonly MissingPattern[]
  /** Stars of each pattern. */
  readonly starCount: number
  /** Simulated stars looked at to find them; the rarest patterns come out with fewer. */
  readonly maxDraws: number
  readonly options: InferOptions
  readonly modelFingerprint: string
  /** The command that does this run again. */
  readonly command: string
  readonly infer: (stars: readonly StarInput[], options: InferOptions) => Promise<readonly StarPosterior[]>
  readonly signal: AbortSignal
  readonly onDraw: (found: number, wanted: number) => void
  readonly onProgress: (done: number, total: number) => void
}

export interface CalibrationOutcome {
  readonly report: CalibrationReport
  /** Patterns that the simulator makes too rarely to be judged. */
  readonly leftOut: readonly MissingPattern[]
}

/** Fewer stars than this say too little. */
const MIN_STARS = 200
const BATCH_STARS = 64
/** Far from the seeds of training and validation. */
const SEED_OFFSET = 7_000_003

export async function runCalibration(run: CalibrationRun): Promise<CalibrationOutcome> {
  const { simulator, patterns, starCount, options, signal } = run
  const seed = Number(BigInt.asUintN(52, options.seed)) + SEED_OFFSET
  const drawn = await drawPatterns(
    simulator,
    patterns.map(({ given }) => given),
    { seed, starCount, maxDraws: run.maxDraws, signal, onProgress: run.onDraw },
  )
  const enough = Math.min(MIN_STARS, starCount)
  const total = drawn.reduce((sum, { inputs }) => sum + (inputs.length < enough ? 0 : inputs.length), 0)
  const sections: PatternCalibration[] = []
  const leftOut: MissingPattern[] = []
  let done = 0
  for (const [p, pattern] of patterns.entries()) {
    const stars = drawn[p]
    if (stars.inputs.length < enough) {
      leftOut.push(pattern)
      continue
    }
    const posteriors: StarPosterior[] = []
    for (let at = 0; at < stars.inputs.length; at += BATCH_STARS) {
      signal.throwIfAborted()
      posteriors.push(...(await run.infer(stars.inputs.slice(at, at + BATCH_STARS), options)))
      run.onProgress(done + posteriors.length, total)
    }
    done += posteriors.length
    sections.push(judge(pattern, stars, posteriors, seed, p))
  }
  const source = {
    title: 'Calibration on simulated stars',
    command: run.command,
    modelFingerprint: run.modelFingerprint,
    seed: options.seed.toString(),
    thresholds: calibrationDefaults.thresholds,
  }
  return { report: calibrationReport(source, sections), leftOut }
}

function judge(
  pattern: MissingPattern,
  stars: PatternStars,
  posteriors: readonly StarPosterior[],
  seed: number,
  p: number,
): PatternCalibration {
  const [{ sampleNames, samples }] = posteriors
  const width = samples.length / sampleNames.length
  const columns = modelParameters.map(name => sampleNames.indexOf(name))
  // Derived quantities follow from the parameters: they would be judged twice.
  const draws = new Float32Array(posteriors.length * columns.length * width)
  for (const [star, posterior] of posteriors.entries()) {
    for (const [k, column] of columns.entries()) {
      draws.set(posterior.samples.subarray(column * width, (column + 1) * width), (star * columns.length + k) * width)
    }
  }
  const predictions = {
    names: [...starClasses],
    probabilities: Float64Array.from(posteriors.flatMap(({ classProbabilities }) => classProbabilities)),
    truths: stars.classes,
    unions: new Map([['young', [...youngClasses]]]),
  }
  const rng = createRng(seed, p)
  return calibratePattern(
    posteriorDraws(modelParameters, stars.truths, draws),
    predictions,
    pattern,
    calibrationDefaults,
    rng,
  )
}
