// Opens a checkpoint and answers: stars in, posterior samples and class probabilities out.
import {
  derivedNames,
  FusionError,
  loggDex,
  logRadiusRsun,
  packageFile,
  quantity,
  type Summary,
} from '../schemas/index.ts'
import { type ClassScaling, scaleClasses } from './calibration/classScaling.ts'
import { type RankMap, recalibrate } from './calibration/conformal.ts'
import { familiarityOf, familyOf, jointFamiliarity, UNLIKE_TRAINING } from './calibration/familiarity.ts'
import { correctLatents, patternKey, splitMaps } from './calibration/latentCorrection.ts'
import { deviceSampler, joinRows, type SamplerDraws } from './deviceSampler.ts'
import { checkDevice } from './engine/deviceCheck.ts'
import type { Device } from './engine/devices.ts'
import { Session } from './engine/session.ts'
import { embeddingGraph, posteriorGraph, spectralGraph } from './modelGraphs.ts'
import type { EmbeddingModel, InferOptions, StarInput, StarPosterior } from './posterior.ts'
import { answerQuestion } from './questions/answer.ts'
import type { AskableModel, AskOptions, StarAnswer } from './questions/askableModel.ts'
import type { Question } from './questions/question.ts'
import { TokenDraws } from './questions/tokenDraws.ts'
import { samplerNoise, samplerNumbers } from './samplerNumbers.ts'
import { type ReadSpectrum, readPixels } from './spectral/givenPixels.ts'
import { summarize } from './summary.ts'
import { type EncodedStar, encodeStar } from './tokens/encodedStar.ts'
import { givenNames } from './tokens/givenStar.ts'
import { FEATURE_COUNT, modelParameters, OBSERVED_SLOTS, PARAMETER_COUNT } from './tokens/layout.ts'
import { fromPosteriorLatents, type LatentMaps, type StarBases } from './tokens/posteriorLatents.ts'
import type { SpectrumBasis } from './tokens/spectrumFeatures.ts'
import {
  type Checkpoint,
  correctionMaps,
  familiarityLaws,
  latentMaps,
  pixelSpectraOf,
  readCheckpoint,
  spectrumBases,
} from './training/checkpoint.ts'
import type { SamplerChoice } from './training/modelCard.ts'

export const sampleNames: readonly string[] = [...modelParameters, ...derivedNames]

const TEFF = modelParameters.indexOf('logTeffK')
const LUMINOSITY = modelParameters.indexOf('logLuminosityLsun')
const MASS = modelParameters.indexOf('logMassMsun')

/** Where the checkpoint that comes with the project lies. */
export const pilotFolder = packageFile('models', 'checkpoints', 'pilot')

/**
 * Opens a checkpoint folder; by default the one that comes with the project.
 *
 * @param sampler another sampler than the checkpoint's own or its student, to compare them
 * @param device where posteriors are drawn; questions by tokens are answered on the processor
 * @throws FusionError MODEL_MISSING or MODEL_MISMATCH, CONFIG_INVALID when the device cannot be opened
 */
export async function openPosteriorModel(
  folder = pilotFolder,
  sampler?: SamplerChoice,
  device: Device = 'cpu',
): Promise<AskableModel & EmbeddingModel> {
  const checkpoint = readCheckpoint(folder)
  const { student: _, ...card } = checkpoint.card
  const chosen = sampler === undefined ? checkpoint : { ...checkpoint, card: { ...card, sampler } }
  if (device !== 'cpu') await checkDevice(device)
  if (device !== 'cpu' && chosen.card.student !== undefined) {
    throw new FusionError(
      'CONFIG_INVALID',
      `The model in ${folder} has a student, who draws on the processor alone. Set device to cpu, or serve the model that taught it.`,
    )
  }
  return new OpenModel(chosen, device)
}

/** Stars that are embedded by one call. */
const EMBEDDED_STARS = 250

