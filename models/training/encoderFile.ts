// Trained encoders on disk: encoders.json tells what they are, encoders.bin holds their weights.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { cardText } from './cardText.ts'
import type { PairRetrieval } from './encoderRetrieval.ts'
import { type EncoderRecipe, encoderSetWeights } from './encoderTrainer.ts'
import { readArrays, writeArrays, writeWhole } from './wholeFile.ts'

export interface EncoderCard {
  readonly format: 1
  readonly recipe: EncoderRecipe
  /** Fingerprint of the model whose scales photometry and XP are told in. */
  readonly model: string
  readonly retrieval: readonly PairRetrieval[]
}

const [CARD, WEIGHTS] = ['encoders.json', 'encoders.bin']

/** Each file appears whole or not at all. */
export function writeEncoders(
  folder: string,
  card: EncoderCard,
  weights: Readonly<Record<string, Float32Array>>,
): void {
  const layout = layOut(encoderSetWeights(card.recipe.network, card.recipe.startingSharpness))
  writeArrays(join(folder, WEIGHTS), { size: layout.size }, [packParameters(layout, weights)])
  writeWhole(join(folder, CARD), cardText(card))
}

/** @throws FusionError MODEL_MISSING when there are none, MODEL_MISMATCH when they are damaged */
export function readEncoders(folder: string): {
  readonly card: EncoderCard
  readonly weights: Readonly<Record<string, Float32Array>>
} {
  const file = readArrays(join(folder, WEIGHTS))
  if (file === null) {
    throw new FusionError(
      'MODEL_MISSING',
      `There are no encoders in ${folder}: train some with "birthline train encoders --out ${folder}".`,
    )
  }
  try {
    const card = JSON.parse(readFileSync(join(folder, CARD), 'utf8')) as EncoderCard
    const layout = layOut(encoderSetWeights(card.recipe.network, card.recipe.startingSharpness))
    if (card.format !== 1 || file.count !== 1 || file.header.size !== layout.size) throw new TypeError('sizes differ')
    return { card, weights: unpackParameters(layout, file.at(0)) }
  } catch (cause) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `The encoders in ${folder} are damaged or of another birthline: restore them, or train them anew with "birthline train encoders --out ${folder}".`,
      { cause },
    )
  }
}
