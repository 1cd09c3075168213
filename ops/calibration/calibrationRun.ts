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
  /** Stars of each pattern whose parameters are judged; its classes are judged on five times as many. */
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
/**
 * At 2,000 stars the noise of a class error is as large as its limit of 0.02: perfect probabilities would fail one check in
 * ten. At five times as many they fail one in some thousands, and classes cost no samples.
 */
const CLASS_STARS = 5
/** Far from the seeds of training and validation. */
const SEED_OFFSET = 7_000_003

export async function runCalibration(run: CalibrationRun): Promise<CalibrationOutcome> {
  const { simulator, patterns, starCount, options, signal } = run
  const seed = Number(BigInt.asUintN(52, options.seed)) + SEED_OFFSET
  const drawn = await drawPatterns(
    simulator,
    patterns.map(({ given }) => given),
    { seed, starCount: CLASS_STARS * starCount, maxDraws: run.maxDraws, signal, onProgress: run.onDraw },
  )
  const enough = Math.min(MIN_STARS, starCount)
  const total = drawn.reduce((sum, { inputs }) => sum + (inputs.length < enough ? 0 : inputs.length), 0)
  const sections: PatternCalibration[] = []
  const leftOut: MissingPattern[] = []
  let done = 0
  const inferAll = async (stars: readonly StarInput[], how: InferOptions) => {
    const posteriors: StarPosterior[] = []
    for (let at = 0; at < stars.length; at += BATCH_STARS) {
      signal.throwIfAborted()
      const batch = stars.slice(at, at + BATCH_STARS)
      posteriors.push(...(await run.infer(batch, how)))
      done += batch.length
      run.onProgress(done, total)
    }
    return posteriors
  }
  for (const [p, pattern] of patterns.entries()) {
    const stars = drawn[p]
    if (stars.inputs.length < enough) {
      leftOut.push(pattern)
      continue
    }
    const posteriors = await inferAll(stars.inputs.slice(0, starCount), options)
    const more = await inferAll(stars.inputs.slice(starCount), { ...options, sampleCount: 1 })
    const probabilities = [...posteriors, ...more].flatMap(({ classProbabilities }) => classProbabilities)
    sections.push(judge(pattern, stars, posteriors, probabilities, seed, p))
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
  probabilities: readonly number[],
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
    probabilities: Float64Array.from(probabilities),
    truths: stars.classes,
    unions: new Map([['young', [...youngClasses]]]),
  }
  const rng = createRng(seed, p)
  return calibratePattern(
    posteriorDraws(modelParameters, stars.truths.subarray(0, posteriors.length * columns.length), draws),
    predictions,
    pattern,
    calibrationDefaults,
    rng,
  )
}
