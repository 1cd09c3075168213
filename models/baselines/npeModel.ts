// The baseline as a finished thing: trained by one function, kept in a folder, asked for samples.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { Session } from '../engine/session.ts'
import { constantsOf, traceGraph } from '../engine/tracer.ts'
import { startingState, TrainingSession } from '../engine/trainingSession.ts'
import { traceTrainingStep } from '../engine/trainingStep.ts'
import { createRng } from '../math/rng.ts'
import type { StarInput } from '../posterior.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { sizeBands } from '../tokens/brightnessBase.ts'
import { encodeStar } from '../tokens/encodedStar.ts'
import { givenNames } from '../tokens/givenStar.ts'
import {
  FEATURE_COUNT,
  modelObservables,
  modelParameters,
  modelSpectra,
  OBSERVED_SLOTS,
  PARAMETER_COUNT,
} from '../tokens/layout.ts'
import { basesOf, fromPosteriorLatents, toPosteriorLatents } from '../tokens/posteriorLatents.ts'
import { emptyStar, writeTokens } from '../tokens/tokenizer.ts'
import { cardText } from '../training/cardText.ts'
import { latentMaps, namedBases, namedMaps, spectrumBases } from '../training/checkpoint.ts'
import type { ModelCard, NamedMap } from '../training/modelCard.ts'
import { fitPrior } from '../training/priorFit.ts'
import { errFloors, type LatentScale, observedStar, parametersOf } from '../training/starBatch.ts'
import { drawWeights } from '../transformer/weights.ts'
import { type NpeConfig, npeConfig, npeLoss, npeSample, npeWeights } from './npe.ts'

export interface NpeRecipe {
  readonly seed: number
  readonly steps: number
  readonly batchRows: number
  readonly peakLearningRate: number
  readonly priorDraws: number
  readonly config: NpeConfig
}

export const npeRecipe: NpeRecipe = {
  seed: 1,
  steps: 6000,
  batchRows: 256,
  peakLearningRate: 1e-3,
  priorDraws: 100_000,
  config: npeConfig,
}

/** The same for stars with spectra, which cost three times as much to draw. */
export const npeSpectraRecipe: NpeRecipe = {
  ...npeRecipe,
  steps: 4000,
  priorDraws: 20_000,
  config: { ...npeConfig, slots: OBSERVED_SLOTS },
}

interface NpeCard {
  readonly format: 1
  readonly recipe: NpeRecipe
  readonly simulator: string
  readonly parameters: readonly NamedMap[]
  readonly brightness: readonly NamedMap[]
  readonly spectra: ModelCard['spectra']
  readonly heldOutLoss: number
}

const HELD_OUT_BATCHES = 8

/**
 * Trains the flow on stars that every survey measured.
 *
 * @param simulator must never leave an observable out, nor a spectrum where the recipe reads spectra
 * @returns the mean negative log density of held-out stars, nats
 */
export async function trainNpe(
  recipe: NpeRecipe,
  simulator: Simulator,
  folder: string,
  options: { readonly signal?: AbortSignal; readonly onStep?: (step: number, loss: number) => void } = {},
): Promise<number> {
  const specs = npeWeights(recipe.config)
  const layout = layOut(specs)
  const { scale } = fitPrior(simulator, recipe.seed + 2_000_003, recipe.priorDraws)
  const rows = recipe.batchRows
  const batch = [
    { name: 'features', shape: [rows, recipe.config.slots, FEATURE_COUNT] },
    { name: 'latents', shape: [rows, PARAMETER_COUNT] },
  ]
  const traced = traceTrainingStep({
    parameters: specs,
    batch,
    loss: (w, b) => npeLoss(w, recipe.config, b.features, b.latents),
    options: { averageDecay: 0.999 },
  })
  const start = packParameters(layout, drawWeights(specs, createRng(recipe.seed, 0x6e)))
  const session = await TrainingSession.open(traced, startingState(start))
  try {
    for (let step = 0; step < recipe.steps && options.signal?.aborted !== true; step++) {
      const rate =
        recipe.peakLearningRate * Math.min(1, (step + 1) / 200) * 0.5 * (1 + Math.cos((Math.PI * step) / recipe.steps))
      const { loss } = await session.step(makeBatch(simulator, scale, recipe, recipe.seed, step), rate)
      if (loss !== null && (step + 1) % 100 === 0) options.onStep?.(step + 1, loss)
      await new Promise(resolve => setImmediate(resolve))
    }
    const weights = unpackParameters(layout, session.readState().average)
    const heldOutLoss = await measure(recipe, simulator, scale, weights)
    writeNpe(folder, recipe, simulator.name, scale, weights, heldOutLoss)
    return heldOutLoss
  } finally {
    await session.close()
  }
}

