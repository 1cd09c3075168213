// Teaches a star model to read spectra with pixels: the encoders of the instruments, what joins their tokens to the star, and a posterior
// head of its own, by the posterior and the alignment together. The star model itself stays as it is.
import { createHash } from 'node:crypto'
import { type AlignmentRecipe, activeTerms, alignmentDefaults, weightsAt } from '../alignment/alignmentRecipe.ts'
import type { ModalityTokens } from '../encoders/modality.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { Session } from '../engine/session.ts'
import { startingState, TrainingSession } from '../engine/trainingSession.ts'
import { traceTrainingStep } from '../engine/trainingStep.ts'
import { createRng } from '../math/rng.ts'
import { embeddingGraph } from '../modelGraphs.ts'
import type { GivenPixels } from '../posterior.ts'
import { createPilotSimulator } from '../simulators/pilot.ts'
import { type SpectralConfig, spectralConfig } from '../spectral/spectralConfig.ts'
import { alignmentBatch, alignmentWeights, type RealRows, spectralLoss } from '../spectral/spectralLoss.ts'
import { SPECTRAL_PREFIX, spectralModalities, spectralWeights, startingHead } from '../spectral/spectralNetwork.ts'
import { drawWeights } from '../transformer/weights.ts'
import { openSpectralQueue } from './batchQueue.ts'
import { type Checkpoint, latentScale, withoutSpectra, writeCheckpoint } from './checkpoint.ts'
import { coolingRate } from './coolingRate.ts'
import { openHeldOutLoss } from './heldOutLoss.ts'
import { instrumentModalities, simulatedPixels } from './instrumentStars.ts'
import { openRealSource, sortReal } from './realSpectra.ts'
import { createSpectralStars, spectralBatch } from './spectralStars.ts'
import type { Feeds } from './starBatch.ts'
import { appendLoss, type LossPoint, loadState, readLosses, recipeHash, saveState } from './trainingFolder.ts'

export interface SpectralRecipe {
  readonly name: string
  readonly seed: number
  readonly steps: number
  readonly rows: number
  readonly levelsPerRow: number
  readonly viewsPerStar: number
  /** Of half of the spectra patches are lost, each with one chance between 0 and this. */
  readonly mostLost: number
  readonly warmupSteps: number
  readonly peakLearningRate: number
  readonly averageDecay: number
  readonly config: SpectralConfig
  /** Transport counts only where real spectra are given. */
  readonly alignment: AlignmentRecipe
  /** Real spectra of a step. */
  readonly realRows: number
}

/** `birthline train spectra --out FOLDER`. */
export const spectralRecipe: SpectralRecipe = {
  name: 'spectra',
  seed: 1,
  steps: 3000,
  rows: 96,
  levelsPerRow: 8,
  viewsPerStar: 2,
  mostLost: 0.6,
  warmupSteps: 100,
  peakLearningRate: 1e-3,
  averageDecay: 0.998,
  config: spectralConfig(simulatedPixels.map(({ name }) => name)),
  alignment: {
    ...alignmentDefaults,
    costKind: 'cosine',
    schedules: {
      ...alignmentDefaults.schedules,
      contrastive: { kind: 'constant', weight: 0.05 },
      pairs: { kind: 'constant', weight: 0.05 },
      exact: { kind: 'ramp', weight: 0.1, fromStep: 500, toStep: 1500 },
    },
  },
  realRows: 32,
}

export interface SpectralOptions {
  /** Where the state of the run is kept between stops. */
  readonly workFolder: string
  readonly outFolder: string
  readonly signal?: AbortSignal
  readonly batchThreads?: number
  readonly onInputs?: (counts: InputCounts) => void
  readonly onProgress?: (progress: SpectralProgress) => void
}

/** How much of each kind there is: what is simulated has truths, real spectra have none, pairs are spectra of one star by two instruments. */
export interface InputCounts {
  readonly simulatedStars: number
  readonly realSpectra: number
  /** Of those that are learned from. */
  readonly realModality: string | null
  /** Each simulated star that two instruments beside each other can take, once for each two: of a batch on the average. */
  readonly pairsPerBatch: number
}