class OpenModel implements AskableModel, EmbeddingModel {
  readonly fingerprint: string
  readonly pixelSpectra: readonly string[] | undefined
  private readonly checkpoint: Checkpoint
  private readonly maps: LatentMaps
  private readonly spectra: readonly SpectrumBasis[]
  private readonly corrections: ReturnType<typeof correctionMaps>
  private readonly familiarity: ReturnType<typeof familiarityLaws>
  /** One graph for each number of samples that was asked for, and for each set of spectra. */
  private readonly sessions = new Map<string, Promise<Session>>()
  private embedding: Promise<Session> | null = null
  private readonly tokens: TokenDraws
  private readonly device: Device
  private readonly batches = new Map<number, ReturnType<typeof deviceSampler>>()

  constructor(checkpoint: Checkpoint, device: Device) {
    this.checkpoint = checkpoint
    this.device = device
    this.fingerprint = checkpoint.fingerprint
    this.pixelSpectra = checkpoint.card.spectral && pixelSpectraOf(checkpoint.card)
    this.maps = latentMaps(checkpoint.card)
    this.spectra = spectrumBases(checkpoint.card)
    this.corrections = correctionMaps(checkpoint.card)
    this.familiarity = familiarityLaws(checkpoint.card)
    this.tokens = new TokenDraws(checkpoint)
  }

  async infer(stars: readonly StarInput[], options: InferOptions): Promise<readonly StarPosterior[]> {
    if (!Number.isInteger(options.sampleCount) || options.sampleCount < 1 || options.sampleCount > 100_000) {
      throw new FusionError('QUESTION_INVALID', `${options.sampleCount} samples were asked for; ask for 1 to 100000.`)
    }
    // Spectra with pixels are read on the processor.
    const onDevice = this.device === 'cpu' ? [] : stars.filter(star => this.spectraOf(star).length === 0)
    const drawn = new Map((await this.inferInBatches(onDevice, options)).map((answer, i) => [onDevice[i], answer]))
    const answers: StarPosterior[] = []
    // One star a call: a star's bytes must not depend on who shares its batch.
    for (const star of stars) answers.push(drawn.get(star) ?? (await this.answer(star, options)))
    return answers
  }

  async ask(stars: readonly StarInput[], question: Question, options: AskOptions): Promise<readonly StarAnswer[]> {
    const sources = {
      maps: this.maps,
      errFloors: this.checkpoint.card.errFloors,
      spectra: this.spectra,
      tokens: this.tokens,
      posterior: (star: StarInput, sampleCount: number, seed: bigint, round: number) =>
        this.answer(star, { sampleCount, seed }, round),
      isUnusual: (star: StarInput) => this.isUnusual(this.encode(star)),
      readSpectra: (star: StarInput) => this.spectraOf(star).map(({ modality }) => modality.spectrumName),
    }
    const answers: StarAnswer[] = []
    for (const star of stars) answers.push(await answerQuestion(sources, star, question, options))
    return answers
  }

  async embed(stars: readonly StarInput[]): Promise<readonly Float32Array[]> {
    return this.embedRows(stars.map(star => this.encode(star)))
  }

  async familiarities(stars: readonly StarInput[]): Promise<readonly (number | null)[]> {
    const encoded = stars.map(star => this.encode(star))
    const embeddings = await this.embedRows(encoded)
    return encoded.map(({ observed }, i) => this.familiarityOf(givenNames(observed), embeddings[i]))
  }

  async close(): Promise<void> {
    await this.tokens.close()
    await (await this.embedding)?.close()
    this.embedding = null
    for (const session of this.sessions.values()) await (await session).close()
    this.sessions.clear()
    for (const runner of this.batches.values()) await runner.close()
    this.batches.clear()
  }

  private async embedRows(stars: readonly EncodedStar[]): Promise<readonly Float32Array[]> {
    this.embedding ??= Session.open(embeddingGraph(this.checkpoint, EMBEDDED_STARS))
    const session = await this.embedding
    const embeddings: Float32Array[] = []
    for (let at = 0; at < stars.length; at += EMBEDDED_STARS) {
      const batch = stars.slice(at, at + EMBEDDED_STARS)
      // A graph has a fixed shape: the last batch is filled up with the tokens of its first star.
      const full = Array.from({ length: EMBEDDED_STARS }, (_, i) => batch[i] ?? batch[0])
      const { star } = await session.run({
        features: joinRows(full.map(({ features }) => features)),
        mask: joinRows(full.map(({ mask }) => mask)),
      })
      const width = star.length / EMBEDDED_STARS
      embeddings.push(...batch.map((_, i) => star.slice(i * width, (i + 1) * width)))
    }
    return embeddings
  }

