import * as tf from '@tensorflow/tfjs'
import { expect, test, vi } from 'vitest'
import type { NativePackage } from '../../../models/engine/eager.ts'
import { openNative, runEagerly } from '../../../models/engine/eager.ts'

const specs = [{ name: 'x', shape: [2, 2] }]

test('an eager run computes without a word on the console and leaves no tensor behind', () => {
  const spies = (['log', 'warn', 'error', 'info'] as const).map(level => vi.spyOn(console, level))
  const before = tf.memory().numTensors
  const { out } = runEagerly(specs, ({ x }) => ({ out: tf.matMul(x, x) }), { x: Float32Array.of(1, 2, 3, 4) })
  expect([...out]).toEqual([7, 10, 15, 22])
  expect(tf.memory().numTensors).toBe(before)
  for (const spy of spies) expect(spy).not.toHaveBeenCalled()
})

test('a feed of the wrong length is refused', () => {
  expect(() => runEagerly(specs, inputs => inputs, { x: new Float32Array(3) })).toThrow(RangeError)
})

test('a native engine that is not installed raises CONFIG_INVALID and says how to get it', async () => {
  const absent = openNative('@tensorflow/tfjs-absent' as NativePackage)
  await expect(absent).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  await expect(absent).rejects.toThrow(/npm install @tensorflow\/tfjs-absent/)
})
