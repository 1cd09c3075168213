// Runs the calibration: fresh simulated stars -> posteriors -> every check, for each pattern of missing data.
import {
  type CalibrationReport,
  calibratePattern,
  calibrationDefaults,
  calibrationReport,
  createRng,
  drawSimulatedStars,
  type InferOptions,
  type MissingPattern,
  modelParameters,
  modelSpectra,
  type PatternCalibration,
  posteriorDraws,
  type Simulator,
  type StarInput,
  type StarPosterior,
  withRandomGaps,
} from '../../models/index.ts'
import { starClasses, youngClasses } from '../../schemas/index.ts'
import { diagramRegions, regionOf } from './diagramRegions.ts'
import { checkLocally } from './localCheck.ts'
import { drawPatterns, type PatternStars } from './patternDraw.ts'
import type { SectionStore } from './sectionStore.ts'

export interface CalibrationRun {
  /** Who makes stars of a pattern; patterns of one simulator are looked for together. */
  readonly simulatorOf: (given: readonly string[]) => Simulator
  readonly patterns: readonly MissingPattern[]
  /** Chances with which each measurement of a star is taken away, beside what it lacks already; 0 also judges regions. */
  readonly randomChances: readonly number[]
  /** Stars of each pattern whose parameters are judged; its classes are judged on five times as many. */
  readonly starCount: number
  /** Simulated stars looked at to find them; the rarest patterns come out with fewer. */
  readonly maxDraws: number
  readonly options: InferOptions
  readonly modelFingerprint: string
  /** The command that does this run again. */
  readonly command: string
  readonly infer: (stars: readonly StarInput[], options: InferOptions) => Promise<readonly StarPosterior[]>
  readonly store: SectionStore
  /** Whether single stars of each pattern are tested too. */
  readonly isLocal: boolean
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
const MIN_REGION_STARS = 100
const BATCH_STARS = 64
/**
 * At 2,000 stars the noise of a class error is as large as its limit of 0.02: perfect probabilities would fail one check in
 * ten. At five times as many they fail one in some thousands, and classes cost no samples.
 */
const CLASS_STARS = 5
/** Far from the seeds of training and validation. */
const SEED_OFFSET = 7_000_003
/** Purposes of the random numbers of sections that are of no pattern. */
const [RANDOM_PURPOSE, REGION_PURPOSE] = [1000, 2000]

type Judged = Pick<PatternStars, 'inputs' | 'truths' | 'classes'>

export async function runCalibration(run: CalibrationRun): Promise<CalibrationOutcome> {
  const { patterns, randomChances, starCount, options, signal, store } = run
  const seed = Number(BigInt.asUintN(52, options.seed)) + SEED_OFFSET
  const wanting = patterns.filter(one => store.find(one.name) === null)
  const how = { seed, starCount: CLASS_STARS * starCount, maxDraws: run.maxDraws, signal, onProgress: run.onDraw }
  const starsOf = new Map<string, PatternStars>()
  for (const [simulator, some] of bySimulator(wanting, run.simulatorOf)) {
    const found = await drawPatterns(
      simulator,
      some.map(({ given }) => given),
      how,
    )
    some.forEach(({ name }, k) => {
      starsOf.set(name, found[k])
    })
  }
  const enough = Math.min(MIN_STARS, starCount)
  const randomLeft = randomChances.filter(chance => store.find(randomName(chance)) === null)
  const total =
    [...starsOf.values()].reduce((sum, { inputs }) => sum + (inputs.length < enough ? 0 : inputs.length), 0) +
    randomLeft.length * CLASS_STARS * starCount
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
  const judgeAll = async (pattern: MissingPattern, stars: Judged, purpose: number) => {
    const posteriors = await inferAll(stars.inputs.slice(0, starCount), options)
    const more = await inferAll(stars.inputs.slice(starCount), { ...options, sampleCount: 1 })
    const probabilities = [...posteriors, ...more].flatMap(({ classProbabilities }) => classProbabilities)
    return {
      posteriors,
      section: judge(pattern, stars.truths, posteriors, classesOf(stars, probabilities), seed, purpose),
    }
  }
  const sections: PatternCalibration[] = []
  const leftOut: MissingPattern[] = []
  for (const [p, pattern] of patterns.entries()) {
    const kept = store.find(pattern.name)
    const stars = starsOf.get(pattern.name)
    if (kept !== null) sections.push(...kept)
    else if (stars === undefined || stars.inputs.length < enough) leftOut.push(pattern)
    else {
      const { posteriors, section } = await judgeAll(pattern, stars, p)
      const local = run.isLocal
        ? { local: await checkLocally(stars.inputs, stars.truths, posteriors, seed, signal) }
        : {}
      await store.keep(pattern.name, [{ ...section, ...local }])
      sections.push({ ...section, ...local })
    }
  }
  const atRandom: PatternCalibration[] = []
  const regions: PatternCalibration[] = []
  for (const [k, chance] of randomChances.entries()) {
    const name = randomName(chance)
    let kept = store.find(name)
    if (kept === null) {
      const stars = drawRandom(run.simulatorOf(modelSpectra), chance, seed + 1 + k, CLASS_STARS * starCount)
      const { posteriors, section } = await judgeAll(bare(name), stars, RANDOM_PURPOSE + k)
      kept = [
        section,
        ...(chance === 0
          ? judgeRegions(posteriors, stars.truths, Math.min(MIN_REGION_STARS, starCount / 5), seed)
          : []),
      ]
      await store.keep(name, kept)
    }
    atRandom.push(kept[0])
    regions.push(...kept.slice(1))
  }
  const source = {
    title: 'Calibration on simulated stars',
    command: run.command,
    modelFingerprint: run.modelFingerprint,
    seed: options.seed.toString(),
    thresholds: calibrationDefaults.thresholds,
  }
  return { report: { ...calibrationReport(source, sections), atRandom, regions }, leftOut }
}

function randomName(chance: number): string {
  return chance === 0 ? 'all stars, as they come' : `all stars, ${Math.round(100 * chance)}% more missing at random`
}

/** Of stars that have not the same observables. */
function bare(name: string): MissingPattern {
  return { name, given: [], missing: [], share: null }
}

function drawRandom(simulator: Simulator, chance: number, seed: number, count: number): Judged {
  const from = chance === 0 ? simulator : withRandomGaps(simulator, chance)
  const { stars, truths, classIndex } = drawSimulatedStars(from, null, modelParameters, {
    seed,
    count,
    maxDraws: count,
  })
  return { inputs: stars, truths, classes: classIndex }
}

function classesOf({ classes }: Judged, probabilities: readonly number[]) {
  return {
    names: [...starClasses],
    probabilities: Float64Array.from(probabilities),
    truths: classes,
    unions: new Map([['young', [...youngClasses]]]),
  }
}

/** Of a thousand stars a region has few: its classes are not judged. */
function judgeRegions(
  posteriors: readonly StarPosterior[],
  truths: Float64Array,
  enough: number,
  seed: number,
): PatternCalibration[] {
  const places = posteriors.map(regionOf)
  const P = modelParameters.length
  return diagramRegions.flatMap((region, r) => {
    const chosen = [...places.keys()].filter(star => places[star] === r)
    if (chosen.length < enough) return []
    const own = Float64Array.from(chosen.flatMap(star => [...truths.subarray(star * P, (star + 1) * P)]))
    const of = chosen.map(star => posteriors[star])
    return [judge(bare(region.name), own, of, null, seed, REGION_PURPOSE + r)]
  })
}

/** The patterns that each simulator makes. */
function bySimulator(
  patterns: readonly MissingPattern[],
  simulatorOf: CalibrationRun['simulatorOf'],
): ReadonlyMap<Simulator, readonly MissingPattern[]> {
  const some = new Map<Simulator, MissingPattern[]>()
  for (const pattern of patterns) {
    const simulator = simulatorOf(pattern.given)
    some.set(simulator, [...(some.get(simulator) ?? []), pattern])
  }
  return some
}

function judge(
  pattern: MissingPattern,
  truths: Float64Array,
  posteriors: readonly StarPosterior[],
  classes: Parameters<typeof calibratePattern>[1],
  seed: number,
  purpose: number,
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
  return calibratePattern(
    posteriorDraws(modelParameters, truths.subarray(0, posteriors.length * columns.length), draws),
    classes,
    pattern,
    calibrationDefaults,
    createRng(seed, purpose),
  )
}
