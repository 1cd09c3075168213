// The cells of an ablation: for each seed a network that is taught on simulations, then the same adapted in several ways. What is
// finished is kept.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { type AlignmentRecipe, type AlignmentTerm, alignmentDefaults } from '../alignment/alignmentRecipe.ts'
import { recipeHash } from '../training/trainingFolder.ts'
import { writeWhole } from '../training/wholeFile.ts'
import type { AdaptationConfig } from './adaptationNetwork.ts'
import { type AdaptationRecipe, trainAdaptation } from './adaptationTrainer.ts'
import { type BatchRows, countDomain, type DomainCounts, type DomainStars } from './domainStars.ts'

/** One way to adapt: the weights of its losses. */
export interface AblationCondition {
  readonly name: string
  readonly weights: Readonly<Partial<Record<AlignmentTerm, number>>>
  /** See `AdaptationRecipe`. */
  readonly transportRows?: number
  /** Taught with the truth of the sky's stars instead: what could be had at best. */
  readonly isOracle?: boolean
}

/** Weight of the contrastive loss, which is added wherever anything is adapted. */
export const contrastive = 0.1

/** Those that need no star which is known in both worlds; the first is what the others are compared with. */
export const unpairedConditions: readonly AblationCondition[] = [
  { name: 'none', weights: {} },
  { name: 'contrastive', weights: { contrastive } },
  { name: '+ exact transport', weights: { contrastive, exact: 0.1 } },
  { name: '+ Sinkhorn with slack', weights: { contrastive, sinkhorn: 0.1 } },
]

/** How large an ablation is. */
export interface AblationPlan {
  /** Simulated stars that are learned from, and as many of the sky where that is simulated too; and those in both. */
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

export interface AblationOptions {
  /** Of finished cells and of trainings to go on with. */
  readonly workFolder: string
  readonly signal?: AbortSignal
  readonly onCounts?: (seed: number, counts: DomainCounts) => void
  /** Steps of training done of all; a cell that was there counts as done. */
  readonly onSteps?: (done: number, total: number, doing: string) => void
}

/** Between which worlds, and how a network is judged. */
export interface AblationStudy<Stars, Cell> {
  /** All that decides a cell beside the plan and the seed. */
  readonly identity: unknown
  /** The stars of a seed, the same for every condition. */
  open(seed: number): Promise<Stars>
  domainOf(stars: Stars, isOracle: boolean): DomainStars
  score(weights: Float32Array, seed: number, condition: AblationCondition, stars: Stars): Promise<Cell>
}

/** The steps of all cells. */
export const stepsOf = ({ conditions, baseSteps, steps }: AblationPlan, seeds: number): number =>
  seeds * (conditions.length * steps + (1 + conditions.filter(one => one.isOracle === true).length) * baseSteps)

/**
 * Runs what is not finished yet. The same study, seeds and plan give the same cells, stopped in between or not.
 *
 * @returns the cells, seed by seed in the order of the conditions; null where it was stopped
 * @throws FusionError MODEL_MISMATCH when the folder holds an ablation of another plan
 */
export async function runCells<Stars, Cell>(
  study: AblationStudy<Stars, Cell>,
  plan: AblationPlan,
  seeds: readonly number[],
  options: AblationOptions,
): Promise<readonly Cell[] | null> {
  const cells: Cell[] = []
  const total = stepsOf(plan, seeds.length)
  const hashOf = (condition: AblationCondition) =>
    // Other conditions do not decide a cell.
    recipeHash({ ...plan, conditions: [condition], study: study.identity })
  let done = 0
  for (const seed of seeds) {
    const found = plan.conditions.map(condition =>
      readCell<Cell>(cellPath(options.workFolder, seed, condition), hashOf(condition)),
    )
    const before = done
    done += stepsOf(plan, 1)
    if (found.every(cell => cell !== null)) {
      cells.push(...found)
      continue
    }
    const stars = await study.open(seed)
    options.onCounts?.(seed, countDomain(study.domainOf(stars, false)))
    let at = before
    const starts = new Map<boolean, Float32Array>()
    for (const [k, condition] of plan.conditions.entries()) {
      const isOracle = condition.isOracle === true
      const domain = study.domainOf(stars, isOracle)
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
      const cell = await study.score(weights, seed, condition, stars)
      const file = { plan: hashOf(condition), cell }
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
const cellPath = (folder: string, seed: number, { name }: AblationCondition) =>
  join(folder, `cell${fileName(`-${name}`)}-${seed}.json`)

function readCell<Cell>(path: string, hash: string): Cell | null {
  if (!existsSync(path)) return null
  const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly plan: string; readonly cell: Cell }
  if (file.plan === hash) return file.cell
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
