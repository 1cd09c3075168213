// Kernels that fold an axis: sums, extremes, softmax, running sums.
import type * as tf from '@tensorflow/tfjs'
import type { GraphBuilder, Value } from './graphBuilder.ts'
import type { KernelTable, Lowering } from './lowering.ts'
import { castTo, frontAxis } from './lowering.ts'

interface ReductionAttrs {
  readonly axis?: number | number[] | null
  readonly reductionIndices?: number | number[] | null
  readonly keepDims?: boolean
}

/** The axes a reduction folds, from the front and in order; none named means all of them. */
function axesOf(x: Value, { axis, reductionIndices }: ReductionAttrs): number[] {
  const rank = x.shape.length
  const named = axis ?? reductionIndices ?? x.shape.map((_, i) => i)
  return [named]
    .flat()
    .map(index => frontAxis(index, rank))
    .sort((a, b) => a - b)
}

function reduce(graph: GraphBuilder, op: string, x: Value, attrs: ReductionAttrs): Value {
  const axes = axesOf(x, attrs)
  // ONNX reads an empty list of axes as "all"; tfjs means none.
  if (axes.length === 0) return x
  const keepDims = attrs.keepDims ?? false
  const shape = keepDims
    ? x.shape.map((length, i) => (axes.includes(i) ? 1 : length))
    : x.shape.filter((_, i) => !axes.includes(i))
  return graph.node(op, [x, graph.int64s(axes)], shape, x.dtype, { keepdims: Number(keepDims) })
}

const numeric =
  (op: string): Lowering =>
  ({ graph, inputs: { x }, attrs }) =>
    reduce(graph, op, x.dtype === 'bool' ? castTo(graph, x, 'int32') : x, attrs as ReductionAttrs)

// A bool is the extreme of its 0s and 1s; ONNX reduces bools only from opset 20 on.
const logical =
  (op: string): Lowering =>
  ({ graph, inputs: { x }, attrs }) =>
    castTo(graph, reduce(graph, op, castTo(graph, x, 'int32'), attrs as ReductionAttrs), 'bool')

const argument =
  (op: string): Lowering =>
  ({ graph, inputs: { x }, attrs }) => {
    const [axis] = axesOf(x, attrs as ReductionAttrs)
    const shape = x.shape.filter((_, i) => i !== axis)
    return castTo(graph, graph.node(op, [x], shape, 'int64', { axis, keepdims: 0 }), 'int32')
  }

export const reductionKernels: KernelTable = {
  Sum: ({ graph, inputs: { x }, attrs }) => {
    const summand = x.dtype === 'bool' ? castTo(graph, x, 'int32') : x
    return graph.linear(summand, y => reduce(graph, 'ReduceSum', y, attrs as ReductionAttrs))
  },
  Mean: ({ graph, inputs: { x }, attrs }) =>
    graph.linear(castTo(graph, x, 'float32'), y => reduce(graph, 'ReduceMean', y, attrs as ReductionAttrs)),
  Max: numeric('ReduceMax'),
  Min: numeric('ReduceMin'),
  Prod: numeric('ReduceProd'),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Softmax: ({ graph, inputs: { logits }, attrs }) => {
    const { dim } = attrs as unknown as tf.SoftmaxAttrs
    return graph.node('Softmax', [logits], logits.shape, 'float32', { axis: frontAxis(dim, logits.shape.length) })
  },
  Cumsum: ({ graph, inputs: { x }, attrs }) => {
    const { axis, exclusive, reverse } = attrs as unknown as tf.CumsumAttrs
    const summand = x.dtype === 'bool' ? castTo(graph, x, 'int32') : x
    const position = graph.scalar(frontAxis(axis, x.shape.length), 'int64')
    const attributes = { exclusive: Number(exclusive), reverse: Number(reverse) }
    return graph.node('CumSum', [summand, position], x.shape, summand.dtype, attributes)
  },
}
