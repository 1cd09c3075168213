// How one tfjs kernel becomes ONNX nodes: the contract that every kernel table fills.
import type { ElementType, GraphBuilder, Value } from './graphBuilder.ts'

/** One kernel as tfjs called it: its tensors by tfjs's names ('0', '1' ... where it takes a list) and its attributes. */
export interface KernelCall {
  readonly graph: GraphBuilder
  readonly inputs: Readonly<Record<string, Value>>
  readonly attrs: Readonly<Record<string, unknown>>
}

export type Lowering = (call: KernelCall) => Value | Value[]
export type KernelTable = Readonly<Record<string, Lowering>>

/** The shape two operands broadcast to, NumPy's rule; throws RangeError when they do not. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const lengthA = a[a.length - rank + i] ?? 1
    const lengthB = b[b.length - rank + i] ?? 1
    if (lengthA !== lengthB && lengthA !== 1 && lengthB !== 1) {
      throw new RangeError(`the shapes [${a}] and [${b}] do not broadcast`)
    }
    return lengthA === 1 ? lengthB : lengthA
  })
}

/** True when two shapes have the same lengths in the same order. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i])
}

/** An axis counted from the front; tfjs also counts from the back. */
export function frontAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

/** Convert to another element type; the value itself where it already has it. */
export function castTo(graph: GraphBuilder, x: Value, dtype: ElementType): Value {
  if (x.dtype === dtype) return x
  if (x.fill !== null) {
    const fill = dtype === 'bool' ? Number(x.fill !== 0) : dtype === 'float32' ? x.fill : Math.trunc(x.fill)
    return graph.fill(fill, x.shape, dtype)
  }
  const onnxType = { float32: 1, int32: 6, int64: 7, bool: 9 }[dtype]
  return graph.node('Cast', [x], x.shape, dtype, { to: onnxType })
}

/** The value in another shape of the same size; the value itself where it has that shape already. */
export function reshapeTo(graph: GraphBuilder, x: Value, shape: readonly number[]): Value {
  if (isSameShape(x.shape, shape)) return x
  if (x.fill !== null) return graph.fill(x.fill, shape, x.dtype)
  return graph.linear(x, y => graph.node('Reshape', [y, graph.int64s(shape)], shape, x.dtype))
}

/** A broadcasting node of two operands; a constant operand stays a scalar where the other already has the full shape. */
export function broadcastNode(graph: GraphBuilder, op: string, a: Value, b: Value, dtype: ElementType): Value {
  const shape = broadcastShape(a.shape, b.shape)
  const shrink = (x: Value, other: Value) =>
    x.fill !== null && isSameShape(other.shape, shape) ? graph.scalar(x.fill, x.dtype) : x
  const left = shrink(a, b)
  // Only one side may shrink to a scalar, or the result would lose its shape.
  const right = left === a ? shrink(b, a) : b
  return graph.node(op, [left, right], shape, dtype)
}
