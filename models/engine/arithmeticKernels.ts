// Sums and products. Constant factors are carried along instead of applied (see Value.scale), and what changes nothing is left out.
import type { GraphBuilder, Value } from './graphBuilder.ts'
import type { KernelTable } from './lowering.ts'
import { broadcastNode, broadcastShape, castTo, isSameShape } from './lowering.ts'

/** Arithmetic has no meaning for bools in ONNX: tfjs counts them as 0 and 1, so they pass through int32. */
export function arithmetic(graph: GraphBuilder, op: string, a: Value, b: Value): Value {
  if (a.dtype !== 'bool') return broadcastNode(graph, op, a, b, a.dtype)
  return castTo(graph, broadcastNode(graph, op, castTo(graph, a, 'int32'), castTo(graph, b, 'int32'), 'int32'), 'bool')
}

/** Does `x` already have the shape of its combination with `other`? */
function isFull(x: Value, other: Value): boolean {
  return isSameShape(x.shape, broadcastShape(x.shape, other.shape))
}

function add(graph: GraphBuilder, a: Value, b: Value): Value {
  if (b.fill === 0 && isFull(a, b)) return a
  if (a.fill === 0 && isFull(b, a)) return b
  if (b.scale === -1) return arithmetic(graph, 'Sub', a, { ...b, scale: 1 })
  if (a.scale === -1) return arithmetic(graph, 'Sub', b, { ...a, scale: 1 })
  if (a.scale === b.scale && a.scale !== 1) {
    return graph.linear(a, bareA => arithmetic(graph, 'Add', bareA, { ...b, scale: 1 }))
  }
  return arithmetic(graph, 'Add', a, b)
}

function subtract(graph: GraphBuilder, a: Value, b: Value): Value {
  if (b.fill === 0 && isFull(a, b)) return a
  if (b.scale === -1) return add(graph, a, { ...b, scale: 1 })
  if (a.scale === b.scale && a.scale !== 1) {
    return graph.linear(a, bareA => arithmetic(graph, 'Sub', bareA, { ...b, scale: 1 }))
  }
  return arithmetic(graph, 'Sub', a, b)
}

/** Products: the factors of both sides wait behind the result, or are applied to the smaller side. */
function multiply(graph: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype !== 'float32') return arithmetic(graph, 'Mul', a, b)
  if (b.fill !== null && isFull(a, b)) return graph.scaled(a, b.fill)
  if (a.fill !== null && isFull(b, a)) return graph.scaled(b, a.fill)
  if (isFull(a, b) && isFull(b, a)) {
    return graph.scaled(
      graph.linear(a, bareA => arithmetic(graph, 'Mul', bareA, { ...b, scale: 1 })),
      b.scale,
    )
  }
  if (isFull(a, b)) return arithmetic(graph, 'Mul', { ...a, scale: 1 }, graph.scaled(b, a.scale))
  if (isFull(b, a)) return arithmetic(graph, 'Mul', graph.scaled(a, b.scale), { ...b, scale: 1 })
  return arithmetic(graph, 'Mul', a, b)
}

function divide(graph: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype !== 'float32') return arithmetic(graph, 'Div', a, b)
  if (b.fill !== null && b.fill !== 0 && isFull(a, b)) return graph.scaled(a, 1 / b.fill)
  if (!isFull(a, b)) return arithmetic(graph, 'Div', a, b)
  if (isFull(b, a)) {
    return graph.scaled(
      graph.linear(a, bareA => arithmetic(graph, 'Div', bareA, { ...b, scale: 1 })),
      1 / b.scale,
    )
  }
  return arithmetic(graph, 'Div', { ...a, scale: 1 }, graph.scaled(b, 1 / a.scale))
}

export const arithmeticKernels: KernelTable = {
  Add: ({ graph, inputs: { a, b } }) => add(graph, a, b),
  AddN: ({ graph, inputs }) => Object.values(inputs).reduce((sum, x) => add(graph, sum, x)),
  Sub: ({ graph, inputs: { a, b } }) => subtract(graph, a, b),
  Multiply: ({ graph, inputs: { a, b } }) => multiply(graph, a, b),
  RealDiv: ({ graph, inputs: { a, b } }) => divide(graph, a, b),
  Neg: ({ graph, inputs: { x } }) =>
    x.dtype === 'float32' ? graph.scaled(x, -1) : graph.node('Neg', [x], x.shape, x.dtype),
  Square: ({ graph, inputs: { x } }) => multiply(graph, x, x),
  SquaredDifference: ({ graph, inputs: { a, b } }) => {
    const difference = subtract(graph, a, b)
    return multiply(graph, difference, difference)
  },
}
