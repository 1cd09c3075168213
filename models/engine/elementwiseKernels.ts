// Kernels that treat every element alike: arithmetic, functions, comparisons, choice.
import type * as tf from '@tensorflow/tfjs'
import { arithmetic } from './arithmeticKernels.ts'
import type { Attributes, ElementType, GraphBuilder, Value } from './graphBuilder.ts'
import type { KernelTable, Lowering } from './lowering.ts'
import { broadcastNode, broadcastShape, castTo, isSameShape } from './lowering.ts'

const unary =
  (op: string, attributes: Attributes = {}): Lowering =>
  ({ graph, inputs: { x } }) =>
    graph.node(op, [x], x.shape, x.dtype, attributes)

const binary =
  (op: string): Lowering =>
  ({ graph, inputs: { a, b } }) =>
    arithmetic(graph, op, a, b)

const compare =
  (op: string): Lowering =>
  ({ graph, inputs: { a, b } }) =>
    broadcastNode(graph, op, a, b, 'bool')

function choose(graph: GraphBuilder, condition: Value, a: Value, b: Value): Value {
  const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape))
  const shrink = (x: Value) =>
    x.fill !== null && isSameShape(condition.shape, shape) ? graph.scalar(x.fill, x.dtype) : x
  if (a.dtype !== 'bool') return graph.node('Where', [condition, shrink(a), shrink(b)], shape, a.dtype)
  // onnxruntime has no Where for bools.
  const chosen = [a, b].map(x => castTo(graph, shrink(x), 'int32'))
  return castTo(graph, graph.node('Where', [condition, ...chosen], shape, 'int32'), 'bool')
}

function activate(graph: GraphBuilder, x: Value, op: string, attributes: Attributes = {}): Value {
  return graph.node(op, [x], x.shape, x.dtype, attributes)
}

/** floor(a / b): exact for int32, where ONNX's own division rounds towards zero. */
function floorDivide(graph: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype === 'int32') {
    const remainder = broadcastNode(graph, 'Mod', a, b, 'int32')
    return broadcastNode(graph, 'Div', broadcastNode(graph, 'Sub', a, remainder, 'int32'), b, 'int32')
  }
  const quotient = broadcastNode(graph, 'Div', a, b, 'float32')
  return castTo(graph, activate(graph, quotient, 'Floor'), 'int32')
}

/** a - b floor(a / b), the sign of b; ONNX's float Mod would take the sign of a. */
function modulo(graph: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype === 'int32') return broadcastNode(graph, 'Mod', a, b, 'int32')
  const shape = broadcastShape(a.shape, b.shape)
  const remainder = graph.node('Mod', [a, b], shape, 'float32', { fmod: 1 })
  const shifted = graph.node('Mod', [broadcastNode(graph, 'Add', remainder, b, 'float32'), b], shape, 'float32', {
    fmod: 1,
  })
  const zero = graph.scalar(0, 'float32')
  const isNegativeA = broadcastNode(graph, 'Less', a, zero, 'bool')
  const isNegativeB = broadcastNode(graph, 'Less', b, zero, 'bool')
  return choose(graph, broadcastNode(graph, 'Xor', isNegativeA, isNegativeB, 'bool'), shifted, remainder)
}

/** The angle of (x, y) in -pi..pi, from atan by quadrant, since ONNX has no atan2. */
function arcTangent2(graph: GraphBuilder, y: Value, x: Value): Value {
  const zero = graph.scalar(0, 'float32')
  const angle = activate(graph, broadcastNode(graph, 'Div', y, x, 'float32'), 'Atan')
  const isBelow = broadcastNode(graph, 'Less', y, zero, 'bool')
  const turned = choose(graph, isBelow, graph.scalar(-Math.PI, 'float32'), graph.scalar(Math.PI, 'float32'))
  const isLeft = broadcastNode(graph, 'Less', x, zero, 'bool')
  const sided = choose(graph, isLeft, broadcastNode(graph, 'Add', angle, turned, 'float32'), angle)
  const sign = activate(graph, y, 'Sign')
  const upright = broadcastNode(graph, 'Mul', sign, graph.scalar(Math.PI / 2, 'float32'), 'float32')
  const isUpright = broadcastNode(graph, 'Equal', x, zero, 'bool')
  return choose(graph, isUpright, upright, sided)
}

/** log(1 + x) without the loss of digits near 0 (Kahan: log(u) x / (u - 1) with u = 1 + x). */
function log1p(graph: GraphBuilder, x: Value): Value {
  const one = graph.scalar(1, 'float32')
  const u = broadcastNode(graph, 'Add', x, one, 'float32')
  const scaled = broadcastNode(graph, 'Mul', activate(graph, u, 'Log'), x, 'float32')
  const precise = broadcastNode(graph, 'Div', scaled, broadcastNode(graph, 'Sub', u, one, 'float32'), 'float32')
  return choose(graph, broadcastNode(graph, 'Equal', u, one, 'bool'), x, precise)
}

