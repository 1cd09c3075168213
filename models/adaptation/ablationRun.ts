// The ablation: for each seed a network that is taught on simulations, then the same adapted to another world in several ways.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { type AlignmentRecipe, type AlignmentTerm, alignmentDefaults } from '../alignment/alignmentRecipe.ts'
import { twoSampleAccuracy } from '../calibration/twoSample.ts'
import type { LatentScale } from '../training/starBatch.ts'
import { recipeHash } from '../training/trainingFolder.ts'
import { writeWhole } from '../training/wholeFile.ts'
import { type AdaptationConfig, adaptationConfig } from './adaptationNetwork.ts'
import { answerStars, type ParameterScore, scoreStars } from './adaptationScore.ts'
import { type AdaptationRecipe, trainAdaptation } from './adaptationTrainer.ts'
import {
  type BatchRows,
  countDomain,
  type DomainCounts,
  type DomainStars,
  drawWorldPairs,
  drawWorldStars,
} from './domainStars.ts'
import { type KnownStars, openWorld, type WorldStars } from './worldStars.ts'
import { simulatedWorld, skyWorld } from './worlds.ts'

/** One way to adapt: the weights of its losses. */
export interface AblationCondition {
  readonly name: string
  readonly weights: Readonly<Partial<Record<AlignmentTerm, number>>>
  /** See `AdaptationRecipe`. */
  readonly transportRows?: number
  /** Taught with the truth of the sky's stars instead: what could be had at best. */
  readonly isOracle?: boolean
}

const contrastive = 0.1

/** In the order of the table; the first is what the gap is counted from, the last what it is counted to. */
export const ablationConditions: readonly AblationCondition[] = [
  { name: 'none', weights: {} },
  { name: 'contrastive', weights: { contrastive } },
  { name: '+ exact transport', weights: { contrastive, exact: 0.1 } },
  { name: '+ Sinkhorn with slack', weights: { contrastive, sinkhorn: 0.1 } },
  { name: '+ Gromov-Wasserstein', weights: { contrastive, gromov: 0.03 }, transportRows: 48 },
  { name: '+ keypoints', weights: { contrastive, keypoint: 0.3 } },
  { name: '+ pairs', weights: { contrastive, pairs: 3 } },
  { name: '+ exact transport, pairs', weights: { contrastive, exact: 0.1, pairs: 3 } },
  { name: 'oracle', weights: {}, isOracle: true },
]

/** How large an ablation is. */
export interface AblationPlan {
  /** Stars of each world that are learned from, and those in both. */
  readonly stars: number
  readonly pairs: number
  /** Of each world, seen by no training. */
  readonly testStars: number
  readonly sampleCount: number
  /** Steps on simulations alone, which all conditions of a seed begin from, and steps of each after. */
  readonly baseSteps: number
  readonly steps: number
  readonly rows: BatchRows
  readonly network: AdaptationConfig
  readonly conditions: readonly AblationCondition[]
}

export const ablationPlan: AblationPlan = {
  ...{ stars: 12_000, pairs: 400, testStars: 1000, sampleCount: 200, baseSteps: 1500, steps: 600 },
  rows: { stars: 96, pairs: 32 },
  network: adaptationConfig,
  conditions: ablationConditions,
}

/** One condition of one seed. */
export interface AblationCell {
  readonly seed: number
  readonly condition: string
  readonly counts: DomainCounts
  /** On fresh stars of each world. */
  readonly sky: readonly ParameterScore[]
  readonly simulated: readonly ParameterScore[]
  /** Accuracy of a classifier that tells embeddings of both worlds apart; 0.5 cannot. */
  readonly c2st: number
}

export interface AblationOptions {
  /** Of finished cells and of trainings to go on with. */
  readonly workFolder: string
  readonly signal?: AbortSignal
  readonly onCounts?: (seed: number, counts: DomainCounts) => void
  /** Steps of training done of all; a cell that was there counts as done. */
  readonly onSteps?: (done: number, total: number, doing: string) => void
}

/** Stars of one seed, the same for every condition. */
interface SeedStars {
  readonly domain: DomainStars
  readonly oracle: DomainStars
  readonly tests: { readonly simulated: KnownStars; readonly sky: KnownStars }
}

const TAKES_SEEDS = 16

/** The steps of all cells. */
export const stepsOf = ({ conditions, baseSteps, steps }: AblationPlan, seeds: number): number =>
  seeds * (conditions.length * steps + (1 + conditions.filter(one => one.isOracle === true).length) * baseSteps)

/**
 * Runs what is not finished yet. The same seeds and plan give the same cells, stopped in between or not.
 *
 * @param scale of the model whose tokens photometry and XP are
 * @returns the cells, seed by seed in the order of the conditions; null where it was stopped
 * @throws FusionError MODEL_MISMATCH when the folder holds an ablation of another plan
 */
