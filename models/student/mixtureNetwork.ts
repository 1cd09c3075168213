// The student's network: at each of a few noise levels the clean parameters given the noisy ones are a mixture of normal
// distributions, whose modes may lie apart. A sample of it is a sample, where a denoised value is but a mean: so few calls do.
import * as tf from '@tensorflow/tfjs'
import { normalize, silu } from '../engine/layers.ts'
import { linear } from '../transformer/attention.ts'
import { constant, dense, gaussian, type WeightSpec, type Weights } from '../transformer/weights.ts'

export interface MixtureConfig {
  readonly parameterCount: number
  readonly dataCount: number
  readonly width: number
  /** Gated residual blocks of a call. */
  readonly blocks: number
  /** Normal distributions of a mixture. */
  readonly components: number
  /**
   * Noise levels of the calls after the first, falling, in units of the posterior's own Gaussian. The first call is told
   * the data alone, so all samples of an observation share it.
   */
  readonly levels: readonly number[]
}

/** Octaves of waves that numbers are told by. */
const OCTAVES = 5
/** Logarithms of scales stay within this of their Gaussian's: early steps cannot overflow. */
const MAX_LOG_SCALE = 6
/** Layers that read the data. */
const READERS = 3

const shearCount = (parameters: number) => (parameters * (parameters - 1)) / 2

/** Names and shapes of all weights. Modulations start at zero; the components of a mixture start apart. */
export function mixtureWeights(c: MixtureConfig): readonly WeightSpec[] {
  const features = 2 * OCTAVES + 1
  const affine = (name: string, from: number, to: number, gain = 1) => [
    dense(name, [from, to], gain),
    constant(`${name}Bias`, [to], 0),
  ]
  const outputs = (name: string) => [
    dense(`${name}.logits`, [c.width, c.components], 0.1),
    constant(`${name}.logitsBias`, [c.components], 0),
    dense(`${name}.means`, [c.width, c.components * c.parameterCount], 0.1),
    gaussian(`${name}.meansBias`, [c.components * c.parameterCount], 0.8),
    dense(`${name}.scales`, [c.width, c.components * c.parameterCount], 0.1),
    constant(`${name}.scalesBias`, [c.components * c.parameterCount], -0.5),
    ...(c.parameterCount === 1
      ? []
      : affine(`${name}.shears`, c.width, c.components * shearCount(c.parameterCount), 0.1)),
  ]
  return [
    ...affine('data0', c.dataCount * features, c.width),
    ...Array.from({ length: READERS - 1 }, (_, r) => affine(`data${r + 1}`, c.width, c.width)).flat(),
    ...outputs('first'),
    ...c.levels.flatMap((_, l) => [
      ...affine(`call${l}.in`, c.parameterCount * features, c.width),
      dense(`call${l}.data`, [c.width, c.width]),
      ...Array.from({ length: c.blocks }, (_, b) => [
        constant(`call${l}.factor${b}`, [c.width, c.width], 0),
        constant(`call${l}.factor${b}Bias`, [c.width], 1),
        ...affine(`call${l}.up${b}`, c.width, c.width),
        ...affine(`call${l}.down${b}`, c.width, c.width, 0.5),
      ]).flat(),
      ...outputs(`call${l}`),
    ]),
  ]
}

/** Mixtures of R rows. */
export interface Mixture {
  /** [R, K] */
  readonly logits: tf.Tensor
  /** [R, K, A] */
  readonly means: tf.Tensor
  /** [R, K, A] of each parameter once those before it are known. */
  readonly scales: tf.Tensor
  readonly logScales: tf.Tensor
  /** [R, K, A (A - 1) / 2] what each parameter takes from those before it; null where there is but one. */
  readonly shears: tf.Tensor | null
}

/** [R, N] numbers -> [R, N (2 octaves + 1)] */
function tell(x: tf.Tensor): tf.Tensor {
  const waves = Array.from({ length: OCTAVES }, (_, k) => tf.mul(x, 2 ** k))
  return tf.concat([x, ...waves.flatMap(wave => [tf.sin(wave), tf.cos(wave)])], 1)
}

const apply = (w: Weights, name: string, x: tf.Tensor) => linear(x, w[name], w[`${name}Bias`])

/** [R, W] what is known of the data [R, G]. */
export function readData(w: Weights, data: tf.Tensor): tf.Tensor {
  let x = silu(apply(w, 'data0', tell(data)))
  for (let r = 1; r < READERS; r++) x = tf.add(x, silu(apply(w, `data${r}`, normalize(x))))
  return normalize(x)
}

/** @param centre [R, A] or 0, and spread: the mixture's means and scales are counted from and in them */
function mixtureOf(w: Weights, c: MixtureConfig, name: string, x: tf.Tensor, centre: tf.Tensor | null, spread: number) {
  const rows = x.shape[0] as number
  const each = (what: string, count: number) => apply(w, `${name}.${what}`, x).reshape([rows, c.components, count])
  const raw = tf.mul(each('means', c.parameterCount), spread)
  const bent = tf.mul(tf.tanh(tf.div(each('scales', c.parameterCount), MAX_LOG_SCALE)), MAX_LOG_SCALE)
  const logScales = tf.add(bent, Math.log(spread))
  return {
    logits: apply(w, `${name}.logits`, x),
    means: centre === null ? raw : tf.add(raw, centre.reshape([rows, 1, c.parameterCount])),
    scales: tf.exp(logScales),
    logScales,
    shears: c.parameterCount === 1 ? null : each('shears', shearCount(c.parameterCount)),
  }
}

/** The parameters given the data alone. @param known [R, W] from `readData` */
export function firstMixture(w: Weights, c: MixtureConfig, known: tf.Tensor): Mixture {
  return mixtureOf(w, c, 'first', known, null, 1)
}

/**
 * The clean parameters given noisy ones.
 *
 * @param known [R or 1, W] from `readData`; @param noisy [R, A] at level `levels[l]`
 */
export function laterMixture(w: Weights, c: MixtureConfig, l: number, known: tf.Tensor, noisy: tf.Tensor): Mixture {
  const variance = c.levels[l] ** 2
  const call = `call${l}`
  const fromData = tf.matMul(known as tf.Tensor2D, w[`${call}.data`] as tf.Tensor2D)
  let x: tf.Tensor = tf.add(apply(w, `${call}.in`, tell(noisy)), fromData)
  for (let b = 0; b < c.blocks; b++) {
    const inner = tf.mul(apply(w, `${call}.up${b}`, normalize(x)), apply(w, `${call}.factor${b}`, known))
    x = tf.add(x, apply(w, `${call}.down${b}`, silu(inner)))
  }
  const spread = Math.sqrt(variance / (1 + variance))
  return mixtureOf(w, c, call, normalize(x), tf.div(noisy, 1 + variance), spread)
}
