import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { contrastiveLoss, LEAST_TEMPERATURE } from '../../../models/alignment/contrastiveLoss.ts'
import { runEagerly } from '../../../models/engine/eager.ts'
import { normalMatrix } from './pointSets.ts'
import { expectSlopes, slopesOf } from './slopes.ts'

const [STARS, WIDTH] = [5, 4]
// The fourth star was seen by one instrument, the fifth by none.
const present = Float64Array.from([1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0])
const inputs = (logTemperature: number) => [
  ...[0, 1, 2].map(i => ({
    name: `z${i}`,
    shape: [STARS, WIDTH],
    data: normalMatrix(STARS, WIDTH, 20 + i).values,
    isMoved: true,
  })),
  { name: 'present', shape: [STARS, 3], data: present, isMoved: false },
  { name: 'logTemperature', shape: [], data: Float64Array.of(logTemperature), isMoved: true },
]
const loss = (t: Record<string, tf.Tensor>) => contrastiveLoss([t.z0, t.z1, t.z2], t.present, t.logTemperature)

/** The definition, star by star: minus the log of the share of one's own star. */
function judge(v: Record<string, Float64Array>): number {
  const unit = (vector: number[]) => vector.map(x => x / Math.hypot(...vector))
  const rowOf = (i: number, star: number) => unit(Array.from(v[`z${i}`].subarray(star * WIDTH, (star + 1) * WIDTH)))
  const isThere = (i: number, star: number) => v.present[star * 3 + i] === 1
  const others = (i: number, star: number): number[] | null => {
    const rows = [0, 1, 2].filter(m => m !== i && isThere(m, star)).map(m => rowOf(m, star))
    return rows.length === 0 ? null : unit(rows[0].map((_, d) => rows.reduce((sum, row) => sum + row[d], 0)))
  }
  const surprises: number[] = []
  for (const i of [0, 1, 2]) {
    for (let star = 0; star < STARS; star++) {
      const own = others(i, star)
      if (!isThere(i, star) || own === null) continue
      const score = (mean: number[]) =>
        Math.exp(rowOf(i, star).reduce((sum, x, d) => sum + x * mean[d], 0) / Math.exp(v.logTemperature[0]))
      const all = Array.from({ length: STARS }, (_, other) => others(i, other))
      const sum = all.reduce((total, mean) => total + (mean === null ? 0 : score(mean)), 0)
      surprises.push(-Math.log(score(own) / sum))
    }
  }
  return surprises.reduce((sum, value) => sum + value, 0) / surprises.length
}

test('value and slopes are those of the definition, of embeddings and of a learnt temperature', async () => {
  await expectSlopes(inputs(Math.log(0.4)), loss, judge)
})

test('what was not seen has no slope; a star that one instrument saw is one to tell others from', async () => {
  const slopes = await slopesOf(inputs(Math.log(0.4)), loss)
  for (const i of [0, 1, 2]) {
    const own = slopes[`d z${i}`]
    for (let star = 0; star < STARS; star++) {
      const row = own.subarray(star * WIDTH, (star + 1) * WIDTH)
      expect(row.some(value => value !== 0)).toBe(present[star * 3 + i] === 1)
    }
  }
})

test('all embeddings alike: the log of the number of stars; own axes: nearly nothing', () => {
  const specs = [{ name: 'z', shape: [3, 3] }]
  const run = (z: Float32Array, temperature: number) =>
    runEagerly(specs, t => ({ loss: contrastiveLoss([t.z, t.z], tf.ones([3, 2]), Math.log(temperature)) }), { z })
      .loss[0]
  expect(run(new Float32Array(9).fill(0.7), 0.1)).toBeCloseTo(Math.log(3), 5)
  const axes = Float32Array.from([1, 0, 0, 0, 2, 0, 0, 0, 3])
  expect(run(axes, 0.5)).toBeCloseTo(Math.log(1 + 2 * Math.exp(-2)), 5)
  // No colder than the least.
  expect(run(axes, 1e-9)).toBe(run(axes, LEAST_TEMPERATURE))
})

test('nobody seen twice: 0, and no slope that is no number', async () => {
  const alone = inputs(0).map(input => (input.name === 'present' ? { ...input, data: new Float64Array(15) } : input))
  const slopes = await slopesOf(alone, loss)
  for (const values of Object.values(slopes)) expect(values.every(value => value === 0)).toBe(true)
  const one = tf.zeros([2, 2])
  expect(() => contrastiveLoss([one], tf.ones([2, 1]), 0)).toThrow(
    new RangeError('contrastiveLoss: 1 modalities have no others'),
  )
})
