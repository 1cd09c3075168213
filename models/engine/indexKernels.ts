// Kernels that look elements up or put them somewhere by index.
import type * as tf from '@tensorflow/tfjs'
import type { ElementType, GraphBuilder, Value } from './graphBuilder.ts'
import type { KernelTable } from './lowering.ts'
import { broadcastNode, castTo, frontAxis, reshapeTo } from './lowering.ts'

function gather(graph: GraphBuilder, x: Value, indices: Value, axis: number, batchDims: number): Value {
  if (batchDims === 0) {
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]
    return graph.node('Gather', [x, indices], shape, x.dtype, { axis })
  }
  if (axis !== batchDims) {
    throw new TypeError(`GatherV2: batchDims ${batchDims} needs axis ${batchDims} and got ${axis}`)
  }
  const positions = reshapeTo(graph, castTo(graph, indices, 'int64'), [...indices.shape, 1])
  const shape = [...indices.shape, ...x.shape.slice(axis + 1)]
  return graph.node('GatherND', [x, positions], shape, x.dtype, { batch_dims: batchDims })
}

/** Equality with 0, 1, 2 ...: unlike ONNX's OneHot, an index outside the range (a negative one too) gives an all-off row. */
function oneHot(graph: GraphBuilder, indices: Value, depth: number): Value {
  const classes = graph.constant(
    Array.from({ length: depth }, (_, i) => i),
    [depth],
    indices.dtype,
  )
  return broadcastNode(graph, 'Equal', reshapeTo(graph, indices, [...indices.shape, 1]), classes, 'bool')
}

function scatter(graph: GraphBuilder, onto: Value, indices: Value, updates: Value, reduction: string): Value {
  const positions = castTo(graph, indices, 'int64')
  return graph.node('ScatterND', [onto, positions, updates], onto.shape, onto.dtype, { reduction })
}

export const indexKernels: KernelTable = {
  GatherV2: ({ graph, inputs: { x, indices }, attrs }) => {
    const { axis, batchDims } = attrs as unknown as tf.GatherV2Attrs
    return gather(graph, x, indices, frontAxis(axis, x.shape.length), batchDims ?? 0)
  },
  GatherNd: ({ graph, inputs: { params, indices } }) => {
    const depth = indices.shape[indices.shape.length - 1]
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)]
    return graph.node('GatherND', [params, castTo(graph, indices, 'int64')], shape, params.dtype)
  },
  OneHot: ({ graph, inputs: { indices }, attrs }) => {
    const { depth, onValue, offValue, dtype } = attrs as unknown as tf.OneHotAttrs
    const isOn = oneHot(graph, indices, depth)
    if (onValue === 1 && offValue === 0) return castTo(graph, isOn, dtype as ElementType)
    const [on, off] = [onValue, offValue].map(value => graph.scalar(value, dtype as ElementType))
    return graph.node('Where', [isOn, on, off], isOn.shape, dtype as ElementType)
  },
  UnsortedSegmentSum: ({ graph, inputs: { x, segmentIds }, attrs }) => {
    const { numSegments } = attrs as unknown as tf.UnsortedSegmentSumAttrs
    // As a product with the one-hot matrix: dropped ids (negative, too large) fall out, and the order of summation is fixed.
    const [count] = segmentIds.shape
    const members = castTo(graph, oneHot(graph, segmentIds, numSegments), x.dtype)
    const assignment = graph.node('Transpose', [members], [numSegments, count], x.dtype, { perm: [1, 0] })
    const rest = x.shape.slice(1)
    const width = rest.reduce((product, length) => product * length, 1)
    const sums = graph.node('MatMul', [assignment, reshapeTo(graph, x, [count, width])], [numSegments, width], x.dtype)
    return reshapeTo(graph, sums, [numSegments, ...rest])
  },
  ScatterNd: ({ graph, inputs: { indices, updates }, attrs }) => {
    const { shape } = attrs as unknown as tf.ScatterNdAttrs
    return scatter(graph, graph.fill(0, shape, updates.dtype), indices, updates, 'add')
  },
  TensorScatterUpdate: ({ graph, inputs: { tensor, indices, updates } }) =>
    scatter(graph, tensor, indices, updates, 'none'),
  TopK: ({ graph, inputs: { x }, attrs }) => {
    const { k, sorted } = attrs as unknown as tf.TopKAttrs
    const shape = [...x.shape.slice(0, -1), k]
    const outputs = [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int64' as const },
    ]
    const [values, indices] = graph.split('TopK', [x, graph.int64s([k])], outputs, {
      axis: -1,
      largest: 1,
      sorted: Number(sorted),
    })
    return [values, castTo(graph, indices, 'int32')]
  },
}
