import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import type { Device } from '../../../models/engine/devices.ts'
import { Session } from '../../../models/engine/session.ts'
import { traceGraph } from '../../../models/engine/tracer.ts'
import { fillRandom } from './randomArrays.ts'

const graph = traceGraph(
  [
    { name: 'x', shape: [64, 32] },
    { name: 'w', shape: [32, 48] },
    { name: 'ids', shape: [64], dtype: 'int32' },
  ],
  ({ x, w, ids }) => ({ out: tf.softmax(tf.matMul(x, w)), picked: tf.gather(x, ids) }),
)
const feeds = {
  x: fillRandom(64 * 32, -1, 1, 1),
  w: fillRandom(32 * 48, -1, 1, 2),
  ids: Int32Array.from({ length: 64 }, (_, i) => 63 - i),
}

test('the same feeds give the same bits, in one session and in another', async () => {
  const [first, second] = [await Session.open(graph), await Session.open(graph)]
  const runs = [await first.run(feeds), await first.run(feeds), await second.run(feeds)]
  for (const run of runs) expect(Buffer.from(run.out.buffer).equals(Buffer.from(runs[0].out.buffer))).toBe(true)
  await first.close()
  await second.close()
})

test('opened from bytes alone, a session knows its inputs and outputs', async () => {
  const session = await Session.open(graph.bytes)
  expect(session.inputs).toEqual([
    { name: 'x', shape: [64, 32], dtype: 'float32' },
    { name: 'w', shape: [32, 48], dtype: 'float32' },
    { name: 'ids', shape: [64], dtype: 'int32' },
  ])
  expect(session.outputs.map(({ name }) => name)).toEqual(['out', 'picked'])
  await session.close()
})

test('feeds that are absent, of the wrong type or length are refused by name', async () => {
  const session = await Session.open(graph)
  await expect(session.run({ x: feeds.x, w: feeds.w })).rejects.toThrow(/'ids' needs a Int32Array/)
  await expect(session.run({ ...feeds, ids: new Float32Array(64) })).rejects.toThrow(TypeError)
  await expect(session.run({ ...feeds, x: new Float32Array(5) })).rejects.toThrow(
    /'x' needs \[64,32\] values and got 5/,
  )
  await session.close()
})

test('a closed session refuses to run and can be closed again', async () => {
  const session = await Session.open(graph)
  await session.close()
  await session.close()
  await expect(session.run(feeds)).rejects.toThrow(/closed/)
})

test('bytes that are no model raise MODEL_MISMATCH', async () => {
  await expect(Session.open(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
  await expect(Session.open(graph.bytes.slice(0, 200))).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
})

test('a device that is not there raises CONFIG_INVALID', async () => {
  await expect(Session.open(graph, { device: 'abacus' as Device })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})
