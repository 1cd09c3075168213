// The ablation between two simulated worlds: a network that is taught on one, adapted to the other in several ways.
import { twoSampleAccuracy } from '../calibration/twoSample.ts'
import type { LatentScale } from '../training/starBatch.ts'
import {
  type AblationCondition,
  type AblationOptions,
  type AblationPlan,
  type AblationStudy,
  contrastive,
  runCells,
  unpairedConditions,
} from './ablationCells.ts'
import { adaptationConfig } from './adaptationNetwork.ts'
import { answerStars, type ParameterScore, scoreStars } from './adaptationScore.ts'
import { countDomain, type DomainCounts, type DomainStars, drawWorldPairs, drawWorldStars } from './domainStars.ts'
import { type KnownStars, openWorld, type WorldStars } from './worldStars.ts'
import { simulatedWorld, skyWorld } from './worlds.ts'

/** In the order of the table; the first is what the gap is counted from, the last what it is counted to. */
export const ablationConditions: readonly AblationCondition[] = [
  ...unpairedConditions,
  { name: '+ Gromov-Wasserstein', weights: { contrastive, gromov: 0.03 }, transportRows: 48 },
  { name: '+ keypoints', weights: { contrastive, keypoint: 0.3 } },
  { name: '+ pairs', weights: { contrastive, pairs: 3 } },
  { name: '+ exact transport, pairs', weights: { contrastive, exact: 0.1, pairs: 3 } },
  { name: 'oracle', weights: {}, isOracle: true },
]

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

/** Stars of one seed, the same for every condition. */
interface SeedStars {
  readonly domain: DomainStars
  readonly oracle: DomainStars
  readonly tests: { readonly simulated: KnownStars; readonly sky: KnownStars }
}

const TAKES_SEEDS = 16

/**
 * Runs what is not finished yet. The same seeds and plan give the same cells, stopped in between or not.
 *
 * @param scale of the model whose tokens photometry and XP are
 * @returns the cells, seed by seed in the order of the conditions; null where it was stopped
 * @throws FusionError MODEL_MISMATCH when the folder holds an ablation of another plan
 */
export function runAblation(
  scale: LatentScale,
  plan: AblationPlan,
  seeds: readonly number[],
  options: AblationOptions,
): Promise<readonly AblationCell[] | null> {
  let worlds: readonly [WorldStars, WorldStars] | null = null
  const study: AblationStudy<SeedStars, AblationCell> = {
    identity: [simulatedWorld, skyWorld],
    open(seed) {
      worlds ??= [openWorld(simulatedWorld, scale), openWorld(skyWorld, scale)]
      return drawSeed(worlds, plan, seed, options)
    },
    domainOf: ({ domain, oracle }, isOracle) => (isOracle ? oracle : domain),
    score: (weights, seed, condition, stars) => scoreCell(weights, plan, seed, condition, stars),
  }
  return runCells(study, plan, seeds, options)
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
