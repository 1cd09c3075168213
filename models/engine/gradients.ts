// Gradients that tfjs lacks or gets wrong, given to tfjs itself, so that traced and eager runs share them.
import * as tf from '@tensorflow/tfjs'

type GradFunctions = Record<string, () => tf.Tensor>
type Upstream = tf.Tensor | tf.Tensor[]

/** Sum a gradient over the axes that broadcasting had stretched, back to `shape`. */
function unbroadcast(dy: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, dy.shape)
  return (axes.length > 0 ? tf.sum(dy, axes) : dy).reshape(shape)
}

/** tfjs forgets to sum over broadcast batch axes, so that a [B, T, D] x [D, E] product has no valid gradient there. */
function batchMatMulGrad(dy: Upstream, saved: tf.Tensor[], attrs: tf.NamedAttrMap): GradFunctions {
  const [a, b] = saved
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean }
  const slope = dy as tf.Tensor
  // One matrix for the whole batch: a single tall product instead of one per row, summed.
  if (b.rank === 2 && a.rank > 2 && !transposeA) {
    const tallA = a.reshape([-1, a.shape[a.rank - 1]])
    const tallDy = slope.reshape([-1, slope.shape[slope.rank - 1]])
    return {
      a: () => tf.matMul(tallDy, b, false, !transposeB).reshape(a.shape),
      b: () => (transposeB ? tf.matMul(tallDy, tallA, true, false) : tf.matMul(tallA, tallDy, true, false)),
    }
  }
  const gradA = () => (transposeA ? tf.matMul(b, slope, transposeB, true) : tf.matMul(slope, b, false, !transposeB))
  const gradB = () => (transposeB ? tf.matMul(slope, a, true, transposeA) : tf.matMul(a, slope, !transposeA, false))
  return { a: () => unbroadcast(gradA(), a.shape), b: () => unbroadcast(gradB(), b.shape) }
}

/** d/dx_i of an einsum is the einsum of dy with the other operands; labels that only x_i has are stretched back. */
function einsumGrad(dy: Upstream, saved: tf.Tensor[], attrs: tf.NamedAttrMap): GradFunctions {
  const [terms, result] = (attrs.equation as string).replace(/\s/g, '').split('->')
  const labels = terms.split(',')
  const gradOf = (index: number) => {
    const own = labels[index]
    const others = labels.filter((_, i) => i !== index)
    const reachable = [...own].filter(label => result.includes(label) || others.some(term => term.includes(label)))
    const equation = `${[result, ...others].join()}->${reachable.join('')}`
    const gradient = tf.einsum(equation, dy as tf.Tensor, ...saved.filter((_, i) => i !== index))
    const { shape } = saved[index]
    const kept = shape.map((length, i) => (reachable.includes(own[i]) ? length : 1))
    return tf.broadcastTo(gradient.reshape(kept), shape)
  }
  return Object.fromEntries(labels.map((_, i) => [String(i), () => gradOf(i)]))
}

/** tfjs adds one slice per repetition (and stops at rank 4); a reshape and a sum say the same in two steps. */
function tileGrad(dy: Upstream, saved: tf.Tensor[], attrs: tf.NamedAttrMap): GradFunctions {
  const [x] = saved
  const { reps } = attrs as { reps: number[] }
  const folded = x.shape.flatMap((length, i) => [reps[i], length])
  const axes = x.shape.map((_, i) => 2 * i)
  return { x: () => (dy as tf.Tensor).reshape(folded).sum(axes).reshape(x.shape) }
}

/** tfjs transposes the result when the axis is not the last. */
function cumsumGrad(dy: Upstream, _saved: tf.Tensor[], attrs: tf.NamedAttrMap): GradFunctions {
  const { axis, exclusive, reverse } = attrs as { axis: number; exclusive: boolean; reverse: boolean }
  return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) }
}

// Binary kernels whose operands tfjs does not expect to broadcast when it differentiates.
const binary =
  (slopeA: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, slopeB: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) =>
  (dy: Upstream, saved: tf.Tensor[]): GradFunctions => {
    const [a, b] = saved
    return {
      a: () => unbroadcast(tf.mul(dy as tf.Tensor, slopeA(a, b)), a.shape),
      b: () => unbroadcast(tf.mul(dy as tf.Tensor, slopeB(a, b)), b.shape),
    }
  }

const squaredDifferenceGrad = binary(
  (a, b) => tf.mul(tf.sub(a, b), 2),
  (a, b) => tf.mul(tf.sub(b, a), 2),
)
const maximumGrad = binary(
  (a, b) => tf.cast(tf.greaterEqual(a, b), 'float32'),
  (a, b) => tf.cast(tf.less(a, b), 'float32'),
)
const minimumGrad = binary(
  (a, b) => tf.cast(tf.lessEqual(a, b), 'float32'),
  (a, b) => tf.cast(tf.greater(a, b), 'float32'),
)

// A truth value does not move with its operands, but tfjs asks on the way to what it chooses between.
const flat = (_dy: Upstream, saved: tf.Tensor[]): GradFunctions =>
  Object.fromEntries(saved.map((x, i) => [['a', 'b'][i], () => tf.zeros(x.shape)]))

/** Register them; doing so twice changes nothing. */
export function registerGradients(): void {
  const inputsToSave = ['a', 'b']
  tf.registerGradient({ kernelName: tf.BatchMatMul, inputsToSave, gradFunc: batchMatMulGrad })
  tf.registerGradient({ kernelName: tf.Einsum, saveAllInputs: true, gradFunc: einsumGrad })
  tf.registerGradient({ kernelName: tf.Tile, inputsToSave: ['x'], gradFunc: tileGrad })
  tf.registerGradient({ kernelName: tf.Cumsum, gradFunc: cumsumGrad })
  tf.registerGradient({ kernelName: tf.SquaredDifference, inputsToSave, gradFunc: squaredDifferenceGrad })
  tf.registerGradient({ kernelName: tf.Maximum, inputsToSave, gradFunc: maximumGrad })
  tf.registerGradient({ kernelName: tf.Minimum, inputsToSave, gradFunc: minimumGrad })
  // With a single piece tfjs hands over the tensor itself where its own gradient expects a list.
  tf.registerGradient({
    kernelName: tf.SplitV,
    gradFunc: (dy, _saved, attrs) => ({ x: () => tf.concat([dy].flat(), attrs.axis as number) }),
  })
  tf.registerGradient({
    kernelName: tf.Unpack,
    gradFunc: (dy, _saved, attrs) => ({ value: () => tf.stack([dy].flat(), attrs.axis as number) }),
  })
  for (const kernelName of [tf.Equal, tf.NotEqual, tf.Less, tf.LessEqual, tf.Greater, tf.LogicalAnd, tf.LogicalOr]) {
    tf.registerGradient({ kernelName, inputsToSave, gradFunc: flat })
  }
  tf.registerGradient({
    kernelName: tf.LogicalNot,
    inputsToSave: ['x'],
    gradFunc: (_dy, [x]) => ({ x: () => tf.zeros(x.shape) }),
  })
}
