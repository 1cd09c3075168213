// The training loss: the posterior head, any question by tokens, and the classes, in one graph.
import * as tf from '@tensorflow/tfjs'
import { ASKED_SLOTS, FEATURE_COUNT, GIVEN_SLOTS, OBSERVED_SLOTS, PARAMETER_COUNT } from '../tokens/layout.ts'
import { conditionHead, denoiseHead } from '../transformer/posteriorHead.ts'
import { classify, decodeAsked } from '../transformer/starModel.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'
import { embedNoise, encodeGiven } from '../transformer/tokenModel.ts'
import type { Weights } from '../transformer/weights.ts'

export interface BatchShape {
  /** Rows B that ask the posterior of all parameters given all observables. */
  readonly posteriorRows: number
  /** Noise levels K drawn for each of them: the encoding is shared, so more are cheap. */
  readonly levelsPerRow: number
  /** Rows Q with random given and asked sets. */
  readonly questionRows: number
}

/** Name -> shape of the tensors of one batch. */
export function batchSpecs(
  shape: BatchShape,
  classCount: number,
): readonly { name: string; shape: readonly number[] }[] {
  const { posteriorRows: b, levelsPerRow: k, questionRows: q } = shape
  return [
    { name: 'features', shape: [b, OBSERVED_SLOTS, FEATURE_COUNT] },
    { name: 'mask', shape: [b, OBSERVED_SLOTS] },
    { name: 'scaled', shape: [b, k, 1, PARAMETER_COUNT] },
    { name: 'sigma', shape: [b, k] },
    { name: 'target', shape: [b, k, 1, PARAMETER_COUNT] },
    { name: 'classes', shape: [b, classCount] },
    { name: 'questionFeatures', shape: [q, GIVEN_SLOTS, FEATURE_COUNT] },
    { name: 'questionMask', shape: [q, GIVEN_SLOTS] },
    { name: 'questionScaled', shape: [q, ASKED_SLOTS] },
    { name: 'questionSigma', shape: [q] },
    { name: 'questionTarget', shape: [q, ASKED_SLOTS] },
    { name: 'questionAsked', shape: [q, ASKED_SLOTS] },
  ]
}

export interface StarLoss {
  readonly loss: tf.Scalar
  /** Parts of the loss, each a mean: 1 is what a network that knows nothing scores at high noise. */
  readonly metrics: Readonly<Record<'posteriorLoss' | 'questionLoss' | 'classLoss', tf.Scalar>>
}

/**
 * What a part counts beside the posterior. At 0.3 the classes fell behind: their probabilities were off by 0.03 to 0.05
 * where surveys were missing.
 */
export const lossWeights = { question: 0.5, classes: 1 } as const

/** Tensors of more rows leave a processor's cache between one operation and the next. */
export const cacheRows = 128

/** The tensors of a batch cut along their rows into equal parts. */
function cutRows(batch: Weights, names: readonly string[], rows: number, atATime: number): Weights[] {
  const count = rows % atATime === 0 ? rows / atATime : 1
  const cuts = names.map(name => tf.split(batch[name], count, 0))
  return Array.from({ length: count }, (_, i) => Object.fromEntries(names.map((name, n) => [name, cuts[n][i]])))
}

const mean = (parts: readonly tf.Tensor[]) => tf.div(tf.addN([...parts]), parts.length) as tf.Scalar

/** What the posterior head and the classes lose on some rows, each a mean. */
function posteriorLoss(w: Weights, c: StarModelConfig, batch: Weights): { head: tf.Tensor; classes: tf.Tensor } {
  const [rows, levels] = batch.sigma.shape as [number, number]
  const { star } = encodeGiven(w, c, batch.features, batch.mask)
  const noise = embedNoise(batch.sigma).reshape([rows, levels, -1])
  const output = denoiseHead(w, c, batch.scaled, conditionHead(w, c, star, noise))
  const logProbabilities = tf.logSoftmax(classify(w, star) as tf.Tensor2D)
  return {
    head: tf.mean(tf.square(tf.sub(output, batch.target))),
    classes: tf.neg(tf.mean(tf.sum(tf.mul(logProbabilities, batch.classes), -1))),
  }
}

/**
 * Denoising score matching with Karras preconditioning (weight 1 on the network's own target) plus cross entropy.
 *
 * Source: Vincent 2010, equation for denoising score matching; Karras et al. 2022, arXiv:2206.00364, equation 8.
 */
export function starLoss(w: Weights, c: StarModelConfig, batch: Weights, rowsAtATime = cacheRows): StarLoss {
  const names = ['features', 'mask', 'scaled', 'sigma', 'target', 'classes']
  const parts = cutRows(batch, names, batch.sigma.shape[0], rowsAtATime).map(part => posteriorLoss(w, c, part))
  const posterior = mean(parts.map(part => part.head))
  const classes = mean(parts.map(part => part.classes))

  const given = encodeGiven(w, c, batch.questionFeatures, batch.questionMask)
  const answer = decodeAsked(w, c, given, batch.questionScaled, batch.questionSigma, batch.questionAsked)
  const squared = tf.mul(tf.square(tf.sub(answer, batch.questionTarget)), batch.questionAsked)
  // Each row counts once, however many values it asks for.
  const perRow = tf.div(tf.sum(squared, -1), tf.sum(batch.questionAsked, -1))
  const question = tf.mean(perRow) as tf.Scalar

  const tokens = tf.add(posterior, tf.mul(question, lossWeights.question))
  const loss = tf.add(tokens, tf.mul(classes, lossWeights.classes)) as tf.Scalar
  return { loss, metrics: { posteriorLoss: posterior, questionLoss: question, classLoss: classes } }
}
