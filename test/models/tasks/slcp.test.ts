import { expect, test } from 'vitest'
import { slcp } from '../../../models/tasks/slcp.ts'

test('the four signs of the deviations have one density', () => {
  const rows = slcp.draw(1, 0, 50)
  for (let i = 0; i < rows.length; i += 13) {
    const row = rows.slice(i, i + 13)
    const turned = (a: number, b: number) =>
      slcp.logJoint(row.map((value, k) => (k === 2 ? a : k === 3 ? b : 1) * value))
    for (const [a, b] of [
      [-1, 1],
      [1, -1],
      [-1, -1],
    ]) {
      expect(turned(a, b)).toBe(slcp.logJoint(row))
    }
  }
})

test('the likelihood of one point integrates to one, with a strong correlation too', () => {
  for (const parameters of [
    [0.5, -1, 1.1, 0.8, 0.4],
    [0.5, -1, -0.9, 0.8, 2.5],
  ]) {
    const others = [0.5, -1, 0.5, -1, 0.5, -1]
    const [sx, sy] = [parameters[2] ** 2, parameters[3] ** 2]
    // The three other points lie at the mean: what they add is the density there, thrice.
    const peak = slcp.logJoint([...parameters, 0.5, -1, ...others]) + 5 * Math.log(6)
    let sum = 0
    const step = 0.02
    for (let x = -7; x <= 7; x += step) {
      for (let y = -7; y <= 7; y += step) {
        const log = slcp.logJoint([...parameters, 0.5 + x * sx, -1 + y * sy, ...others])
        sum += Math.exp(log + 5 * Math.log(6) - 0.75 * peak) * step * step * sx * sy
      }
    }
    expect(sum).toBeCloseTo(1, 6)
  }
})
