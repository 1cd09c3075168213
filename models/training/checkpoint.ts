// A trained model on disk: weights.bin (float32, little endian) beside model.json (everything else). A model that reads spectra with pixels
// has spectra.bin too, of 16 bits a weight: encoders are large, and nothing of their accuracy is lost.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError, quantity, starClasses } from '../../schemas/index.ts'
import { equalLevels } from '../calibration/conformal.ts'
import type { FamiliarityLaw } from '../calibration/familiarity.ts'
import { type Correction, patternKey } from '../calibration/latentCorrection.ts'
import { isPixelSpectrum } from '../encoders/modalities.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { fromHalves, toHalves } from '../math/halfFloats.ts'
import { spectralModalities, spectralWeights } from '../spectral/spectralNetwork.ts'
import { starStudentWeights } from '../student/starStudent.ts'
import { modelObservables, modelParameters, modelSpectra } from '../tokens/layout.ts'
import type { LatentMaps } from '../tokens/posteriorLatents.ts'
import type { QuantileMap } from '../tokens/quantileMap.ts'
import type { SpectrumBasis } from '../tokens/spectrumFeatures.ts'
import { starModelWeights } from '../transformer/starModelConfig.ts'
import type { WeightSpec } from '../transformer/weights.ts'
import { cardText } from './cardText.ts'
import { checkCard, type ModelCard, type NamedBasis, type NamedMap } from './modelCard.ts'
import type { LatentScale } from './starBatch.ts'
import { writeWhole } from './wholeFile.ts'

export interface Checkpoint {
  readonly card: ModelCard
  readonly weights: Readonly<Record<string, Float32Array>>
  /** Hash of weights, configuration and schema. */
  readonly fingerprint: string
}

/** Names and shapes of the weights in weights.bin: the network's, and its student's where it has one. */
export function checkpointWeights({ config, student }: Pick<ModelCard, 'config' | 'student'>): readonly WeightSpec[] {
  return [...starModelWeights(config), ...(student === undefined ? [] : starStudentWeights(student))]
}

/** Hash of what the vocabulary says of the model's quantities and classes. */
export function schemaFingerprint(): string {
  const rows = [...modelObservables, ...modelParameters].map(name => {
    const { token, unit } = quantity(name)
    return [name, token, unit]
  })
  return createHash('sha256')
    .update(JSON.stringify([rows, modelSpectra, starClasses]))
    .digest('hex')
    .slice(0, 16)
}

/** Prior quantile maps as JSON. */
export function namedMaps(names: readonly string[], maps: readonly QuantileMap[]): readonly NamedMap[] {
  return names.map((name, i) => ({
    name,
    zMax: maps[i].zMax,
    values: Array.from(maps[i].values, value => Number(value.toPrecision(9))),
  }))
}

/** Bases of spectra as JSON. */
export function namedBases(bases: readonly SpectrumBasis[]): readonly NamedBasis[] {
  return bases.map(({ mean, directions }, s) => ({
    name: modelSpectra[s],
    mean: Array.from(mean, short),
    directions: Array.from({ length: directions.length / mean.length }, (_, d) =>
      Array.from(directions.subarray(d * mean.length, (d + 1) * mean.length), short),
    ),
  }))
}

const short = (value: number) => Number(value.toPrecision(7))

/** By what spectra are told, from a card. */
export function spectrumBases({ spectra }: Pick<ModelCard, 'spectra'>): readonly SpectrumBasis[] {
  return spectra.map(({ mean, directions }) => ({
    mean: Float64Array.from(mean),
    directions: Float64Array.from(directions.flat()),
  }))
}

/** What latents mean, from a card. */
export function latentMaps(card: Pick<ModelCard, 'parameters' | 'brightness'>): LatentMaps {
  const open = ({ zMax, values }: NamedMap): QuantileMap => ({ zMax, values: Float64Array.from(values) })
  return { parameters: card.parameters.map(open), brightness: card.brightness.map(open) }
}

/** What latents of all quantities mean, and by what spectra are told, from a card. */
export function latentScale(card: ModelCard): LatentScale {
  const { observableMean, observableSd, colourMean, colourSd } = card
  return { ...latentMaps(card), observableMean, observableSd, colourMean, colourSd, spectra: spectrumBases(card) }
}

/** Names of the spectra with pixels that a model reads. */
export function pixelSpectraOf({ spectral }: Pick<ModelCard, 'spectral'>): readonly string[] {
  return spectral === undefined ? [] : spectralModalities(spectral).map(({ spectrumName }) => spectrumName)
}

/** The corrections of a card, by the key of the pattern they are for. */
export function correctionMaps({ corrections }: Pick<ModelCard, 'corrections'>): ReadonlyMap<string, Correction> {
  return new Map(
    corrections.map(({ given, parameters, levels, classes }) => [
      patternKey(given),
      {
        maps: parameters.map(({ modelLevels }) => ({
          levels: levels === undefined ? equalLevels(modelLevels.length) : Float64Array.from(levels),
          modelLevels: Float64Array.from(modelLevels),
        })),
        ...(classes && { classes }),
      },
    ]),
  )
}

/** The laws of a card, by the family they are of. */
export function familiarityLaws({
  familiarity = [],
}: Pick<ModelCard, 'familiarity'>): ReadonlyMap<string, FamiliarityLaw> {
  return new Map(
    familiarity.map(law => [
      law.family,
      { ...law, mean: Float64Array.from(law.mean), factor: Float64Array.from(law.factor) },
    ]),
  )
}

