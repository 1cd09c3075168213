// One whole training step as one graph: loss, tfjs's gradients, clipping, Adam and the moving average of the weights.
import * as tf from '@tensorflow/tfjs'
import type { ParameterLayout } from './parameterLayout.ts'
import { layOut } from './parameterLayout.ts'
import type { TensorSpec, TracedGraph } from './tensorSpec.ts'
import { sizeOf } from './tensorSpec.ts'
import type { Constant, Tensors } from './tracer.ts'
import { traceGraph } from './tracer.ts'

/** A scalar loss, with anything else worth watching beside it. */
export type LossFunction = (
  parameters: Tensors,
  batch: Tensors,
) => tf.Tensor | { readonly loss: tf.Tensor; readonly metrics: Tensors }

export interface OptimizerOptions {
  /** Adam's decay rates and its guard against division by zero. */
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Gradients are scaled down to this global norm; null leaves them as they are. */
  readonly clipNorm: number | null
  /** Decoupled weight decay (AdamW) of parameters with two or more axes; 0 is plain Adam. */
  readonly weightDecay: number
  /** Decay of the moving average of the weights; early steps use the smaller (1 + step) / (10 + step). */
  readonly averageDecay: number
}

export const defaultOptimizer: OptimizerOptions = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clipNorm: 1,
  weightDecay: 0,
  averageDecay: 0.999,
}

export interface TrainingStepDefinition {
  readonly parameters: readonly TensorSpec[]
  readonly batch: readonly TensorSpec[]
  readonly loss: LossFunction
  readonly options?: Partial<OptimizerOptions>
  /** Frozen weights and tables, kept inside the graph; the loss sees them among the batch. */
  readonly constants?: readonly Constant[]
}

/** A traced step: plain data that a worker can be sent and `TrainingSession` can open. */
export interface TracedTrainingStep {
  readonly graph: TracedGraph
  readonly layout: ParameterLayout
  readonly batch: readonly TensorSpec[]
  readonly metrics: readonly string[]
  readonly options: OptimizerOptions
}

/** The flat vectors and scalars of a step, beside the batch. Names start with a dot to stay clear of the caller's. */
export const stateNames = ['.parameters', '.firstMoment', '.secondMoment', '.average'] as const
export const rateNames = ['.learningRate', '.firstCorrection', '.secondCorrection', '.averageDecay'] as const

interface Slope {
  readonly loss: tf.Tensor
  readonly metrics: Tensors
  readonly gradient: tf.Tensor
}

/** Loss and flat gradient; an unused parameter is refused by name, since it would silently stay untrained. */
function differentiate(layout: ParameterLayout, flat: tf.Tensor, batch: Tensors, loss: LossFunction): Slope {
  const pieces = tf.split(
    flat as tf.Tensor1D,
    layout.parameters.map(({ shape }) => sizeOf(shape)),
  )
  const weights = layout.parameters.map(({ shape }, i) => pieces[i].reshape([...shape]))
  let metrics: Tensors = {}
  const { value, grads } = tf.engine().gradients(
    () => {
      const named = Object.fromEntries(layout.parameters.map(({ name }, i) => [name, weights[i]]))
      const result = loss(named, batch)
      if (result instanceof tf.Tensor) return result
      // The tape's own tidy would take the metrics away.
      metrics = Object.fromEntries(Object.entries(result.metrics).map(([name, metric]) => [name, tf.keep(metric)]))
      return result.loss
    },
    weights,
    undefined,
    true,
  )
  if (value.size !== 1)
    throw new RangeError(`traceTrainingStep: the loss has shape [${value.shape}], not a single number`)
  const unused = layout.parameters.filter((_, i) => !grads[i]).map(({ name }) => name)
  if (unused.length > 0) throw new RangeError(`traceTrainingStep: the loss does not depend on ${unused.join(', ')}`)
  return { loss: value.reshape([]), metrics, gradient: tf.concat(grads.map(grad => grad.flatten())) }
}

/** Shrink the gradient to the norm allowed; the norm itself is finite only if every number in the gradient is. */
function clip(gradient: tf.Tensor, clipNorm: number | null) {
  const norm = tf.sqrt(tf.sum(tf.square(gradient)))
  const clipped = clipNorm === null ? gradient : tf.mul(gradient, tf.div(clipNorm, tf.maximum(norm, clipNorm)))
  return { clipped, norm }
}

function decayMask(layout: ParameterLayout): tf.Tensor {
  return tf.concat(layout.parameters.map(({ shape }) => tf.fill([sizeOf(shape)], shape.length >= 2 ? 1 : 0)))
}

/**
 * Trace one training step.
 *
 * Adam as in Kingma & Ba 2015 (arXiv:1412.6980, algorithm 1), decay decoupled as in Loshchilov & Hutter 2019
 * (arXiv:1711.05101), clipping by global norm as in Pascanu et al. 2013 (arXiv:1211.5063). Whether the
 * new state is taken is left to the caller, who sees the loss and the gradient's norm.
 *
 * @throws RangeError when the loss is no scalar or ignores a parameter; and as `traceGraph` does
 */
export function traceTrainingStep(definition: TrainingStepDefinition): TracedTrainingStep {
  const { parameters, batch, loss, constants = [] } = definition
  const options = { ...defaultOptimizer, ...definition.options }
  const layout = layOut(parameters)
  const state = stateNames.map(name => ({ name, shape: [layout.size] }))
  const rates = rateNames.map(name => ({ name, shape: [] }))
  let metricNames: string[] = []

  const graph = traceGraph(
    [...state, ...rates, ...batch],
    inputs => {
      const [flat, m, v, average] = stateNames.map(name => inputs[name])
      const [learningRate, firstCorrection, secondCorrection, averageDecay] = rateNames.map(name => inputs[name])
      const slope = differentiate(layout, flat, inputs, loss)
      const { clipped, norm } = clip(slope.gradient, options.clipNorm)

      const newM = tf.add(tf.mul(m, options.beta1), tf.mul(clipped, 1 - options.beta1))
      const newV = tf.add(tf.mul(v, options.beta2), tf.mul(tf.square(clipped), 1 - options.beta2))
      const direction = tf.div(
        tf.mul(newM, firstCorrection),
        tf.add(tf.sqrt(tf.mul(newV, secondCorrection)), options.epsilon),
      )
      const pull = options.weightDecay > 0 ? tf.mul(flat, tf.mul(decayMask(layout), options.weightDecay)) : null
      const newFlat = tf.sub(flat, tf.mul(pull ? tf.add(direction, pull) : direction, learningRate))
      const newAverage = tf.add(newFlat, tf.mul(tf.sub(average, newFlat), averageDecay))

      metricNames = Object.keys(slope.metrics)
      return {
        '.newParameters': newFlat,
        '.newFirstMoment': newM,
        '.newSecondMoment': newV,
        '.newAverage': newAverage,
        '.loss': slope.loss,
        '.gradientNorm': norm,
        ...slope.metrics,
      }
    },
    constants,
  )
  return { graph, layout, batch, metrics: metricNames, options }
}
