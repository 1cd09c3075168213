// A network of the reference Simformer's shape, sampled as it is: every token, given or asked, recomputed at each of 500
// steps. Its weights are random, since what it costs does not depend on them: a rival in benchmarks and nothing else.
import * as tf from '@tensorflow/tfjs'
import { samplerSteps } from '../diffusion/samplers.ts'
import { logUniformLevels } from '../diffusion/schedule.ts'
import { normalize, silu } from '../engine/layers.ts'
import { Session } from '../engine/session.ts'
import { constantsOf, traceGraph } from '../engine/tracer.ts'
import { fillNormals } from '../math/normals.ts'
import { createRng } from '../math/rng.ts'
import { attend, linear, maskBias, splitHeads } from '../transformer/attention.ts'
import { constant, dense, drawWeights, gaussian, type WeightSpec, type Weights } from '../transformer/weights.ts'

export interface SimformerShape {
  /** Variables, each a token. */
  readonly tokens: number
  /** Samples that go through the network together. */
  readonly rows: number
}

export interface Simformer {
  /** Of all weights. */
  readonly weightCount: number
  /**
   * @param given values of the first variables; the others are asked for
   * @returns [rows, tokens] latents
   */
  sample(given: readonly number[], seed: number): Promise<Float32Array>
  close(): Promise<void>
}

/** Source: Gloeckler et al. 2024, arXiv:2404.09636, and its code: 6 layers of 4 heads of 10, a token 50 wide, 3 times that within. */
const [LAYERS, HEADS, WIDTH, ATTENTION, HIDDEN, NOISE] = [6, 4, 50, 40, 150, 128]
const VALUE = 20
const IDENTITY = 20
const STEPS = 500
const noiseRange = { sigmaMin: 1e-4, sigmaMax: 15 }

function simformerWeights(tokens: number): readonly WeightSpec[] {
  const affine = (name: string, from: number, to: number) => [dense(name, [from, to]), constant(`${name}Bias`, [to], 0)]
  return [
    gaussian('identity', [tokens, IDENTITY], 1),
    gaussian('condition', [1, WIDTH - VALUE - IDENTITY], 0.5),
    gaussian('frequencies', [1, NOISE / 2], 16),
    ...Array.from({ length: LAYERS }, (_, l) => [
      ...['query', 'key', 'value'].flatMap(name => affine(`${name}${l}`, WIDTH, ATTENTION)),
      ...affine(`mix${l}`, ATTENTION, WIDTH),
      ...affine(`up${l}`, WIDTH, HIDDEN),
      ...affine(`down${l}`, HIDDEN, WIDTH),
      ...affine(`noise${l}`, NOISE, WIDTH),
      ...['attend', 'feed'].flatMap(name => [
        constant(`${name}Gain${l}`, [WIDTH], 1),
        constant(`${name}Shift${l}`, [WIDTH], 0),
      ]),
    ]).flat(),
    ...affine('out', WIDTH, 1),
  ]
}

/** [B, T] scores times the noise level. x [B, T], isGiven [1, T], sigma [1] */
function scoreTokens(w: Weights, x: tf.Tensor, isGiven: tf.Tensor, sigma: tf.Tensor): tf.Tensor {
  const [rows, tokens] = x.shape as [number, number]
  const apply = (name: string, input: tf.Tensor, l: number | '' = '') =>
    linear(input, w[`${name}${l}`], w[`${name}${l === '' ? 'Bias' : `${l}Bias`}`])
  const rescale = (name: string, l: number, input: tf.Tensor) =>
    tf.add(tf.mul(normalize(input), w[`${name}Gain${l}`]), w[`${name}Shift${l}`])
  const angles = tf.mul(tf.log(sigma).reshape([1, 1]), w.frequencies)
  const noise = tf.concat([tf.sin(angles), tf.cos(angles)], 1)
  // Tokens lie slot by slot, as `attend` reads them.
  const values = tf.tile(tf.transpose(x).reshape([tokens, rows, 1]), [1, 1, VALUE])
  const spread = (perToken: tf.Tensor) => tf.tile(perToken.reshape([tokens, 1, -1]), [1, rows, 1])
  const conditions = tf.matMul(tf.transpose(isGiven) as tf.Tensor2D, w.condition as tf.Tensor2D)
  let h: tf.Tensor = tf.concat([values, spread(w.identity), spread(conditions)], 2).reshape([tokens * rows, WIDTH])
  const bias = maskBias(tf.ones([rows, tokens]), HEADS)
  for (let l = 0; l < LAYERS; l++) {
    const read = rescale('attend', l, h)
    const part = (name: string) => splitHeads(apply(name, read, l), tokens, HEADS)
    const mixed = attend(part('query'), [{ keys: part('key'), values: part('value') }], bias, HEADS)
    h = tf.add(h, apply('mix', mixed, l))
    const inner = silu(apply('up', rescale('feed', l, h), l))
    h = tf.add(tf.add(h, apply('down', inner, l)), apply('noise', noise, l))
  }
  return tf.transpose(apply('out', normalize(h)).reshape([tokens, rows]))
}

/** @param seed of the weights */
export async function openSimformer({ tokens, rows }: SimformerShape, seed: number): Promise<Simformer> {
  const specs = simformerWeights(tokens)
  const weights = drawWeights(specs, createRng(seed))
  const constants = constantsOf(specs, weights)
  const inputs = [
    { name: 'x', shape: [rows, tokens] },
    { name: 'given', shape: [1, tokens] },
    { name: 'sigma', shape: [1] },
    { name: 'step', shape: [4] },
    { name: 'noise', shape: [rows, tokens] },
  ]
  // x + (1 - kept) (denoised - x) + noise on what is asked; denoised = x + sigma^2 score.
  const graph = traceGraph(
    inputs,
    input => {
      const { x, given, sigma, step, noise } = input
      const [ofNoisy, ofDenoised, , ofNoise] = tf.split(step, 4)
      const denoised = tf.add(x, tf.mul(scoreTokens(input, x, given, sigma), sigma))
      const next = tf.add(tf.add(tf.mul(x, ofNoisy), tf.mul(denoised, ofDenoised)), tf.mul(noise, ofNoise))
      return { next: tf.add(tf.mul(x, given), tf.mul(next, tf.sub(1, given))) }
    },
    constants,
  )
  const session = await Session.open(graph)
  const levels = logUniformLevels(noiseRange, STEPS + 1)
  const steps = samplerSteps('reverseSde', levels)
  return {
    weightCount: specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    async sample(given, sampleSeed) {
      const rng = createRng(sampleSeed)
      const mask = Float32Array.from({ length: tokens }, (_, t) => (t < given.length ? 1 : 0))
      const noise = new Float32Array(rows * tokens)
      fillNormals(rng, noise)
      let x = noise.map((z, i) => (i % tokens < given.length ? given[i % tokens] : levels[0] * z))
      for (const [k, { ofNoisy, ofDenoised, ofPrevious, ofNoise }] of steps.entries()) {
        fillNormals(rng, noise)
        const step = Float32Array.of(ofNoisy, ofDenoised, ofPrevious, ofNoise)
        x = (await session.run({ x, given: mask, sigma: Float32Array.of(levels[k]), step, noise })).next as typeof x
      }
      return x
    },
    close: () => session.close(),
  }
}
