// A trained model on disk: weights.bin (float32, little endian) beside model.json (everything else).

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError, quantity, starClasses } from '../../schemas/index.ts'
import type { RankMap } from '../calibration/conformal.ts'
import type { FamiliarityLaw } from '../calibration/familiarity.ts'
import { patternKey } from '../calibration/latentCorrection.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
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

/** Names and shapes of all weights of a checkpoint: the network's, and its student's where it has one. */
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

/** The corrections of a card, by the key of the pattern they are for. */
export function correctionMaps({
  corrections,
}: Pick<ModelCard, 'corrections'>): ReadonlyMap<string, readonly RankMap[]> {
  return new Map(
    corrections.map(({ given, parameters }) => [
      patternKey(given),
      parameters.map(({ modelLevels }) => ({
        levels: Float64Array.from(modelLevels, (_, k) => k / (modelLevels.length - 1)),
        modelLevels: Float64Array.from(modelLevels),
      })),
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
export function fingerprintOf(card: ModelCard, weightBytes: Uint8Array): string {
  const { training: _, ...essential } = card
  return createHash('sha256').update(JSON.stringify(essential)).update(weightBytes).digest('hex').slice(0, 16)
}

/** Writes a checkpoint; each file appears whole or not at all. */
export function writeCheckpoint(
  folder: string,
  card: ModelCard,
  weights: Readonly<Record<string, Float32Array>>,
): void {
  const packed = packParameters(layOut(checkpointWeights(card)), weights)
  writeWhole(join(folder, 'weights.bin'), new Uint8Array(packed.buffer))
  writeWhole(join(folder, 'model.json'), cardText(card))
}

/**
 * Reads a checkpoint and checks that it fits this program.
 *
 * @throws FusionError MODEL_MISSING when there is none, MODEL_MISMATCH when it was trained with another vocabulary or is damaged
 */
export function readCheckpoint(folder: string): Checkpoint {
  const cardPath = join(folder, 'model.json')
  const weightsPath = join(folder, 'weights.bin')
  if (!existsSync(cardPath) || !existsSync(weightsPath)) {
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
  const bytes = readFileSync(weightsPath)
  const layout = layOut(checkpointWeights(card))
  const expected = 4 * layout.size
  if (bytes.length !== expected) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${weightsPath} has ${bytes.length} bytes where the model needs ${expected}: it is damaged or of another model. Restore it or retrain.`,
    )
  }
  const packed = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  return { card, weights: unpackParameters(layout, packed), fingerprint: fingerprintOf(card, bytes) }
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