export async function runAblation(
  scale: LatentScale,
  plan: AblationPlan,
  seeds: readonly number[],
  options: AblationOptions,
): Promise<readonly AblationCell[] | null> {
  const cells: AblationCell[] = []
  const total = stepsOf(plan, seeds.length)
  let done = 0
  let worlds: readonly [WorldStars, WorldStars] | null = null
  for (const seed of seeds) {
    const found = plan.conditions.map(condition => readCell(options.workFolder, plan, seed, condition))
    const before = done
    done += stepsOf(plan, 1)
    if (found.every(cell => cell !== null)) {
      cells.push(...found)
      continue
    }
    worlds ??= [openWorld(simulatedWorld, scale), openWorld(skyWorld, scale)]
    const stars = await drawSeed(worlds, plan, seed, options)
    options.onCounts?.(seed, countDomain(stars.domain))
    let at = before
    const starts = new Map<boolean, Float32Array>()
    for (const [k, condition] of plan.conditions.entries()) {
      const isOracle = condition.isOracle === true
      const domain = isOracle ? stars.oracle : stars.domain
      const doing = `seed ${seed}, ${condition.name}`
      const train = async (recipe: AdaptationRecipe, name: string, start?: Float32Array) => {
        const from = at
        at += recipe.steps
        return trainAdaptation(domain, recipe, {
          workFolder: join(options.workFolder, `${name}-${seed}`),
          ...(start !== undefined && { start }),
          ...(options.signal !== undefined && { signal: options.signal }),
          onStep: step => options.onSteps?.(from + step, total, doing),
        })
      }
      const start = starts.get(isOracle)
      const base =
        start ?? (await finished(train(recipeOf(plan, seed, null), isOracle ? 'taughtBySky' : 'taughtBySimulations')))
      if (base === null) return null
      starts.set(isOracle, base)
      const ready = found[k]
      if (ready !== null) {
        at += plan.steps
        cells.push(ready)
        continue
      }
      const weights = await finished(train(recipeOf(plan, seed, condition), fileName(condition.name), base))
      if (weights === null) return null
      const cell = await scoreCell(weights, plan, seed, condition, stars)
      const file = { plan: hashOf(plan, condition), cell }
      writeWhole(cellPath(options.workFolder, seed, condition), `${JSON.stringify(file, null, 1)}\n`)
      cells.push(cell)
    }
  }
  return cells
}

async function finished(training: ReturnType<typeof trainAdaptation>): Promise<Float32Array | null> {
  const { isFinished, weights } = await training
  return isFinished ? weights : null
}

const fileName = (name: string) => name.replace(/[^a-z]+/gi, '-')
/** Of all that decides a cell: other conditions do not. */
const hashOf = (plan: AblationPlan, condition: AblationCondition) =>
  recipeHash({ ...plan, conditions: [condition], worlds: [simulatedWorld, skyWorld] })
const cellPath = (folder: string, seed: number, { name }: AblationCondition) =>
  join(folder, `cell${fileName(`-${name}`)}-${seed}.json`)

function readCell(folder: string, plan: AblationPlan, seed: number, condition: AblationCondition): AblationCell | null {
  const path = cellPath(folder, seed, condition)
  if (!existsSync(path)) return null
  const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly plan: string; readonly cell: AblationCell }
  if (file.plan === hashOf(plan, condition)) return file.cell
  throw new FusionError(
    'MODEL_MISMATCH',
    `${path} belongs to an ablation of another plan. Give another folder, or remove this one to start anew.`,
  )
}

/** @param condition null for what all begin from */
function recipeOf(plan: AblationPlan, seed: number, condition: AblationCondition | null): AdaptationRecipe {
  const { rows, network, baseSteps, steps } = plan
  const common = {
    seed,
    rows,
    transportRows: condition?.transportRows ?? null,
    network,
    averageDecay: 0.99,
    warmupSteps: 100,
  }
  if (condition === null)
    return { ...common, steps: baseSteps, peakLearningRate: 3e-3, alignment: alignmentOf({}, steps) }
  return { ...common, steps, peakLearningRate: 3e-3, alignment: alignmentOf(condition.weights, steps) }
}

/** Weights that rise over the first third of the steps. */
function alignmentOf(weights: AblationCondition['weights'], steps: number): AlignmentRecipe {
  const schedules = Object.entries(weights).map(([term, weight]) => [
    term,
    { kind: 'ramp', weight, fromStep: 0, toStep: Math.ceil(steps / 3) },
  ])
  return {
    ...alignmentDefaults,
    schedules: { ...alignmentDefaults.schedules, ...Object.fromEntries(schedules) },
    ...{ isTemperatureLearnt: false, plainShare: 0.5, slackShare: 1, entropyShare: 0.1 },
  }
}

async function drawSeed(
  worlds: readonly [WorldStars, WorldStars],
  plan: AblationPlan,
  seed: number,
  options: AblationOptions,
): Promise<SeedStars> {
  const drawn = (k: number, count: number) => ({
    ...{ seed: seed * TAKES_SEEDS + k, count },
    ...(options.signal !== undefined && { signal: options.signal }),
  })
  const simulated = await drawWorldStars(worlds[0], drawn(0, plan.stars))
  const sky = await drawWorldStars(worlds[1], drawn(1, plan.stars))
  const [own, other] = await drawWorldPairs(worlds, drawn(2, plan.pairs))
  const pairs = { simulated: own, real: other }
  const tests = {
    simulated: await drawWorldStars(worlds[0], drawn(3, plan.testStars)),
    sky: await drawWorldStars(worlds[1], drawn(4, plan.testStars)),
  }
  return { domain: { simulated, real: sky, pairs }, oracle: { simulated: sky, real: sky, pairs }, tests }
}

async function scoreCell(
  weights: Float32Array,
  { sampleCount, network }: AblationPlan,
  seed: number,
  { name, isOracle = false }: AblationCondition,
  { domain, tests }: SeedStars,
): Promise<AblationCell> {
  const answersOf = (stars: KnownStars, isReal: boolean) =>
    answerStars(weights, network, stars, { isReal: isReal && !isOracle, sampleCount, seed })
  const [simulated, sky] = [await answersOf(tests.simulated, false), await answersOf(tests.sky, true)]
  return {
    ...{ seed, condition: name, counts: countDomain(domain) },
    sky: scoreStars(tests.sky, sky),
    simulated: scoreStars(tests.simulated, simulated),
    c2st: twoSampleAccuracy(simulated.embeddings, sky.embeddings, network.encoder.sharedWidth),
  }
}
