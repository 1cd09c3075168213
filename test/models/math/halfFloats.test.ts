import { expect, test } from 'vitest'
import { fromHalves, toHalves } from '../../../models/math/halfFloats.ts'

test('known halves', () => {
  const known: [number, number][] = [
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65_504],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
  ]
  for (const [half, value] of known) {
    expect(fromHalves(Uint16Array.of(half))[0]).toBe(value)
    expect(toHalves(Float32Array.of(value))[0]).toBe(half)
  }
})

test('every finite half comes back, and what lies between two goes to the nearer, in the middle to the even one', () => {
  for (let half = 0; half < 0x7bff; half++) {
    const [low, high] = fromHalves(Uint16Array.of(half, half + 1))
    expect(toHalves(Float32Array.of(low, -low))[0]).toBe(half)
    const middle = (low + high) / 2
    expect(toHalves(Float32Array.of(middle))[0]).toBe(half % 2 === 0 ? half : half + 1)
    const [below, above] = toHalves(Float32Array.of(low + 0.45 * (high - low), low + 0.55 * (high - low)))
    expect([below, above]).toEqual([half, half + 1])
  }
})

test('what 16 bits cannot hold is refused', () => {
  expect(() => toHalves(Float32Array.of(65_520))).toThrow('no number that 16 bits can hold')
  expect(() => toHalves(Float32Array.of(Number.NaN))).toThrow(RangeError)
})