function makeBatch(simulator: Simulator, scale: LatentScale, recipe: NpeRecipe, seed: number, index: number) {
  const rows = recipe.batchRows
  const { slots } = recipe.config
  const simulation = simulator.draw({ seed, first: index * rows, count: rows })
  const features = new Float32Array(rows * slots * FEATURE_COUNT)
  const one = new Float32Array(OBSERVED_SLOTS * FEATURE_COUNT)
  const latents = new Float32Array(rows * PARAMETER_COUNT)
  const mask = new Float32Array(OBSERVED_SLOTS)
  const star = emptyStar()
  for (let i = 0; i < rows; i++) {
    observedStar(simulation, i, scale.spectra, star)
    const bases = basesOf(star, scale)
    writeTokens(star, bases.distance, one, 0, mask, 0)
    features.set(one.subarray(0, slots * FEATURE_COUNT), i * slots * FEATURE_COUNT)
    latents.set(toPosteriorLatents(parametersOf(simulation, i), bases, scale), i * PARAMETER_COUNT)
  }
  return { features, latents }
}

async function measure(
  recipe: NpeRecipe,
  simulator: Simulator,
  scale: LatentScale,
  weights: Readonly<Record<string, Float32Array>>,
) {
  const rows = recipe.batchRows
  const graph = traceGraph(
    [
      ...npeWeights(recipe.config).map(({ name, shape }) => ({ name, shape })),
      { name: 'features', shape: [rows, recipe.config.slots, FEATURE_COUNT] },
      { name: 'latents', shape: [rows, PARAMETER_COUNT] },
    ],
    input => ({ heldOut: npeLoss(input, recipe.config, input.features, input.latents).reshape([1]) }),
  )
  const session = await Session.open(graph)
  let sum = 0
  for (let k = 0; k < HELD_OUT_BATCHES; k++) {
    sum += (await session.run({ ...weights, ...makeBatch(simulator, scale, recipe, recipe.seed + 1_000_003, k) }))
      .heldOut[0]
  }
  await session.close()
  return sum / HELD_OUT_BATCHES
}

function writeNpe(
  folder: string,
  recipe: NpeRecipe,
  simulator: string,
  scale: LatentScale,
  weights: Readonly<Record<string, Float32Array>>,
  heldOutLoss: number,
): void {
  mkdirSync(folder, { recursive: true })
  const packed = packParameters(layOut(npeWeights(recipe.config)), weights)
  const card: NpeCard = {
    format: 1,
    recipe,
    simulator,
    parameters: namedMaps(modelParameters, scale.parameters),
    brightness: namedMaps([...sizeBands, 'none'], scale.brightness),
    spectra: namedBases(scale.spectra),
    heldOutLoss: Number(heldOutLoss.toPrecision(6)),
  }
  writeFileSync(join(folder, 'weights.bin'), new Uint8Array(packed.buffer))
  writeFileSync(join(folder, 'model.json'), cardText(card))
}

export interface NpeModel {
  /**
   * [P x S] samples of `modelParameters` for one star, one column after another.
   * @throws FusionError QUESTION_INVALID when an observable is missing: the flow knows complete stars only
   */
  sample(star: StarInput, seed: number): Promise<Float32Array>
  close(): Promise<void>
}

/** @throws FusionError MODEL_MISSING when the folder holds no baseline */
export async function openNpe(folder: string, sampleCount: number): Promise<NpeModel> {
  const cardPath = join(folder, 'model.json')
  if (!existsSync(cardPath)) {
    throw new FusionError('MODEL_MISSING', `There is no baseline in ${folder}. Train one with "birthline train npe".`)
  }
  const card = JSON.parse(readFileSync(cardPath, 'utf8')) as NpeCard
  const bytes = readFileSync(join(folder, 'weights.bin'))
  const specs = npeWeights(card.recipe.config)
  const packed = new Float32Array(new Uint8Array(bytes).buffer)
  const weights = unpackParameters(layOut(specs), packed)
  const maps = latentMaps(card)
  const spectra = spectrumBases(card)
  const { slots } = card.recipe.config
  const graph = traceGraph(
    [
      { name: 'features', shape: [1, slots, FEATURE_COUNT] },
      { name: 'noise', shape: [1, sampleCount, PARAMETER_COUNT] },
    ],
    input => ({ latents: npeSample(input, card.recipe.config, input.features, input.noise) }),
    constantsOf(specs, weights),
  )
  const session = await Session.open(graph)
  return {
    async sample(input, seed) {
      const count = sampleCount
      const { observed, bases, features } = encodeStar(input, errFloors, spectra, maps)
      const names = givenNames(observed)
      const needed = [...modelObservables, ...spectra.map((_, s) => modelSpectra[s])]
      const missing = needed.filter(name => !names.includes(name))
      if (missing.length > 0) {
        throw new FusionError(
          'QUESTION_INVALID',
          `Star ${input.key} lacks ${missing.join(', ')}: this baseline needs every one. Ask the star model.`,
        )
      }
      const rng = createRng(seed, 0x6e70)
      const noise = Float32Array.from({ length: count * PARAMETER_COUNT }, () => rng.normal())
      const { latents } = await session.run({ features: features.subarray(0, slots * FEATURE_COUNT), noise })
      const columns = new Float32Array(modelParameters.length * count)
      const values = new Float64Array(PARAMETER_COUNT)
      for (let s = 0; s < count; s++) {
        fromPosteriorLatents(latents, s * PARAMETER_COUNT, bases, maps, values)
        for (let p = 0; p < PARAMETER_COUNT; p++) columns[p * count + s] = values[p]
      }
      return columns
    },
    close: () => session.close(),
  }
}
