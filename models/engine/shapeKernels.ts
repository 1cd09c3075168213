// Kernels that move elements without computing: reshape, transpose, slice, join, pad, fill.
import * as tf from '@tensorflow/tfjs'
import type { ElementType, GraphBuilder, Value } from './graphBuilder.ts'
import type { KernelTable } from './lowering.ts'
import { frontAxis, reshapeTo } from './lowering.ts'
import { sizeOf } from './tensorSpec.ts'

function slice(graph: GraphBuilder, x: Value, begin: number[], end: number[], steps: number[], shape: number[]): Value {
  if (x.fill !== null) return graph.fill(x.fill, shape, x.dtype)
  const lists = [begin, end, x.shape.map((_, i) => i), steps].map(list => graph.int64s(list))
  return graph.linear(x, y => graph.node('Slice', [y, ...lists], shape, x.dtype))
}

function split(graph: GraphBuilder, x: Value, axis: number, lengths: readonly number[]): Value[] {
  const shapes = lengths.map(length => x.shape.map((full, i) => (i === axis ? length : full)))
  if (lengths.length === 1) return [x]
  if (x.fill !== null) return shapes.map(shape => graph.fill(x.fill ?? 0, shape, x.dtype))
  return graph.split(
    'Split',
    [x, graph.int64s(lengths)],
    shapes.map(shape => ({ shape, dtype: x.dtype })),
    { axis },
  )
}

function concat(graph: GraphBuilder, parts: readonly Value[], axis: number): Value {
  const full = parts.filter(part => sizeOf(part.shape) > 0)
  if (full.length === 1) return full[0]
  const total = full.reduce((sum, part) => sum + part.shape[axis], 0)
  const shape = full[0].shape.map((length, i) => (i === axis ? total : length))
  return graph.node('Concat', full, shape, full[0].dtype, { axis })
}

function tile(graph: GraphBuilder, x: Value, reps: readonly number[]): Value {
  const shape = x.shape.map((length, i) => length * reps[i])
  if (x.fill !== null) return graph.fill(x.fill, shape, x.dtype)
  // Repeating length-1 axes only is a broadcast, which the runtime does faster.
  const isBroadcast = reps.every((count, i) => count === 1 || x.shape[i] === 1)
  return isBroadcast
    ? graph.node('Expand', [x, graph.int64s(shape)], shape, x.dtype)
    : graph.node('Tile', [x, graph.int64s(reps)], shape, x.dtype)
}

function pad(graph: GraphBuilder, x: Value, paddings: readonly (readonly [number, number])[], value: number): Value {
  const shape = x.shape.map((length, i) => length + paddings[i][0] + paddings[i][1])
  const pads = graph.int64s([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)])
  return graph.node('Pad', [x, pads, graph.scalar(value, x.dtype)], shape, x.dtype, { mode: 'constant' })
}

