// Kernels that multiply matrices: where a network spends its time.
import type * as tf from '@tensorflow/tfjs'
import type { Attributes, GraphBuilder, Value } from './graphBuilder.ts'
import type { KernelTable } from './lowering.ts'
import { broadcastNode, broadcastShape } from './lowering.ts'
import { sizeOf } from './tensorSpec.ts'

/** Swap the last two axes; the runtime fuses this into the product that follows. */
function transposeLast(graph: GraphBuilder, x: Value): Value {
  const rank = x.shape.length
  const perm = x.shape.map((_, i) => i)
  perm.splice(rank - 2, 2, rank - 1, rank - 2)
  return graph.node(
    'Transpose',
    [x],
    perm.map(axis => x.shape[axis]),
    x.dtype,
    { perm },
  )
}

function multiply(graph: GraphBuilder, a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
  // A factor waits behind the product, unless one side is so much smaller that it can take it for nothing (a weight
  // matrix: then the product and the sum that often follows stay one operation).
  const factor = a.scale * b.scale
  const isBSmall = 8 * sizeOf(b.shape) <= sizeOf(a.shape)
  const bareA = { ...a, scale: 1 }
  const bareB = isBSmall ? graph.scaled({ ...b, scale: 1 }, factor) : { ...b, scale: 1 }
  const left = transposeA ? transposeLast(graph, bareA) : bareA
  const right = transposeB ? transposeLast(graph, bareB) : bareB
  const batch = broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2))
  const shape = [...batch, left.shape[left.shape.length - 2], right.shape[right.shape.length - 1]]
  return graph.scaled(graph.node('MatMul', [left, right], shape, a.dtype), isBSmall ? 1 : factor)
}

const activations: Readonly<Record<string, readonly [string, Attributes]>> = {
  relu: ['Relu', {}],
  elu: ['Elu', {}],
  sigmoid: ['Sigmoid', {}],
}

export const matrixKernels: KernelTable = {
  BatchMatMul: ({ graph, inputs: { a, b }, attrs }) => {
    const { transposeA, transposeB } = attrs as unknown as tf.BatchMatMulAttrs
    return multiply(graph, a, b, transposeA, transposeB)
  },
  _FusedMatMul: ({ graph, inputs: { a, b, bias }, attrs }) => {
    const { transposeA, transposeB, activation } = attrs as unknown as tf._FusedMatMulAttrs
    const product = multiply(graph, a, b, transposeA, transposeB)
    const sum = bias ? broadcastNode(graph, 'Add', product, bias, 'float32') : product
    if (!activation || activation === 'linear') return sum
    const found = activations[activation]
    if (!found) throw new TypeError(`_FusedMatMul: activation '${activation}' is not fused; apply it as its own step`)
    return graph.node(found[0], [sum], sum.shape, 'float32', found[1])
  },
  Einsum: ({ graph, inputs, attrs }) => {
    const { equation } = attrs as unknown as tf.EinsumAttrs
    const operands = Object.values(inputs)
    const compact = equation.replace(/\s/g, '')
    const [terms, result] = compact.split('->')
    const lengths = new Map<string, number>()
    terms.split(',').forEach((term, i) => {
      for (const [j, label] of [...term].entries()) lengths.set(label, operands[i].shape[j])
    })
    const shape = [...result].map(label => lengths.get(label) ?? 1)
    return graph.node('Einsum', operands, shape, operands[0].dtype, { equation: compact })
  },
}
