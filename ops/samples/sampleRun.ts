// Runs the comparison: a sky to learn on, a sky to be judged on, real stars, and P(young) of each method by each set of surveys.
import type { InferOptions, PosteriorModel, StarInput } from '../../models/index.ts'
import { sampleSets } from '../value/surveySets.ts'
import { type PlacedStar, type Ring, ringsOf } from './galacticRings.ts'
import { drawSky, type MixedSky, type SkyStar } from './mixedSky.ts'
import { groupsSeenBy, judgeReal, type LabelledGroup, type RealQuality } from './realSample.ts'
import { type JudgedMethod, judgeMethod, kindWeights, type ScoredMethod } from './sampleJudge.ts'
import { CLOUD_REACH_PC } from './skyKinds.ts'
import { classicScores, modelScores, type ScoreRun, skyPrior, teachClassic } from './youthScores.ts'

/** Scores by another program, of some of the stars, by their keys. */
export interface BesideScores {
  readonly name: string
  readonly scores: ReadonlyMap<string, number>
}

export interface SampleRun {
  readonly model: PosteriorModel
  readonly options: InferOptions
  readonly starCount: number
  readonly seed: number
  readonly groups: readonly LabelledGroup[]
  readonly beside: BesideScores | null
  readonly signal: AbortSignal
  readonly onProgress: (phase: SamplePhase, done: number, total: number) => void
}

export type SamplePhase = 'learning sky' | 'judged sky' | 'posteriors'

export interface SetSamples {
  readonly title: string
  readonly methods: readonly JudgedMethod[]
  readonly real: readonly RealQuality[]
}

/** A sample from above. */
export interface MapSample {
  readonly name: string
  readonly stars: readonly (PlacedStar & { readonly isYoung: boolean })[]
  /** In rings about the Sun, for a million stars of the sky. */
  readonly young: readonly Ring[]
  readonly contaminants: readonly Ring[]
}

export interface SampleStudy {
  readonly starCount: number
  readonly learnedCount: number
  readonly youngShare: number
  readonly sets: readonly SetSamples[]
  readonly maps: readonly MapSample[]
  /** All young stars of the judged sky where they are. */
  readonly trueYoung: readonly Ring[]
  /** Stars for other programs: what they saw and where it is. */
  readonly judged: readonly SkyStar[]
}

/** Where the map is drawn, and where another program's bands are complete. */
const MAP_SET = 'Gaia, 2MASS, WISE'
const BESIDE_SET = 'Gaia, 2MASS'
export const RING_COUNT = 8
/** Low, so that there are contaminants to be seen. */
export const MAP_THRESHOLD = 0.1
const LEARNING_SEED = 500

export const OURS = 'birthline'
export const FAMILIAR = 'birthline, familiar'
export const CLASSIC = 'boosted trees'

