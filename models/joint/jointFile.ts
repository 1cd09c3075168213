// Joint models on disk: weights.bin (float32, little endian, one member after another) beside model.json (everything else).

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { layOut, packParameters, unpackParameters } from '../engine/parameterLayout.ts'
import { cardText } from '../training/cardText.ts'
import { writeWhole } from '../training/wholeFile.ts'
import { jointWeights } from './jointModel.ts'
import type { JointModel } from './jointTrainer.ts'

/** What a file says of its models beside what they are. */
export interface JointCard {
  /** What they were trained on. */
  readonly task: string
  readonly simulations: number
  readonly seed: number
  readonly recipe: unknown
  readonly heldOutLosses: readonly number[]
}

export interface JointFile {
  readonly card: JointCard
  readonly models: readonly JointModel[]
}

/** 2: networks that are steered by what is given. */
const FORMAT = 2

/** Writes models of one table; each file appears whole or not at all. */
export function writeJointFile(folder: string, card: JointCard, models: readonly JointModel[]): void {
  const [{ variables, config, base, sigmaMin, sigmaMax }] = models
  const layout = layOut(jointWeights(config))
  const bytes = Buffer.concat(models.map(({ weights }) => Buffer.from(packParameters(layout, weights).buffer)))
  const { scales, gaussian } = base
  const content = {
    format: FORMAT,
    card,
    members: models.length,
    variables,
    config,
    scales,
    gaussian: { mean: [...gaussian.mean], covariance: [...gaussian.covariance] },
    sigmaMin,
    sigmaMax,
    weights: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
  }
  writeWhole(join(folder, 'weights.bin'), bytes)
  writeWhole(join(folder, 'model.json'), cardText(content))
}

/** @throws FusionError MODEL_MISSING when there is none, MODEL_MISMATCH when it is damaged or of another kind */
export function readJointFile(folder: string): JointFile {
  const [cardPath, weightsPath] = [join(folder, 'model.json'), join(folder, 'weights.bin')]
  if (!existsSync(cardPath) || !existsSync(weightsPath)) {
    throw new FusionError(
      'MODEL_MISSING',
      `There is no model in ${folder}: model.json and weights.bin are needed. Train one with "birthline task NAME train --out ${folder}".`,
    )
  }
  const content = readContent(cardPath)
  const bytes = readFileSync(weightsPath)
  const { variables, config, scales, sigmaMin, sigmaMax } = content
  const layout = layOut(jointWeights(config))
  const size = 4 * layout.size
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  if (bytes.length !== size * content.members || hash !== content.weights) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${weightsPath} is not what ${cardPath} was written with: it is damaged or of another model. Restore it or retrain.`,
    )
  }
  const base = {
    scales,
    gaussian: {
      mean: Float64Array.from(content.gaussian.mean),
      covariance: Float64Array.from(content.gaussian.covariance),
    },
  }
  const models = Array.from({ length: content.members }, (_, m) => {
    const packed = new Float32Array(new Uint8Array(bytes.subarray(m * size, (m + 1) * size)).buffer)
    return { variables, config, base, sigmaMin, sigmaMax, weights: unpackParameters(layout, packed) }
  })
  return { card: content.card, models }
}

interface Content extends Omit<JointModel, 'base' | 'weights'> {
  readonly format: number
  readonly card: JointCard
  readonly members: number
  readonly scales: JointModel['base']['scales']
  readonly gaussian: { readonly mean: readonly number[]; readonly covariance: readonly number[] }
  readonly weights: string
}

function readContent(path: string): Content {
  let content: Content
  try {
    content = JSON.parse(readFileSync(path, 'utf8')) as Content
  } catch (cause) {
    throw new FusionError('MODEL_MISMATCH', `${path} is not JSON: it is damaged. Restore it or retrain.`, { cause })
  }
  if (Number.isInteger(content?.format) && content.format < FORMAT) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${path} is of an earlier birthline, whose networks were built otherwise. Train it again with "birthline task ${content.card?.task ?? 'NAME'} train".`,
    )
  }
  if (content?.format !== FORMAT || typeof content.card?.task !== 'string' || !Array.isArray(content.variables)) {
    throw new FusionError(
      'MODEL_MISMATCH',
      `${path} is no model of a task as this birthline writes them. Give the folder that "birthline task NAME train" wrote.`,
    )
  }
  return content
}
