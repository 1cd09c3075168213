// Trains the network on simulated stars with their truth, and by the losses of alignment on real stars without and on pairs.
import * as tf from '@tensorflow/tfjs'
import { type AlignmentBatch, alignmentLoss } from '../alignment/alignmentLoss.ts'
import { alignmentPlan } from '../alignment/alignmentPlan.ts'
import {
  type AlignmentRecipe,
  activeTerms,
  type TransportTerm,
  transportTerms,
  weightsAt,
} from '../alignment/alignmentRecipe.ts'
import type { Matrix, Pair } from '../alignment/transportProblem.ts'
import { layOut, type ParameterLayout, packParameters } from '../engine/parameterLayout.ts'
import { Session } from '../engine/session.ts'
import { sizeOf, type TensorSpec } from '../engine/tensorSpec.ts'
import { traceGraph } from '../engine/tracer.ts'
import { startingState, TrainingSession } from '../engine/trainingSession.ts'
import { traceTrainingStep } from '../engine/trainingStep.ts'
import { createRng } from '../math/rng.ts'
import { mixtureLoss } from '../student/mixture.ts'
import { coolingRate } from '../training/coolingRate.ts'
import { loadState, recipeHash, saveState } from '../training/trainingFolder.ts'
import { drawWeights, type Weights } from '../transformer/weights.ts'
import { type AdaptationConfig, adaptationWeights, embed, readPosterior, toUnits } from './adaptationNetwork.ts'
import { type BatchRows, type DomainStars, openDomainLoader } from './domainStars.ts'
import { adaptedParameters, seenSpecs } from './worldStars.ts'

export interface AdaptationRecipe {
  readonly seed: number
  readonly steps: number
  readonly warmupSteps: number
  readonly peakLearningRate: number
  readonly averageDecay: number
  readonly rows: BatchRows
  /** Rows of each side that transport acts on, where not all: Gromov-Wasserstein costs their third power. Leaves out pairs. */
  readonly transportRows: number | null
  readonly network: AdaptationConfig
  readonly alignment: AlignmentRecipe
}

export interface AdaptationOptions {
  /** Null keeps nothing. */
  readonly workFolder: string | null
  /** Weights to begin with, of `layOut(adaptationWeights(..))`; drawn from the seed where there are none. */
  readonly start?: Float32Array
  readonly signal?: AbortSignal
  readonly onStep?: (step: number, loss: number) => void
}

export interface AdaptationResult {
  readonly isFinished: boolean
  readonly step: number
  /** The averaged weights. */
  readonly weights: Float32Array
  /** Mean of the posterior's loss over the last tenth of the steps that this call made, in nats. */
  readonly posteriorLoss: number | null
}

const PURPOSE = 0xada
const SAVE_STEPS = 200

type BatchShape = Pick<AdaptationRecipe, 'rows' | 'alignment' | 'transportRows'>

/** Names and shapes of a training batch. */
export function adaptationBatch({ rows, alignment, transportRows }: BatchShape): readonly TensorSpec[] {
  const half = rows.stars + rows.pairs
  const moved = transportRows ?? half
  const terms = activeTerms(alignment)
  return [
    ...seenSpecs(2 * half),
    { name: 'isReal', shape: [2 * half, 1] },
    { name: 'truths', shape: [rows.stars, adaptedParameters.length] },
    ...(terms.length === 0 ? [] : [{ name: 'weights', shape: [terms.length] }]),
    ...plannedTerms(alignment).map(term => ({ name: `plan.${term}`, shape: [moved, moved] })),
  ]
}

const plannedTerms = (alignment: AlignmentRecipe): TransportTerm[] =>
  transportTerms.filter(term => alignment.schedules[term].kind !== 'off')

/** The posterior's loss on the simulated rows of a batch, plus the recipe's alignment; see `BatchRows` for the rows. */
export function adaptationLoss(w: Weights, recipe: BatchShape & Pick<AdaptationRecipe, 'network'>, b: Weights) {
  const { rows, network, alignment, transportRows } = recipe
  const half = rows.stars + rows.pairs
  const moved = transportRows ?? half
  const { each, pooled } = embed(w, network, b)
  const part = (from: number, count: number) => tf.slice(pooled, [from, 0], [count, network.encoder.sharedWidth])
  const posterior = mixtureLoss(readPosterior(w, network, part(0, rows.stars)), toUnits(b.truths, network))
  const batch: AlignmentBatch = {
    ...{ embeddings: each, present: b.present, logTemperature: Math.log(alignment.contrastiveSoftness) },
    ...{ source: part(0, moved), target: part(half, moved) },
    plans: Object.fromEntries(plannedTerms(alignment).map(term => [term, b[`plan.${term}`]])),
    ...{ pairSource: part(rows.stars, rows.pairs), pairTarget: part(half + rows.stars, rows.pairs) },
    isPair: tf.ones([rows.pairs]),
  }
  // Without alignment nothing trains the corrections: they are named, so that every recipe has the same weights.
  const idle = tf.mul(tf.sum(pooled), 0)
  const aligned = activeTerms(alignment).length === 0 ? tf.scalar(0) : alignmentLoss(batch, b.weights, alignment).loss
  return { loss: tf.addN([posterior, aligned, idle as tf.Scalar]), metrics: { posterior } }
}

