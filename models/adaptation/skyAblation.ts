// The ablation on the real sky: a network that is taught on the default simulator's stars, adapted to real stars without labels,
// and judged by what others have measured of other real stars.
import { twoSampleAccuracy } from '../calibration/twoSample.ts'
import { photometryModality } from '../encoders/modalities.ts'
import { createPilotSimulator } from '../simulators/pilot.ts'
import type { LatentScale } from '../training/starBatch.ts'
import {
  type AblationCondition,
  type AblationOptions,
  type AblationPlan,
  type AblationStudy,
  runCells,
  unpairedConditions,
} from './ablationCells.ts'
import { adaptationConfig } from './adaptationNetwork.ts'
import { answerStars, type ParameterScore, scoreStars } from './adaptationScore.ts'
import { countDomain, type DomainCounts, type DomainStars, drawWorldStars } from './domainStars.ts'
import { type SkyScore, type SkyStars, scoreSky } from './skyScore.ts'
import { adaptedParameters, givenStars, type KnownStars, openSimulated, type SeenStars } from './worldStars.ts'

export const skyPlan: AblationPlan = {
  ...{ stars: 24_000, pairs: 0, testStars: 1000, sampleCount: 200, baseSteps: 3000, steps: 600 },
  rows: { stars: 96, pairs: 0 },
  // The tables have no XP: only the contrastive loss reads that of the simulations.
  network: {
    ...adaptationConfig,
    reads: [photometryModality.name],
    units: { centres: [8, 3.65, 0.8], widths: [1.3, 0.15, 1] },
  },
  // No real star is known in both worlds.
  conditions: unpairedConditions,
}

/** One condition of one seed. */
export interface SkyCell {
  readonly seed: number
  readonly condition: string
  readonly counts: DomainCounts
  readonly judgedStars: number
  /** On the judged stars, in the order of their labels. */
  readonly groups: readonly SkyScore[]
  /** On fresh stars of the simulations. */
  readonly simulated: readonly ParameterScore[]
  /** Accuracy of a classifier that tells embeddings of simulated and judged stars apart; 0.5 cannot. */
  readonly c2st: number
}

interface SeedStars {
  readonly domain: DomainStars
  readonly tests: KnownStars
  readonly sky: SkyStars
  readonly judged: SeenStars
}

const TAKES_SEEDS = 16
const noStars: SeenStars = { count: 0, columns: {} }

/**
 * Runs what is not finished yet. The same seeds, plan and stars give the same cells, stopped in between or not.
 *
 * @param scale of the model whose tokens photometry and XP are
 * @param skyOf the real stars of a seed
 * @returns the cells, seed by seed in the order of the conditions; null where it was stopped
 * @throws FusionError MODEL_MISMATCH when the folder holds an ablation of another plan or other stars
 */
export function runSkyAblation(
  scale: LatentScale,
  plan: AblationPlan,
  seeds: readonly number[],
  skyOf: (seed: number) => SkyStars,
  options: AblationOptions,
): Promise<readonly SkyCell[] | null> {
  const study: AblationStudy<SeedStars, SkyCell> = {
    // Every seed has the same stars, halved anew.
    identity: ['pilot', skyOf(0)],
    async open(seed) {
      const simulated = openSimulated(createPilotSimulator({ hasSpectra: true }), scale)
      const drawn = (k: number, count: number) => ({
        ...{ seed: seed * TAKES_SEEDS + k, count },
        ...(options.signal !== undefined && { signal: options.signal }),
      })
      const sky = skyOf(seed)
      const domain = {
        simulated: await drawWorldStars(simulated, drawn(0, plan.stars)),
        real: givenStars(sky.adapted, scale),
        pairs: { simulated: noStars, real: noStars },
      }
      const tests = await drawWorldStars(simulated, drawn(3, plan.testStars))
      return { domain, tests, sky, judged: givenStars(sky.judged, scale) }
    },
    domainOf: ({ domain }) => domain,
    score: (weights, seed, condition, stars) => scoreCell(weights, plan, seed, condition, stars),
  }
  return runCells(study, plan, seeds, options)
}

async function scoreCell(
  weights: Float32Array,
  { sampleCount, network }: AblationPlan,
  seed: number,
  { name }: AblationCondition,
  { domain, tests, sky, judged }: SeedStars,
): Promise<SkyCell> {
  const answersOf = (stars: SeenStars, isReal: boolean) =>
    answerStars(weights, network, stars, { isReal, sampleCount, seed })
  const [simulated, real] = [await answersOf(tests, false), await answersOf(judged, true)]
  const width = network.encoder.sharedWidth
  const alike = Math.min(tests.count, judged.count) * width
  const ages = domain.simulated.truths.filter((_, k) => k % adaptedParameters.length === 0)
  return {
    ...{ seed, condition: name, counts: countDomain(domain), judgedStars: judged.count },
    groups: scoreSky(sky.labels, real.samples, sampleCount, ages, seed),
    simulated: scoreStars(tests, simulated),
    // An easy guess where one side has more.
    c2st: twoSampleAccuracy(simulated.embeddings.slice(0, alike), real.embeddings.slice(0, alike), width),
  }
}