/** exp(x) - 1 without the loss of digits near 0: tanh(x / 2) (exp(x) + 1); far from 0, where the sum is safe, the plain form. */
function expm1(graph: GraphBuilder, x: Value): Value {
  const exp = activate(graph, x, 'Exp')
  const half = activate(graph, broadcastNode(graph, 'Mul', x, graph.scalar(0.5, 'float32'), 'float32'), 'Tanh')
  const one = graph.scalar(1, 'float32')
  const near = broadcastNode(graph, 'Mul', half, broadcastNode(graph, 'Add', exp, one, 'float32'), 'float32')
  const isNear = broadcastNode(graph, 'Less', activate(graph, x, 'Abs'), one, 'bool')
  return choose(graph, isNear, near, broadcastNode(graph, 'Sub', exp, one, 'float32'))
}

function isFiniteNumber(graph: GraphBuilder, x: Value): Value {
  const isInfinite = graph.node('IsInf', [x], x.shape, 'bool')
  const isNan = graph.node('IsNaN', [x], x.shape, 'bool')
  return activate(graph, broadcastNode(graph, 'Or', isInfinite, isNan, 'bool'), 'Not')
}

const scalarLike = (graph: GraphBuilder, value: number, x: Value) => graph.scalar(value, x.dtype)

export const elementwiseKernels: KernelTable = {
  Abs: unary('Abs'),
  Acos: unary('Acos'),
  Acosh: unary('Acosh'),
  Asin: unary('Asin'),
  Asinh: unary('Asinh'),
  Atan: unary('Atan'),
  Atanh: unary('Atanh'),
  Ceil: unary('Ceil'),
  Cos: unary('Cos'),
  Cosh: unary('Cosh'),
  Elu: unary('Elu'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Floor: unary('Floor'),
  Log: unary('Log'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Round: unary('Round'),
  Selu: unary('Selu'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Sinh: unary('Sinh'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt'),
  Tan: unary('Tan'),
  Tanh: unary('Tanh'),
  LogicalNot: unary('Not'),

  Rsqrt: ({ graph, inputs: { x } }) => activate(graph, activate(graph, x, 'Sqrt'), 'Reciprocal'),
  Expm1: ({ graph, inputs: { x } }) => expm1(graph, x),
  Log1p: ({ graph, inputs: { x } }) => log1p(graph, x),
  Relu6: ({ graph, inputs: { x } }) =>
    graph.node('Clip', [x, scalarLike(graph, 0, x), scalarLike(graph, 6, x)], x.shape, x.dtype),
  LeakyRelu: ({ graph, inputs: { x }, attrs }) =>
    activate(graph, x, 'LeakyRelu', { alpha: { float: (attrs as unknown as tf.LeakyReluAttrs).alpha } }),
  Prelu: ({ graph, inputs: { x, alpha } }) => {
    const scaled = broadcastNode(graph, 'Mul', x, alpha, 'float32')
    return choose(graph, broadcastNode(graph, 'Less', x, scalarLike(graph, 0, x), 'bool'), scaled, x)
  },
  EluGrad: ({ graph, inputs: { dy, y } }) => {
    const slope = broadcastNode(graph, 'Add', y, scalarLike(graph, 1, y), 'float32')
    const below = broadcastNode(graph, 'Mul', dy, slope, 'float32')
    return choose(graph, broadcastNode(graph, 'Less', y, scalarLike(graph, 0, y), 'bool'), below, dy)
  },
  Step: ({ graph, inputs: { x }, attrs }) => {
    const { alpha } = attrs as unknown as tf.StepAttrs
    const isAbove = broadcastNode(graph, 'Greater', x, scalarLike(graph, 0, x), 'bool')
    return choose(graph, isAbove, scalarLike(graph, 1, x), scalarLike(graph, alpha, x))
  },
  ClipByValue: ({ graph, inputs: { x }, attrs }) => {
    const { clipValueMin, clipValueMax } = attrs as unknown as tf.ClipByValueAttrs
    return graph.node(
      'Clip',
      [x, scalarLike(graph, clipValueMin, x), scalarLike(graph, clipValueMax, x)],
      x.shape,
      x.dtype,
    )
  },
  IsNan: ({ graph, inputs: { x } }) => graph.node('IsNaN', [x], x.shape, 'bool'),
  IsInf: ({ graph, inputs: { x } }) => graph.node('IsInf', [x], x.shape, 'bool'),
  IsFinite: ({ graph, inputs: { x } }) => isFiniteNumber(graph, x),
  Cast: ({ graph, inputs: { x }, attrs }) => castTo(graph, x, (attrs as { dtype: ElementType }).dtype),

  FloorDiv: ({ graph, inputs: { a, b } }) => floorDivide(graph, a, b),
  Mod: ({ graph, inputs: { a, b } }) => modulo(graph, a, b),
  Pow: binary('Pow'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Atan2: ({ graph, inputs: { a, b } }) => arcTangent2(graph, a, b),

  Equal: compare('Equal'),
  Greater: compare('Greater'),
  GreaterEqual: compare('GreaterOrEqual'),
  Less: compare('Less'),
  LessEqual: compare('LessOrEqual'),
  NotEqual: ({ graph, inputs: { a, b } }) => activate(graph, broadcastNode(graph, 'Equal', a, b, 'bool'), 'Not'),
  LogicalAnd: compare('And'),
  LogicalOr: compare('Or'),
  Select: ({ graph, inputs: { condition, t, e } }) => choose(graph, condition, t, e),
}
