// Gradients of a loss, by the graph and by central differences of a float64 program.
import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import { runEagerly } from '../../../models/engine/eager.ts'
import { Session } from '../../../models/engine/session.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'

export interface LossInput {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float64Array
  /** Whether a gradient is asked for. */
  readonly isMoved: boolean
}

/** The loss and its gradients as d NAME, eagerly and by the traced graph, which must agree. */
export async function slopesOf(
  inputs: readonly LossInput[],
  loss: (tensors: Record<string, tf.Tensor>) => tf.Scalar,
): Promise<Record<string, Float32Array>> {
  const specs = inputs.map(({ name, shape }) => ({ name, shape: [...shape] }))
  const feeds = Object.fromEntries(inputs.map(({ name, data }) => [name, Float32Array.from(data)]))
  const moved = inputs.filter(({ isMoved }) => isMoved).map(({ name }) => name)
  const build = (tensors: Record<string, tf.Tensor>) => {
    const { value, grads } = tf.valueAndGrads((...values) =>
      loss({ ...tensors, ...Object.fromEntries(moved.map((name, i) => [name, values[i]])) }),
    )(moved.map(name => tensors[name]))
    return { loss: value, ...Object.fromEntries(moved.map((name, i) => [`d ${name}`, grads[i]])) }
  }
  const eager = runEagerly(specs, build, feeds)
  const session = await Session.open(traceGraph(specs, build))
  const traced = await session.run(feeds)
  await session.close()
  for (const [name, values] of Object.entries(eager))
    values.forEach((value, k) => {
      expect(Math.abs(traced[name][k] - value), `traced ${name}[${k}]`).toBeLessThan(
        2e-5 * Math.max(1, Math.abs(value)),
      )
    })
  return eager
}

/** Compares value and every slope with those of the same loss written in float64. */
export async function expectSlopes(
  inputs: readonly LossInput[],
  loss: (tensors: Record<string, tf.Tensor>) => tf.Scalar,
  judge: (values: Record<string, Float64Array>) => number,
): Promise<void> {
  const got = await slopesOf(inputs, loss)
  const values = Object.fromEntries(inputs.map(({ name, data }) => [name, Float64Array.from(data, Math.fround)]))
  const expected = judge(values)
  expect(Math.abs(got.loss[0] - expected)).toBeLessThan(2e-5 * Math.max(1, Math.abs(expected)))
  const step = 1e-5
  for (const { name, isMoved } of inputs) {
    if (!isMoved) continue
    for (let k = 0; k < values[name].length; k++) {
      const at = values[name][k]
      const [above, below] = [at + step, at - step].map(value => {
        values[name][k] = value
        return judge(values)
      })
      values[name][k] = at
      const slope = (above - below) / (2 * step)
      expect(Math.abs(got[`d ${name}`][k] - slope), `${name}[${k}]`).toBeLessThan(2e-4 * Math.max(Math.abs(slope), 0.2))
    }
  }
}