export async function runSamples(run: SampleRun): Promise<SampleStudy> {
  const { model, options, starCount, seed, groups, beside, signal } = run
  const skyOf = (phase: SamplePhase, skySeed: number, isLearned: boolean) =>
    drawSky({
      ...{ seed: skySeed, starCount, signal, hasSpectra: !isLearned, keepsAll: isLearned },
      onProgress: (done, total) => run.onProgress(phase, Math.min(done, total), total),
    })
  const learned = await skyOf('learning sky', seed + LEARNING_SEED, true)
  const sky = await skyOf('judged sky', seed, false)
  const inputs = sky.stars.map(({ input }) => input)
  const realBySet = sampleSets.map(set => (set.hasXp ? [] : groupsSeenBy(groups, set)))
  const total = realBySet.reduce((sum, seen) => sum + starsOf(seen).length, sampleSets.length * inputs.length)
  let done = 0
  const scoring: ScoreRun = {
    ...{ model, options, signal, prior: skyPrior(learned) },
    onStars: count => {
      done += count
      run.onProgress('posteriors', done, total)
    },
  }
  const sets: SetSamples[] = []
  const maps: MapSample[] = []
  for (const [s, set] of sampleSets.entries()) {
    const real = realBySet[s]
    const ours = await modelScores(inputs, set, scoring)
    const oursReal = await modelScores(starsOf(real), set, scoring)
    const methods: ScoredMethod[] = [{ name: OURS, scores: ours.scores }]
    const ofReal: ScoredMethod[] = [{ name: OURS, scores: oursReal.scores }]
    if (set.hasXp) {
      // Photometry alone seldom shows a star to be strange, and a classic classifier knows no spectra.
      methods.push({ name: FAMILIAR, scores: ours.familiarScores })
      maps.push(mapOf(sky, { name: `${FAMILIAR}, with XP`, scores: ours.familiarScores }, ours.distancesPc))
    } else {
      const classic = teachClassic(learned, set)
      methods.push({ name: CLASSIC, scores: Array.from(classicScores(classic, inputs)) })
      ofReal.push({ name: CLASSIC, scores: Array.from(classicScores(classic, starsOf(real))) })
    }
    if (set.title === MAP_SET) {
      const byParallax = inputs.map(parallaxDistance)
      maps.push(mapOf(sky, methods[1], byParallax), mapOf(sky, methods[0], ours.distancesPc))
    }
    if (beside !== null && set.title === BESIDE_SET) {
      methods.push(besideMethod(beside, inputs))
      ofReal.push(besideMethod(beside, starsOf(real)))
    }
    sets.push({
      title: set.title,
      methods: methods.map((method, m) => judgeMethod(sky, method, seed + 100 * s + m)),
      real: ofReal.flatMap(({ name, scores }) => judgeReal(real, name, scores) ?? []),
    })
  }
  const weightOf = kindWeights(sky, sky.stars)
  const young = sky.stars.filter(({ kind }) => kind.isYoung)
  return {
    starCount: sky.stars.length,
    learnedCount: learned.stars.length,
    youngShare: young.reduce((sum, star) => sum + weightOf(star), 0),
    sets,
    maps,
    trueYoung: ringsOf(
      young.flatMap(star => placed(star, star.distancePc, weightOf(star))),
      CLOUD_REACH_PC,
      RING_COUNT,
    ),
    judged: sky.stars,
  }
}

const starsOf = (groups: readonly LabelledGroup[]): readonly StarInput[] =>
  groups.flatMap(({ stars }) => stars.map(({ input }) => input))

function besideMethod({ name, scores }: BesideScores, stars: readonly StarInput[]): ScoredMethod {
  return { name, scores: stars.map(({ key }) => scores.get(key) ?? null) }
}

/** As catalogues have it; null where the parallax is not above zero. */
function parallaxDistance({ given }: StarInput): number | null {
  const parallax = given.find(({ quantity }) => quantity === 'parallaxMas')?.value ?? 0
  return parallax > 0 ? 1000 / parallax : null
}

/** Weights count stars of a million of the sky. */
function placed({ lDeg, bDeg }: SkyStar, distancePc: number | null, weight: number): PlacedStar[] {
  return distancePc === null ? [] : [{ lDeg, bDeg, distancePc, weight: 1e6 * weight }]
}

function mapOf(sky: MixedSky, { name, scores }: ScoredMethod, distancesPc: readonly (number | null)[]): MapSample {
  const weightOf = kindWeights(sky, sky.stars)
  const stars = sky.stars.flatMap((star, i) => {
    if ((scores[i] ?? 0) < MAP_THRESHOLD) return []
    return placed(star, distancesPc[i], weightOf(star)).map(place => ({ ...place, isYoung: star.kind.isYoung }))
  })
  const ringsWhere = (isYoung: boolean) =>
    ringsOf(
      stars.filter(star => star.isYoung === isYoung),
      CLOUD_REACH_PC,
      RING_COUNT,
    )
  return { name, stars, young: ringsWhere(true), contaminants: ringsWhere(false) }
}