  private async inferInBatches(stars: readonly StarInput[], options: InferOptions): Promise<readonly StarPosterior[]> {
    if (stars.length === 0) return []
    const { sampleCount } = options
    const runner = this.batches.get(sampleCount) ?? deviceSampler(this.checkpoint, this.device, sampleCount)
    this.batches.set(sampleCount, runner)
    const answers: StarPosterior[] = []
    while (answers.length < stars.length) {
      const some = stars.slice(answers.length, answers.length + runner.mostRows)
      const encoded = some.map(star => this.encode(star))
      const rows = encoded.map(({ features, mask }, i) => {
        const noise = samplerNoise(this.checkpoint.card, some[i].key, options, 0)
        return { features, mask, noise }
      })
      const draws = await runner.run(rows)
      answers.push(...some.map((star, i) => this.describe(star, encoded[i], draws[i], sampleCount)))
    }
    return answers
  }

  private sessionFor(sampleCount: number, spectra: readonly ReadSpectrum[]): Promise<Session> {
    const names = spectra.map(({ modality }) => modality.name)
    const key = [sampleCount, ...names].join(' ')
    const open = this.sessions.get(key)
    if (open !== undefined) return open
    const { spectral } = this.checkpoint.card
    const graph =
      spectral === undefined || names.length === 0
        ? posteriorGraph(this.checkpoint, sampleCount)
        : spectralGraph(this.checkpoint, spectral, names, sampleCount)
    const session = Session.open(graph)
    this.sessions.set(key, session)
    return session
  }

  private spectraOf(star: StarInput): readonly ReadSpectrum[] {
    const { spectral } = this.checkpoint.card
    return spectral === undefined ? [] : readPixels(star, spectral)
  }

  private encode(star: StarInput): EncodedStar {
    return encodeStar(star, this.checkpoint.card.errFloors, this.spectra, this.maps)
  }

  /** @param round tells apart the posteriors that are drawn of one star with one seed */
  private async answer(star: StarInput, options: InferOptions, round = 0): Promise<StarPosterior> {
    const { card } = this.checkpoint
    const encoded = this.encode(star)
    const spectra = this.spectraOf(star)
    const session = await this.sessionFor(options.sampleCount, spectra)
    const { features, mask } = encoded
    const numbers =
      spectra.length === 0
        ? samplerNumbers(card, star.key, options, round)
        : { noise: samplerNoise(card, star.key, options, round) }
    const pixels = Object.fromEntries(
      spectra.flatMap(({ modality: { name }, tokens }) => [
        [`${name}.features`, tokens.features],
        [`${name}.mask`, tokens.mask],
      ]),
    )
    const { latents, logits, star: embedding, ...seen } = await session.run({ features, mask, ...pixels, ...numbers })
    const shown = spectra.map(({ modality }) => ({ name: modality.spectrumName, z: seen[`${modality.name}.z`] }))
    return this.describe(star, encoded, { latents, logits, star: embedding }, options.sampleCount, shown)
  }

  private describe(
    star: StarInput,
    encoded: EncodedStar,
    { latents, logits, star: embedding }: SamplerDraws,
    sampleCount: number,
    pixelSpectra: readonly { readonly name: string; readonly z: Float32Array }[] = [],
  ): StarPosterior {
    const { observed, bases } = encoded
    const withoutPixels = givenNames(observed)
    const observables = [...withoutPixels, ...pixelSpectra.map(({ name }) => name)]
    const correction = this.corrections.get(patternKey(observables))
    const drawn = this.toColumns(latents, bases, sampleCount)
    const familiarity = jointFamiliarity([
      this.familiarityOf(withoutPixels, embedding),
      ...pixelSpectra.map(({ name, z }) => this.familiarityOf([name], z)),
    ])
    return {
      key: star.key,
      sampleNames,
      samples:
        correction === undefined ? drawn : this.corrected(latents, bases, sampleCount, observables, correction.maps),
      classProbabilities: probabilitiesOf(logits, correction?.classes),
      classPrior: this.checkpoint.card.classPrior,
      observables,
      flags: [
        ...(this.isUnusual(encoded) ? ['outOfDistribution'] : []),
        ...(familiarity !== null && familiarity < UNLIKE_TRAINING ? ['unlikeTraining'] : []),
      ],
      familiarity,
      uncorrected: correction === undefined ? [] : summarizeColumns(drawn, sampleCount),
    }
  }

