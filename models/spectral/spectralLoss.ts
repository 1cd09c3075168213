// What the star model with spectra is trained by, in one graph: the posterior and the classes of stars that have spectra, and the alignment
// of what their instruments tell.
import * as tf from '@tensorflow/tfjs'
import { alignmentLoss } from '../alignment/alignmentLoss.ts'
import { type AlignmentRecipe, activeTerms, type TransportTerm } from '../alignment/alignmentRecipe.ts'
import { photometryModality, xpModality } from '../encoders/modalities.ts'
import type { Modality } from '../encoders/modality.ts'
import { encodeModality, encoderWeights } from '../encoders/spectrumEncoder.ts'
import type { TensorSpec } from '../engine/tensorSpec.ts'
import { conditionHead, denoiseHead } from '../transformer/posteriorHead.ts'
import { classify } from '../transformer/starModel.ts'
import type { StarModelConfig } from '../transformer/starModelConfig.ts'
import { embedNoise } from '../transformer/tokenModel.ts'
import { constant, prefixed, type WeightSpec, type Weights } from '../transformer/weights.ts'
import type { SpectralConfig } from './spectralConfig.ts'
import { joinSpectra, readSpectrum, SPECTRAL_PREFIX, spectralModalities, spectralPart } from './spectralNetwork.ts'

/** Photometry and XP are told to the star by its own model: their encoders serve the shared space alone, and are not kept. */
const sharedOnly: readonly Modality[] = [photometryModality, xpModality]
const TEMPERATURE = `${SPECTRAL_PREFIX}logTemperature`

/** Names and shapes of the weights that only the alignment needs. */
export function alignmentWeights({ encoder }: SpectralConfig, recipe: AlignmentRecipe): readonly WeightSpec[] {
  const { contrastiveSoftness, isTemperatureLearnt } = recipe
  if (!activeTerms(recipe).includes('contrastive')) return []
  return [
    ...prefixed(
      sharedOnly.flatMap(modality => encoderWeights(modality, encoder, ['z'])),
      SPECTRAL_PREFIX,
    ),
    ...(isTemperatureLearnt ? [constant(TEMPERATURE, [1], Math.log(contrastiveSoftness))] : []),
  ]
}

/** Real spectra of one modality beside the simulated ones of a batch. */
export interface RealRows {
  /** Place of the modality among those of the configuration. */
  readonly place: number
  readonly rows: number
  readonly plans: readonly TransportTerm[]
}

/** Name -> shape of what a batch has beside that of `spectralBatch`: weights of the active terms, and real spectra with their plans. */
export function alignmentBatch(
  c: SpectralConfig,
  rows: number,
  terms: number,
  real: RealRows | null,
): readonly TensorSpec[] {
  const weights = { name: 'alignmentWeights', shape: [terms] }
  if (real === null) return [weights]
  const { slots, features } = spectralModalities(c)[real.place]
  return [
    weights,
    { name: 'real.features', shape: [real.rows, slots, features] },
    { name: 'real.mask', shape: [real.rows, slots] },
    ...real.plans.map(term => ({ name: `plan.${term}`, shape: [rows, real.rows] })),
  ]
}

export interface SpectralLoss {
  readonly loss: tf.Scalar
  readonly metrics: Readonly<Record<'posteriorLoss' | 'classLoss' | 'alignmentLoss', tf.Scalar>>
}

/**
 * Denoising score matching and cross entropy as `starLoss` has them, and the active terms of `alignmentLoss`: the contrastive one over all
 * that saw a star, pairs of one star's spectra by instruments beside each other, transport between simulated and real spectra.
 *
 * @param batch `star` [B, D] as the star model gathered it, and the tensors of `spectralBatch` and `alignmentBatch`
 */
export function spectralLoss(
  w: Weights,
  c: SpectralConfig,
  star: StarModelConfig,
  batch: Weights,
  recipe: AlignmentRecipe,
  real: RealRows | null,
): SpectralLoss {
  const [rows, levels] = batch.sigma.shape as [number, number]
  const modalities = spectralModalities(c)
  const read = modalities.map(one => readSpectrum(w, c, one, batch[`${one.name}.features`], batch[`${one.name}.mask`]))
  const tokens = read.map(one => one.tokens)
  const informed = joinSpectra(w, c, batch.star, tokens, batch.given)
  const own = spectralPart(w)
  const noise = embedNoise(batch.sigma).reshape([rows, levels, -1])
  const output = denoiseHead(own, star, batch.scaled, conditionHead(own, star, informed, noise))
  const posterior = tf.mean(tf.square(tf.sub(output, batch.target))) as tf.Scalar
  const logProbabilities = tf.logSoftmax(classify(own, informed) as tf.Tensor2D)
  const classes = tf.neg(tf.mean(tf.sum(tf.mul(logProbabilities, batch.classes), -1))) as tf.Scalar

  const z = read.map(one => one.z)
  const isContrastive = activeTerms(recipe).includes('contrastive')
  const shared = (isContrastive ? sharedOnly : []).map(
    one => encodeModality(own, one, c.encoder, batch[`${one.name}.features`], batch[`${one.name}.mask`], ['z']).z,
  )
  const seen = tf.split(batch.present, sharedOnly.length + modalities.length, 1).slice(sharedOnly.length)
  const next = modalities.slice(1).map((_, m) => m)
  const source = z[real?.place ?? 0]
  const aligned = alignmentLoss(
    {
      embeddings: [...shared, ...z],
      present: batch.present,
      logTemperature:
        isContrastive && recipe.isTemperatureLearnt ? tf.sum(w[TEMPERATURE]) : Math.log(recipe.contrastiveSoftness),
      source,
      target:
        real === null
          ? source
          : readSpectrum(w, c, modalities[real.place], batch['real.features'], batch['real.mask']).z,
      plans: Object.fromEntries((real?.plans ?? []).map(term => [term, batch[`plan.${term}`]])),
      pairSource: tf.concat(next.map(m => z[m])),
      pairTarget: tf.concat(next.map(m => z[m + 1])),
      isPair: tf.concat(next.map(m => tf.mul(seen[m], seen[m + 1]).reshape([-1]))),
    },
    batch.alignmentWeights,
    recipe,
  )
  // An encoder keeps its vector where nothing aligns it.
  const unaligned = tf.mul(tf.addN(z.map(one => tf.sum(one))), 0)
  const loss = tf.addN([posterior, classes, aligned.loss, unaligned]) as tf.Scalar
  return { loss, metrics: { posteriorLoss: posterior, classLoss: classes, alignmentLoss: aligned.loss } }
}