function stridedSlice(graph: GraphBuilder, x: Value, attrs: tf.StridedSliceAttrs): Value {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs
  const info = tf.slice_util.sliceInfo(
    [...x.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  )
  if (info.isIdentity) return reshapeTo(graph, x, info.finalShape)
  const kept = tf.slice_util.computeOutShape(info.begin, info.end, info.strides)
  // Walking backwards to the front ends at -1, which ONNX would read as "the last"; a far negative number means "before the first".
  const ends = info.end.map((stop, i) => (info.strides[i] < 0 && stop < 0 ? -(2 ** 31) : stop))
  return reshapeTo(graph, slice(graph, x, info.begin, ends, info.strides, kept), info.finalShape)
}

export const shapeKernels: KernelTable = {
  Identity: ({ inputs: { x } }) => x,
  Reshape: ({ graph, inputs: { x }, attrs }) => {
    const { shape } = attrs as unknown as tf.ReshapeAttrs
    return reshapeTo(graph, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape)))
  },
  ExpandDims: ({ graph, inputs: { input }, attrs }) => {
    const { dim } = attrs as unknown as tf.ExpandDimsAttrs
    const at = frontAxis(dim, input.shape.length + 1)
    return reshapeTo(graph, input, input.shape.toSpliced(at, 0, 1))
  },
  Transpose: ({ graph, inputs: { x }, attrs }) => {
    const { perm } = attrs as unknown as tf.TransposeAttrs
    const shape = perm.map(axis => x.shape[axis])
    if (x.fill !== null) return graph.fill(x.fill, shape, x.dtype)
    if (perm.every((axis, i) => axis === i)) return x
    return graph.linear(x, y => graph.node('Transpose', [y], shape, x.dtype, { perm }))
  },
  Slice: ({ graph, inputs: { x }, attrs }) => {
    const { begin, size } = attrs as unknown as tf.SliceAttrs
    const [starts, lengths] = tf.slice_util.parseSliceParams(
      { shape: [...x.shape], rank: x.shape.length } as tf.Tensor,
      begin,
      size,
    )
    if (lengths.every((length, i) => length === x.shape[i])) return x
    return slice(
      graph,
      x,
      starts,
      starts.map((start, i) => start + lengths[i]),
      starts.map(() => 1),
      lengths,
    )
  },
  StridedSlice: ({ graph, inputs: { x }, attrs }) => stridedSlice(graph, x, attrs as unknown as tf.StridedSliceAttrs),
  Reverse: ({ graph, inputs: { x }, attrs }) => {
    const { dims } = attrs as unknown as tf.ReverseAttrs
    const axes = tf.util.parseAxisParam(dims, [...x.shape])
    const isReversed = x.shape.map((_, i) => axes.includes(i))
    const begin = x.shape.map((length, i) => (isReversed[i] ? length - 1 : 0))
    const end = x.shape.map((length, i) => (isReversed[i] ? -(2 ** 31) : length))
    return slice(
      graph,
      x,
      begin,
      end,
      isReversed.map(yes => (yes ? -1 : 1)),
      [...x.shape],
    )
  },
  Concat: ({ graph, inputs, attrs }) => {
    const parts = Object.values(inputs)
    return concat(graph, parts, frontAxis((attrs as unknown as tf.ConcatAttrs).axis, parts[0].shape.length))
  },
  Pack: ({ graph, inputs, attrs }) => {
    const parts = Object.values(inputs)
    const axis = frontAxis((attrs as unknown as tf.PackAttrs).axis, parts[0].shape.length + 1)
    return concat(
      graph,
      parts.map(part => reshapeTo(graph, part, part.shape.toSpliced(axis, 0, 1))),
      axis,
    )
  },
  SplitV: ({ graph, inputs: { x }, attrs }) => {
    const { numOrSizeSplits, axis } = attrs as unknown as tf.SplitVAttrs
    const at = frontAxis(axis, x.shape.length)
    const lengths = tf.backend_util.prepareSplitSize({ shape: [...x.shape] } as tf.Tensor, numOrSizeSplits, at)
    return split(graph, x, at, lengths)
  },
  Unpack: ({ graph, inputs: { value }, attrs }) => {
    const axis = frontAxis((attrs as unknown as tf.UnpackAttrs).axis, value.shape.length)
    const parts = split(
      graph,
      value,
      axis,
      Array.from({ length: value.shape[axis] }, () => 1),
    )
    return parts.map(part => reshapeTo(graph, part, part.shape.toSpliced(axis, 1)))
  },
  Tile: ({ graph, inputs: { x }, attrs }) => tile(graph, x, (attrs as unknown as tf.TileAttrs).reps),
  PadV2: ({ graph, inputs: { x }, attrs }) => {
    const { paddings, constantValue } = attrs as unknown as tf.PadV2Attrs
    return pad(graph, x, paddings, constantValue)
  },
  Fill: ({ graph, attrs }) => {
    const { shape, value, dtype } = attrs as unknown as tf.FillAttrs
    return graph.fill(Number(value), shape, (dtype ?? 'float32') as ElementType)
  },
  ZerosLike: ({ graph, inputs: { x } }) => graph.fill(0, x.shape, x.dtype),
  OnesLike: ({ graph, inputs: { x } }) => graph.fill(1, x.shape, x.dtype),
  Range: ({ graph, attrs }) => {
    const { start, stop, step, dtype } = attrs as unknown as tf.RangeAttrs
    const count = Math.max(0, Math.ceil((stop - start) / step))
    const values = Array.from({ length: count }, (_, i) => start + i * step)
    return graph.constant(values, [count], dtype)
  },
  LinSpace: ({ graph, attrs }) => {
    const { start, stop, num } = attrs as unknown as tf.LinSpaceAttrs
    const step = num > 1 ? (stop - start) / (num - 1) : 0
    return graph.constant(
      Array.from({ length: num }, (_, i) => start + i * step),
      [num],
      'float32',
    )
  },
}
