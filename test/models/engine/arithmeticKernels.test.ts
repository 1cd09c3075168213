import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { runEagerly } from '../../../models/engine/eager.ts'
import { Session } from '../../../models/engine/session.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'
import { fillRandom } from './randomArrays.ts'

const specs = [
  { name: 'x', shape: [4, 4] },
  { name: 'y', shape: [4, 4] },
  { name: 'row', shape: [4] },
]

// Factors that cancel, that vanish, that leave float32's comfortable range, and a sign.
const factors = [-1, 0.5, 2, -3, 1, 1e-6, 1e6, 1e-3]

const moves: ((a: tf.Tensor, b: tf.Tensor, row: tf.Tensor, factor: number) => tf.Tensor)[] = [
  (a, _b, _row, factor) => tf.mul(a, factor),
  (a, _b, _row, factor) => tf.mul(tf.fill([4, 4], factor), a),
  (a, _b, _row, factor) => tf.div(a, factor),
  a => tf.neg(a),
  (a, b) => tf.add(a, b),
  (a, b) => tf.sub(a, b),
  (a, b, _row, factor) => tf.add(tf.mul(a, factor), tf.mul(b, factor)),
  (a, b, _row, factor) => tf.sub(tf.mul(a, factor), tf.mul(b, factor)),
  (a, b) => tf.mul(a, b),
  (a, b) => tf.div(a, tf.add(tf.square(b), 1)),
  (a, _b, row) => tf.mul(tf.neg(a), row),
  (a, _b, row, factor) => tf.mul(tf.mul(row, factor), a),
  (a, _b, row) => tf.add(a, tf.neg(row)),
  (a, _b, row, factor) => tf.sub(row, tf.mul(a, factor)),
  (a, _b, row) => tf.div(tf.neg(a), tf.add(tf.square(row), 0.5)),
  a => tf.square(a),
  (a, b) => tf.squaredDifference(a, b),
  a => tf.transpose(a),
  a => tf.reverse(a.reshape([2, 8]), 0).reshape([4, 4]),
  (a, b) => tf.matMul(a, b, true, false),
  (a, b, _row, factor) => tf.matMul(a, tf.mul(b, factor)),
  a => tf.add(a, tf.sum(a, 0, true)),
  a => tf.sub(a, tf.mean(a, 1, true)),
  a => tf.tanh(a),
  (a, b) => tf.addN([a, tf.neg(b), tf.zeros([4, 4])]),
  (a, b) => tf.where(tf.greater(a, 0), a, tf.neg(b)),
]

for (let seed = 1; seed <= 40; seed++) {
  test(`chain ${seed} of sums, products and waiting factors agrees with the CPU backend within 1e-4`, async () => {
    const dice = fillRandom(60, 0, 1, seed)
    const build = ({ x, y, row }: Record<string, tf.Tensor>) => {
      let [a, b] = [x, y]
      for (let i = 0; i < 12; i++) {
        const move = moves[Math.floor(dice[3 * i] * moves.length)]
        const next = move(a, b, row, factors[Math.floor(dice[3 * i + 1] * factors.length)])
        ;[a, b] = dice[3 * i + 2] < 0.5 ? [b, next] : [next, b]
      }
      return { a, b }
    }
    const feeds = {
      x: fillRandom(16, -1, 1, seed),
      y: fillRandom(16, -1, 1, seed + 100),
      row: fillRandom(4, -1, 1, seed + 200),
    }
    const session = await Session.open(traceGraph(specs, build))
    const got = await session.run(feeds)
    await session.close()
    const want = runEagerly(specs, build, feeds)
    for (const name of ['a', 'b']) {
      const largest = want[name].reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      want[name].forEach((value, i) => {
        expect(Math.abs(got[name][i] - value), `${name}[${i}]`).toBeLessThanOrEqual(1e-4 * largest)
      })
    }
  })
}

test('a chain of constant factors takes the room of one', () => {
  const bytes = (steps: number) =>
    traceGraph([specs[0]], ({ x }) => {
      let y = x
      for (let i = 0; i < steps; i++) y = tf.neg(tf.mul(y.reshape([2, 8]), 0.5)).reshape([4, 4])
      return { y: tf.exp(y) }
    }).bytes.length
  expect(bytes(6) - bytes(2)).toBeLessThan(200)
})