/**
 * Trains, or goes on training: the same stars and recipe give the same weights, stopped in between or not.
 *
 * @throws FusionError MODEL_MISMATCH when the work folder holds a run of another recipe, RangeError as `countDomain` does
 */
export async function trainAdaptation(
  stars: DomainStars,
  recipe: AdaptationRecipe,
  options: AdaptationOptions,
): Promise<AdaptationResult> {
  const { workFolder, signal } = options
  const specs = adaptationWeights(recipe.network)
  const layout = layOut(specs)
  const initial = () => options.start ?? packParameters(layout, drawWeights(specs, createRng(recipe.seed, PURPOSE)))
  const identity = { ...recipe, start: options.start === undefined ? null : recipeHash([...options.start]) }
  const state = (workFolder === null ? null : loadState(workFolder, identity)) ?? startingState(initial())
  const traced = traceTrainingStep({
    parameters: specs,
    batch: adaptationBatch(recipe),
    loss: (weights, batch) => adaptationLoss(weights, recipe, batch),
    options: { averageDecay: recipe.averageDecay },
  })
  const session = await TrainingSession.open(traced, state)
  const planner = await openPlanner(layout, recipe)
  const loader = openDomainLoader(stars, recipe.rows, recipe.seed)
  let step = state.step
  let [sum, count] = [0, 0]
  const save = () => {
    if (workFolder !== null) saveState(workFolder, identity, session.readState())
  }
  try {
    while (step < recipe.steps && signal?.aborted !== true) {
      const batch = loader.batch(step)
      step++
      if (activeTerms(recipe.alignment).length > 0) batch.weights = weightsAt(recipe.alignment, step)
      Object.assign(batch, await planner.plansOf(session, batch))
      const { loss, metrics } = await session.step(batch, coolingRate(recipe, step))
      if (loss !== null && step > 0.9 * recipe.steps) [sum, count] = [sum + metrics.posterior[0], count + 1]
      options.onStep?.(step, metrics.posterior[0])
      if (step % SAVE_STEPS === 0) save()
      // A pause for timers and signals: running a graph holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
    save()
    const weights = session.readState().average
    return { isFinished: step >= recipe.steps, step, weights, posteriorLoss: count === 0 ? null : sum / count }
  } finally {
    await planner.close()
    await session.close()
  }
}

interface Planner {
  plansOf(session: TrainingSession, batch: Record<string, Float32Array>): Promise<Record<string, Float32Array>>
  close(): Promise<void>
}

/** Solves the plans of a batch by the embeddings of the weights as they are. */
async function openPlanner(layout: ParameterLayout, recipe: AdaptationRecipe): Promise<Planner> {
  const { rows, network, alignment, transportRows } = recipe
  const terms = plannedTerms(alignment)
  if (terms.length === 0) return { plansOf: async () => ({}), close: async () => undefined }
  const half = rows.stars + rows.pairs
  const moved = transportRows ?? half
  const seen = [...seenSpecs(2 * half), { name: 'isReal', shape: [2 * half, 1] }]
  const graph = traceGraph([{ name: '.parameters', shape: [layout.size] }, ...seen], input => {
    const sizes = layout.parameters.map(({ shape }) => sizeOf(shape))
    const parts = tf.split(input['.parameters'] as tf.Tensor1D, sizes)
    const weights = layout.parameters.map(({ name, shape }, i) => [name, parts[i].reshape([...shape])] as const)
    return { pooled: embed(Object.fromEntries(weights), network, input).pooled }
  })
  const session = await Session.open(graph)
  const pairs: Pair[] = Array.from({ length: transportRows === null ? rows.pairs : 0 }, (_, k) => [
    rows.stars + k,
    rows.stars + k,
  ])
  return {
    async plansOf(training, batch) {
      const feeds = Object.fromEntries(seen.map(({ name }) => [name, batch[name]]))
      const { pooled } = await session.run({ ...feeds, '.parameters': training.readState().parameters })
      const columns = network.encoder.sharedWidth
      const side = (from: number): Matrix => ({
        ...{ rows: moved, columns },
        values: Float64Array.from(pooled.subarray(from * columns, (from + moved) * columns)),
      })
      const [source, target] = [side(0), side(half)]
      return Object.fromEntries(
        terms.map(term => {
          const { plan } = alignmentPlan(term, source, target, pairs, alignment)
          return [`plan.${term}`, Float32Array.from(plan.values)]
        }),
      )
    },
    close: () => session.close(),
  }
}