  private corrected(
    latents: Float32Array,
    bases: StarBases,
    count: number,
    observables: readonly string[],
    maps: readonly RankMap[],
  ): Float32Array {
    const { latents: own, luminosity } = splitMaps(observables, maps)
    const columns = this.toColumns(correctLatents(latents, own), bases, count)
    if (luminosity === null || count < 2) return columns
    const of = (p: number) => columns.subarray(p * count, (p + 1) * count)
    const { min, max } = quantity('logLuminosityLsun')
    of(LUMINOSITY).set(recalibrate(of(LUMINOSITY), luminosity, min, max))
    const values = new Float64Array(PARAMETER_COUNT)
    for (let s = 0; s < count; s++) {
      for (let p = 0; p < PARAMETER_COUNT; p++) values[p] = columns[p * count + s]
      addDerived(columns, count, s, values)
    }
    return columns
  }

  private familiarityOf(observables: readonly string[], embedding: Float32Array): number | null {
    const law = this.familiarity.get(familyOf(observables))
    return law === undefined ? null : familiarityOf(law, embedding)
  }

  private toColumns(latents: Float32Array, bases: StarBases, count: number): Float32Array {
    if (!latents.every(Number.isFinite)) {
      throw new FusionError(
        'MODEL_MISMATCH',
        'The model put out a number that is not finite: its weights are damaged. Restore or retrain it.',
      )
    }
    const columns = new Float32Array(sampleNames.length * count)
    const values = new Float64Array(PARAMETER_COUNT)
    for (let s = 0; s < count; s++) {
      fromPosteriorLatents(latents, s * PARAMETER_COUNT, bases, this.maps, values)
      for (let p = 0; p < PARAMETER_COUNT; p++) columns[p * count + s] = values[p]
      addDerived(columns, count, s, values)
    }
    return columns
  }

  /** True when a token lies outside what was ever simulated: the posterior is then an extrapolation. */
  private isUnusual({ features, mask }: EncodedStar): boolean {
    const { low, high } = this.checkpoint.card.featureRange
    for (let slot = 0; slot < OBSERVED_SLOTS; slot++) {
      if (mask[slot] === 0) continue
      for (let f = 0; f < FEATURE_COUNT; f++) {
        const value = features[slot * FEATURE_COUNT + f]
        if (value < low[slot][f] || value > high[slot][f]) return true
      }
    }
    return false
  }
}

/** Radius and log g of draw s, which follow from its parameters. */
function addDerived(columns: Float32Array, count: number, s: number, parameters: Float64Array): void {
  const radius = logRadiusRsun(parameters[LUMINOSITY], parameters[TEFF])
  columns[PARAMETER_COUNT * count + s] = radius
  columns[(PARAMETER_COUNT + 1) * count + s] = loggDex(parameters[MASS], radius)
}

function probabilitiesOf(logits: Float32Array, scaling: ClassScaling | undefined): readonly number[] {
  const own = softmax(logits)
  return scaling === undefined ? own : [...scaleClasses(own, scaling)]
}

function summarizeColumns(columns: Float32Array, count: number): readonly Summary[] {
  return sampleNames.map((name, i) => summarize(name, columns.subarray(i * count, (i + 1) * count)))
}

function softmax(logits: Float32Array): readonly number[] {
  const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const weights = Array.from(logits, logit => Math.exp(logit - top))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map(weight => weight / sum)
}