/** Hash of all that decides a model's answers, 16 hexadecimal digits; how it was trained is not part of it. */
export function fingerprintOf(card: ModelCard, ...weightBytes: readonly Uint8Array[]): string {
  const { training: _, ...essential } = card
  const hash = createHash('sha256').update(JSON.stringify(essential))
  for (const bytes of weightBytes) hash.update(bytes)
  return hash.digest('hex').slice(0, 16)
}

const [CARD, WEIGHTS, SPECTRA] = ['model.json', 'weights.bin', 'spectra.bin']

/** Files of a checkpoint. */
export const checkpointFiles = ({ spectral }: Pick<ModelCard, 'spectral'>): readonly string[] =>
  spectral === undefined ? [CARD, WEIGHTS] : [CARD, WEIGHTS, SPECTRA]

/** The star model alone, as it was before it learned to read spectra with pixels; its fingerprint too. */
export function withoutSpectra(checkpoint: Checkpoint): Checkpoint {
  const { spectral, ...rest } = checkpoint.card
  if (spectral === undefined) return checkpoint
  // Entries stay in their order, which the fingerprint depends on.
  const kept = {
    ...rest,
    corrections: rest.corrections.filter(({ given }) => !given.some(isPixelSpectrum)),
    familiarity: rest.familiarity?.filter(({ family }) => !isPixelSpectrum(family)),
  }
  const { familiarity, ...bare } = kept
  const card = familiarity?.length ? { ...kept, familiarity } : bare
  const specs = checkpointWeights(card)
  const weights = Object.fromEntries(specs.map(({ name }) => [name, checkpoint.weights[name]]))
  const bytes = new Uint8Array(packParameters(layOut(specs), weights).buffer)
  return { card, weights, fingerprint: fingerprintOf(card, bytes) }
}

/** Names and shapes of the weights in spectra.bin; none where the model reads no spectra with pixels. */
export function spectraWeights({ config, spectral }: Pick<ModelCard, 'config' | 'spectral'>): readonly WeightSpec[] {
  return spectral === undefined ? [] : spectralWeights(spectral, config)
}

/** Writes a checkpoint; each file appears whole or not at all. */
export function writeCheckpoint(
  folder: string,
  card: ModelCard,
  weights: Readonly<Record<string, Float32Array>>,
): void {
  const pack = (specs: readonly WeightSpec[]) => packParameters(layOut(specs), weights)
  writeWhole(join(folder, WEIGHTS), new Uint8Array(pack(checkpointWeights(card)).buffer))
  if (card.spectral !== undefined) {
    writeWhole(join(folder, SPECTRA), new Uint8Array(toHalves(pack(spectraWeights(card))).buffer))
  }
  writeWhole(join(folder, CARD), cardText(card))
}

/**
 * Reads a checkpoint and checks that it fits this program.
 *
 * @throws FusionError MODEL_MISSING when there is none, MODEL_MISMATCH when it was trained with another vocabulary or is damaged
 */
export function readCheckpoint(folder: string): Checkpoint {
  const cardPath = join(folder, CARD)
  if (!existsSync(cardPath) || !existsSync(join(folder, WEIGHTS))) {
    throw new FusionError(
      'MODEL_MISSING',
      `There is no model in ${folder}: model.json and weights.bin are needed. Train one with "birthline train pilot".`,
    )
  }
  const card = readCard(cardPath)
  checkCard(card, cardPath)
  if (card.schema !== schemaFingerprint()) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `The model in ${folder} was trained with vocabulary ${card.schema}, this birthline has ${schemaFingerprint()}: its answers would be wrong. Retrain it with "birthline train pilot".`,
    )
  }
  const own = readWeights(join(folder, WEIGHTS), checkpointWeights(card), 4)
  const weights = unpackParameters(own.layout, new Float32Array(own.buffer))
  if (card.spectral === undefined) return { card, weights, fingerprint: fingerprintOf(card, own.bytes) }
  const spectra = readWeights(join(folder, SPECTRA), spectraWeights(card), 2)
  return {
    card,
    weights: { ...weights, ...unpackParameters(spectra.layout, fromHalves(new Uint16Array(spectra.buffer))) },
    fingerprint: fingerprintOf(card, own.bytes, spectra.bytes),
  }
}

/** @throws FusionError MODEL_MISMATCH where the file is not there, or not as long as its weights are */
function readWeights(path: string, specs: readonly WeightSpec[], bytesPerWeight: number) {
  const layout = layOut(specs)
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.of()
  const expected = bytesPerWeight * layout.size
  if (bytes.length !== expected) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${path} has ${bytes.length} bytes where the model needs ${expected}: it is damaged or of another model. Restore it or retrain.`,
    )
  }
  return { layout, bytes, buffer: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) }
}

function readCard(path: string): ModelCard {
  let card: ModelCard
  try {
    card = JSON.parse(readFileSync(path, 'utf8')) as ModelCard
  } catch (cause) {
    throw new FusionError('MODEL_MISMATCH', `${path} is not JSON: the checkpoint is damaged. Restore it or retrain.`, {
      cause,
    })
  }
  if (card.format !== 1) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${path} has checkpoint format ${card.format}, this birthline reads format 1. Use the birthline that wrote it, or retrain.`,
    )
  }
  return card
}
