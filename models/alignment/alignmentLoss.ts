// The losses of alignment together, in one graph.
import * as tf from '@tensorflow/tfjs'
import {
  type AlignmentRecipe,
  type AlignmentTerm,
  activeTerms,
  checkAlignment,
  type TransportTerm,
} from './alignmentRecipe.ts'
import { contrastiveLoss } from './contrastiveLoss.ts'
import { pairLoss } from './pairLoss.ts'
import { gromovLoss, transportLoss } from './transportLoss.ts'

/** What the active terms ask for; of the others nothing is looked at. */
export interface AlignmentBatch {
  /** One [B, D] for each modality, and [B, modalities] of 1 where it is there. */
  readonly embeddings: readonly tf.Tensor[]
  readonly present: tf.Tensor
  readonly logTemperature: tf.Tensor | number
  /** [m, D] simulated and [n, D] real, of one modality. */
  readonly source: tf.Tensor
  readonly target: tf.Tensor
  /** [m, n] each, from `alignmentPlan`. */
  readonly plans: Readonly<Partial<Record<TransportTerm, tf.Tensor>>>
  /** [K, D], [K, D] and [K]. */
  readonly pairSource: tf.Tensor
  readonly pairTarget: tf.Tensor
  readonly isPair: tf.Tensor
}

export interface AlignmentLoss {
  readonly loss: tf.Scalar
  /** The active terms, before their weights. */
  readonly parts: Readonly<Partial<Record<AlignmentTerm, tf.Scalar>>>
}

/**
 * The weighted sum of the losses that a recipe has on. Those that are off are not in the graph; weights and plans are inputs
 * to it, so that it is traced once.
 *
 * @param weights [active terms], from `weightsAt`
 * @throws RangeError when a plan is missing, or the recipe cannot be
 */
export function alignmentLoss(batch: AlignmentBatch, weights: tf.Tensor, recipe: AlignmentRecipe): AlignmentLoss {
  checkAlignment(recipe)
  const { costKind } = recipe
  const terms = activeTerms(recipe)
  const parts = Object.fromEntries(terms.map(term => [term, partOf(term, batch, costKind)]))
  if (terms.length === 0) return { loss: tf.scalar(0), parts }
  return { loss: tf.sum(tf.mul(tf.stack(terms.map(term => parts[term])), weights)) as tf.Scalar, parts }
}

function partOf(term: AlignmentTerm, batch: AlignmentBatch, costKind: AlignmentRecipe['costKind']): tf.Scalar {
  if (term === 'contrastive') return contrastiveLoss(batch.embeddings, batch.present, batch.logTemperature)
  if (term === 'pairs') return pairLoss(batch.pairSource, batch.pairTarget, batch.isPair, costKind)
  const plan = batch.plans[term]
  if (plan === undefined) throw new RangeError(`alignmentLoss: the plan of ${term} is missing`)
  const lossOf = term === 'gromov' ? gromovLoss : transportLoss
  return lossOf(batch.source, batch.target, plan, costKind)
}
