// The student's network: at each of a few noise levels the clean parameters given the noisy ones are a mixture of normal
// distributions, whose modes may lie apart. A sample of it is a sample, where a denoised value is but a mean: so few calls do.
import * as tf from '@tensorflow/tfjs'
import { normalize, silu } from '../engine/layers.ts'
import { linear } from '../transformer/attention.ts'
import { constant, dense, gaussian, type WeightSpec, type Weights } from '../transformer/weights.ts'

export interface MixtureConfig {
  readonly parameterCount: number
  readonly dataCount: number
  /** Of what is known of the data, from which the first call's mixture follows at once. */
  readonly dataWidth: number
  /** Of the later calls. */
  readonly width: number
  /** Gated residual blocks of a later call. */
  readonly blocks: number
  /** Normal distributions of the first mixture, which all samples share, and of the later ones. */
  readonly firstComponents: number
  readonly components: number
  /** Octaves of waves that data and parameters are told by, beside their values. */
  readonly dataOctaves: number
  readonly parameterOctaves: number
  /**
   * Noise levels of the calls after the first, falling, in units of the posterior's own Gaussian. The first call is told
   * the data alone, so all samples of an observation share it.
   */
  readonly levels: readonly number[]
}

/** Logarithms of scales stay within this of their Gaussian's: early steps cannot overflow. */
const MAX_LOG_SCALE = 6
/** Layers that read the data. */
const READERS = 3

const shearCount = (parameters: number) => (parameters * (parameters - 1)) / 2

const affine = (name: string, from: number, to: number, gain = 1) => [
  dense(name, [from, to], gain),
  constant(`${name}Bias`, [to], 0),
]

/** Of a mixture that is read off `width` numbers. */
export function mixtureOutputs(name: string, width: number, components: number, parameters: number): WeightSpec[] {
  return [
    dense(`${name}.logits`, [width, components], 0.1),
    constant(`${name}.logitsBias`, [components], 0),
    dense(`${name}.means`, [width, components * parameters], 0.1),
    gaussian(`${name}.meansBias`, [components * parameters], 0.8),
    dense(`${name}.scales`, [width, components * parameters], 0.1),
    constant(`${name}.scalesBias`, [components * parameters], -0.5),
    ...(parameters === 1 ? [] : affine(`${name}.shears`, width, components * shearCount(parameters), 0.1)),
  ]
}

/** Names and shapes of all weights. Modulations start at zero; the components of a mixture start apart. */
export function mixtureWeights(c: MixtureConfig): readonly WeightSpec[] {
  const featuresOf = (count: number, octaves: number) => count * (2 * octaves + 1)
  const outputs = (name: string, width: number, components: number) =>
    mixtureOutputs(name, width, components, c.parameterCount)
  return [
    ...affine('data0', featuresOf(c.dataCount, c.dataOctaves), c.dataWidth),
    ...Array.from({ length: READERS - 1 }, (_, r) => affine(`data${r + 1}`, c.dataWidth, c.dataWidth)).flat(),
    ...outputs('first', c.dataWidth, c.firstComponents),
    ...c.levels.flatMap((_, l) => [
      ...affine(`call${l}.in`, featuresOf(c.parameterCount, c.parameterOctaves), c.width),
      dense(`call${l}.data`, [c.dataWidth, c.width]),
      ...Array.from({ length: c.blocks }, (_, b) => [
        constant(`call${l}.factor${b}`, [c.dataWidth, c.width], 0),
        constant(`call${l}.factor${b}Bias`, [c.width], 1),
        ...affine(`call${l}.up${b}`, c.width, c.width),
        ...affine(`call${l}.down${b}`, c.width, c.width, 0.5),
      ]).flat(),
      ...outputs(`call${l}`, c.width, c.components),
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
function tell(x: tf.Tensor, octaves: number): tf.Tensor {
  const waves = Array.from({ length: octaves }, (_, k) => tf.mul(x, 2 ** k))
  return tf.concat([x, ...waves.flatMap(wave => [tf.sin(wave), tf.cos(wave)])], 1)
}

const apply = (w: Weights, name: string, x: tf.Tensor) => linear(x, w[name], w[`${name}Bias`])

/** [R, D] what is known of the data [R, G]. */
export function readData(w: Weights, c: MixtureConfig, data: tf.Tensor): tf.Tensor {
  let x = silu(apply(w, 'data0', tell(data, c.dataOctaves)))
  for (let r = 1; r < READERS; r++) x = tf.add(x, silu(apply(w, `data${r}`, normalize(x))))
  return normalize(x)
}

/**
 * The mixture that `mixtureOutputs` of that name read off x.
 *
 * @param x [R, width]
 * @param centre [R, A] or null for 0, and spread: the mixture's means and scales are counted from and in them
 */
export function mixtureOf(
  w: Weights,
  parameters: number,
  name: string,
  x: tf.Tensor,
  centre: tf.Tensor | null = null,
  spread = 1,
): Mixture {
  const rows = x.shape[0] as number
  const logits = apply(w, `${name}.logits`, x)
  const each = (what: string, count: number) =>
    apply(w, `${name}.${what}`, x).reshape([rows, logits.shape[1] as number, count])
  const raw = tf.mul(each('means', parameters), spread)
  const bent = tf.mul(tf.tanh(tf.div(each('scales', parameters), MAX_LOG_SCALE)), MAX_LOG_SCALE)
  const logScales = tf.add(bent, Math.log(spread))
  return {
    logits,
    means: centre === null ? raw : tf.add(raw, centre.reshape([rows, 1, parameters])),
    scales: tf.exp(logScales),
    logScales,
    shears: parameters === 1 ? null : each('shears', shearCount(parameters)),
  }
}

/** The parameters given the data alone. @param known [R, D] from `readData` */
export function firstMixture(w: Weights, c: MixtureConfig, known: tf.Tensor): Mixture {
  return mixtureOf(w, c.parameterCount, 'first', known)
}

/**
 * The clean parameters given noisy ones.
 *
 * @param known [R or 1, D] from `readData`; @param noisy [R, A] at level `levels[l]`
 */
export function laterMixture(w: Weights, c: MixtureConfig, l: number, known: tf.Tensor, noisy: tf.Tensor): Mixture {
  const variance = c.levels[l] ** 2
  const call = `call${l}`
  const fromData = tf.matMul(known as tf.Tensor2D, w[`${call}.data`] as tf.Tensor2D)
  let x: tf.Tensor = tf.add(apply(w, `${call}.in`, tell(noisy, c.parameterOctaves)), fromData)
  for (let b = 0; b < c.blocks; b++) {
    const inner = tf.mul(apply(w, `${call}.up${b}`, normalize(x)), apply(w, `${call}.factor${b}`, known))
    x = tf.add(x, apply(w, `${call}.down${b}`, silu(inner)))
  }
  const spread = Math.sqrt(variance / (1 + variance))
  return mixtureOf(w, c.parameterCount, call, normalize(x), tf.div(noisy, 1 + variance), spread)
}
