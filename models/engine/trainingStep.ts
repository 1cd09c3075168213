// One whole training step as one graph: loss, tfjs's gradients and the update. Or as two graphs, where the batch is
// walked through in pieces small enough for the processor's cache.
import * as tf from '@tensorflow/tfjs'
import { updateByAdam } from './adam.ts'
import type { OptimizerOptions } from './optimizerOptions.ts'
import { defaultOptimizer, rateNames, stateNames } from './optimizerOptions.ts'
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

export interface TrainingStepDefinition {
  readonly parameters: readonly TensorSpec[]
  readonly batch: readonly TensorSpec[]
  readonly loss: LossFunction
  readonly options?: Partial<OptimizerOptions>
  /** Frozen weights and tables, kept inside the graph; the loss sees them among the batch. */
  readonly constants?: readonly Constant[]
  /**
   * Into how many pieces the rows of the batch are cut, 1 if not given. The loss then sees one piece at a time, and
   * gradients, loss and metrics are the means over the pieces: the same step for a loss that is a mean over rows.
   * Pieces of about 32 rows are fastest, since their tensors stay in the processor's cache.
   */
  readonly pieces?: number
}

/** A traced step: plain data that a worker can be sent and `TrainingSession` can open. */
export interface TracedTrainingStep {
  /** The whole step; or, where the batch is cut, the update alone. */
  readonly graph: TracedGraph
  /** Loss and gradient of one piece, added to those before; null where the batch is not cut. */
  readonly pieceGraph: TracedGraph | null
  readonly pieces: number
  readonly layout: ParameterLayout
  readonly batch: readonly TensorSpec[]
  readonly metrics: readonly string[]
  readonly options: OptimizerOptions
}

interface Slope {
  readonly loss: tf.Tensor
  readonly metrics: Tensors
  readonly gradient: tf.Tensor
}

const where = 'traceTrainingStep'

/** Loss and flat gradient; an unused parameter is refused by name, since it would silently stay untrained. */
function differentiate(layout: ParameterLayout, flat: tf.Tensor, batch: Tensors, loss: LossFunction): Slope {
  const sizes = layout.parameters.map(({ shape }) => sizeOf(shape))
  const weights = tf.split(flat as tf.Tensor1D, sizes).map((x, i) => x.reshape([...layout.parameters[i].shape]))
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
  if (value.size !== 1) throw new RangeError(`${where}: the loss has shape [${value.shape}], not a single number`)
  const unused = layout.parameters.filter((_, i) => !grads[i]).map(({ name }) => name)
  if (unused.length > 0) throw new RangeError(`${where}: the loss does not depend on ${unused.join(', ')}`)
  return { loss: value.reshape([]), metrics, gradient: tf.concat(grads.map(grad => grad.flatten())) }
}

/** The specs of one piece: every tensor of the batch cut along its first axis. */
function cut(batch: readonly TensorSpec[], pieces: number): TensorSpec[] {
  return batch.map(spec => {
    const rows = spec.shape[0] ?? 0
    if (rows === 0 || rows % pieces !== 0) {
      throw new RangeError(`${where}: '${spec.name}' has ${rows} rows, which do not make ${pieces} equal pieces`)
    }
    return { ...spec, shape: [rows / pieces, ...spec.shape.slice(1)] }
  })
}

/**
 * Trace one training step (see `updateByAdam` for the update). Whether the new state is taken is left to the caller, who
 * sees the loss and the gradient's norm.
 *
 * @throws RangeError when the loss is no scalar or ignores a parameter, or rows do not make equal pieces; and as
 * `traceGraph` does
 */
export function traceTrainingStep(definition: TrainingStepDefinition): TracedTrainingStep {
  const { parameters, batch, loss, constants = [], pieces = 1 } = definition
  const options = { ...defaultOptimizer, ...definition.options }
  const layout = layOut(parameters)
  const vector = (name: string): TensorSpec => ({ name, shape: [layout.size] })
  const state = [...stateNames.map(vector), ...rateNames.map(name => ({ name, shape: [] }))]
  let metrics: string[] = []
  const slopeOf = (inputs: Tensors) => {
    const slope = differentiate(layout, inputs['.parameters'], inputs, loss)
    metrics = Object.keys(slope.metrics)
    return slope
  }
  const common = { layout, batch, options, pieces }

  if (pieces === 1) {
    const wholeStep = (inputs: Tensors) => {
      const slope = slopeOf(inputs)
      return { ...updateByAdam(layout, options, inputs, slope.gradient), '.loss': slope.loss, ...slope.metrics }
    }
    const graph = traceGraph([...state, ...batch], wholeStep, constants)
    return { ...common, graph, pieceGraph: null, metrics }
  }
  const addPiece = (inputs: Tensors) => {
    const slope = slopeOf(inputs)
    return { '.newGradient': tf.add(inputs['.gradient'], slope.gradient), '.loss': slope.loss, ...slope.metrics }
  }
  const pieceSpecs = [vector('.parameters'), vector('.gradient'), ...cut(batch, pieces)]
  const pieceGraph = traceGraph(pieceSpecs, addPiece, constants)
  const graph = traceGraph([...state, vector('.gradient')], inputs =>
    updateByAdam(layout, options, inputs, tf.div(inputs['.gradient'], pieces)),
  )
  return { ...common, graph, pieceGraph, metrics }
}