export interface SpectralProgress {
  readonly step: number
  readonly steps: number
  readonly loss: number
  readonly heldOutLoss: number | null
  readonly stepMs: number
  readonly remainingS: number
}

const PURPOSE = 0x5bed
const REAL_PURPOSE = 0x5bee
const REPORT_STEPS = 20
const SAVE_STEPS = 200
const HELD_OUT_STEPS = 200
const HELD_OUT_BATCHES = 8
/** Added to the recipe's seed for stars that are never trained on. */
const HELD_OUT_SEED_OFFSET = 1_000_003

/**
 * Trains, or goes on training, and writes the checkpoint once it is finished: that of the star model, with what reads spectra. The same recipe,
 * star model and real spectra give the same weights, stopped in between or not.
 *
 * @param learner the star model; what it may have learned of spectra is forgotten
 * @param real spectra without truths; the modality that most of them are of is aligned
 * @returns whether the run is finished; when it is not, calling again goes on
 * @throws FusionError MODEL_MISMATCH when the work folder holds another run
 */
export async function trainSpectra(
  learner: Checkpoint,
  recipe: SpectralRecipe,
  real: readonly GivenPixels[],
  options: SpectralOptions,
): Promise<{ readonly isFinished: boolean; readonly step: number; readonly losses: readonly LossPoint[] }> {
  const { workFolder, signal } = options
  const base = withoutSpectra(learner)
  const { config, seed, rows, levelsPerRow, viewsPerStar, realRows } = recipe
  const star = base.card.config
  const modalities = spectralModalities(config)
  const sky = sortReal(real, modalities)
  const alignment = sky === null ? withoutTransport(recipe.alignment) : recipe.alignment
  const identity = { recipe, base: base.fingerprint, real: sky === null ? null : realHash(sky.spectra) }
  const source =
    sky === null ? null : await openRealSource(sky, config.encoder, alignment, { rows, realRows }, SPECTRAL_PREFIX)
  const realPart: RealRows | null =
    sky === null || source === null
      ? null
      : { place: modalities.indexOf(sky.modality), rows: realRows, plans: source.terms }
  const kept = spectralWeights(config, star)
  const specs = [...kept, ...alignmentWeights(config, alignment)]
  const layout = layOut(specs)
  const initial = () =>
    packParameters(layout, {
      ...drawWeights(specs, createRng(seed, PURPOSE)),
      ...startingHead(star, base.weights),
    })
  const state = loadState(workFolder, identity) ?? startingState(initial())
  const shape = { rows, levelsPerRow, viewsPerStar, classCount: star.classCount, mostLost: recipe.mostLost }
  const embedded = [...spectralBatch(shape), { name: 'star', shape: [rows, star.width] }]
  const read = embedded.filter(({ name }) => name !== 'features' && name !== 'mask')
  const terms = activeTerms(alignment).length
  const traced = traceTrainingStep({
    parameters: specs,
    batch: [...read, ...(terms === 0 ? [] : alignmentBatch(config, rows, terms, realPart))],
    loss: (weights, batch) => spectralLoss(weights, config, star, batch, alignment, realPart),
    options: { averageDecay: recipe.averageDecay },
  })
  const session = await TrainingSession.open(traced, state)
  const embedding = await Session.open(embeddingGraph(base, rows))
  const told = async ({ features, mask, ...feeds }: Feeds): Promise<Feeds> => ({
    ...feeds,
    star: (await embedding.run({ features, mask })).star as Float32Array<ArrayBuffer>,
  })
  const data = { seed, shape, scale: latentScale(base.card), noise: base.card.noise }
  const queue = openSpectralQueue(data, state.step, options.batchThreads)
  const held: Feeds[] = []
  const heldStars = createSpectralStars(
    createPilotSimulator({ hasSpectra: true }),
    ...([{ ...shape, mostLost: 0 }, data.scale, data.noise, seed + HELD_OUT_SEED_OFFSET] as const),
  )
  for (let k = 0; k < HELD_OUT_BATCHES; k++) held.push(await told(heldStars.make(k * viewsPerStar)))
  options.onInputs?.({
    simulatedStars: Math.ceil(recipe.steps / viewsPerStar) * rows,
    realSpectra: sky?.spectra.length ?? 0,
    realModality: sky?.modality.name ?? null,
    pairsPerBatch: held.reduce((sum, { present }) => sum + pairsIn(present), 0) / held.length,
  })
  const heldOut = await openHeldOutLoss(specs, read, held, input => {
    const { metrics } = spectralLoss(input, config, star, input, alignmentDefaults, null)
    return metrics.posteriorLoss.add(metrics.classLoss)
  })
  const rng = createRng(seed, REAL_PURPOSE)
  let [step, sum, count, since] = [state.step, 0, 0, performance.now()]
  try {
    while (step < recipe.steps && signal?.aborted !== true) {
      const feeds = await told(await queue.next())
      rng.seek(step)
      const seen = realPart === null ? [] : seenBy(feeds.present, realPart.place)
      const sky =
        source === null
          ? {}
          : (await source.take(rng, unpackParameters(layout, session.readState().parameters), feeds, seen)).feeds
      const alignmentFeeds = terms === 0 ? {} : { alignmentWeights: weightsAt(alignment, step), ...sky }
      const { loss } = await session.step({ ...feeds, ...alignmentFeeds }, coolingRate(recipe, ++step))
      if (loss !== null) [sum, count] = [sum + loss, count + 1]
      if (step % REPORT_STEPS === 0 || step === recipe.steps) {
        const isMeasured = step % HELD_OUT_STEPS === 0 || step === recipe.steps
        const stepMs = (performance.now() - since) / Math.max(1, count)
        const mean = Number((sum / Math.max(1, count)).toPrecision(6))
        const average = () => unpackParameters(layout, session.readState().average)
        const validationLoss = isMeasured ? await heldOut.of(average()) : null
        appendLoss(workFolder, { step, loss: mean, validationLoss })
        const remainingS = ((recipe.steps - step) * stepMs) / 1000
        options.onProgress?.({ step, steps: recipe.steps, loss: mean, heldOutLoss: validationLoss, stepMs, remainingS })
        ;[sum, count, since] = [0, 0, performance.now()]
      }
      if (step % SAVE_STEPS === 0) saveState(workFolder, identity, session.readState())
      // A pause for timers and signals: running a graph holds the thread.
      await new Promise(resolve => setImmediate(resolve))
    }
    const final = session.readState()
    saveState(workFolder, identity, final)
    const losses = readLosses(workFolder, step)
    const isFinished = step >= recipe.steps
    if (isFinished) {
      const spectral = {
        base: base.fingerprint,
        recipe,
        recipeHash: recipeHash(identity),
        lastLoss: losses.at(-1) ?? null,
      }
      const card = {
        ...base.card,
        spectral: config,
        training: { ...base.card.training, spectral },
      }
      writeCheckpoint(options.outFolder, card, { ...base.weights, ...unpackParameters(layout, final.average) })
    }
    return { isFinished, step, losses }
  } finally {
    await queue.close()
    await heldOut.close()
    await source?.close()
    await embedding.close()
    await session.close()
  }
}

function withoutTransport(recipe: AlignmentRecipe): AlignmentRecipe {
  const off = { kind: 'off' } as const
  const { contrastive, pairs } = recipe.schedules
  return { ...recipe, schedules: { contrastive, pairs, exact: off, sinkhorn: off, gromov: off, keypoint: off } }
}

const modalityCount = instrumentModalities.length

/** Whether the instrument at a place among those with pixels saw each star. */
function seenBy(present: Float32Array, place: number): readonly boolean[] {
  const at = modalityCount - simulatedPixels.length + place
  return Array.from({ length: present.length / modalityCount }, (_, i) => present[i * modalityCount + at] === 1)
}

function pairsIn(present: Float32Array): number {
  const seen = simulatedPixels.map((_, place) => seenBy(present, place))
  return seen.slice(1).reduce((sum, one, m) => sum + one.filter((is, i) => is && seen[m][i]).length, 0)
}

function realHash(spectra: readonly ModalityTokens[]): string {
  const hash = createHash('sha256')
  for (const { features } of spectra)
    hash.update(new Uint8Array(features.buffer, features.byteOffset, features.byteLength))
  return hash.digest('hex').slice(0, 16)
}
