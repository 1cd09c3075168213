import { expect, test } from 'vitest'
import { solveBand } from '../../../../models/simulators/dust/bandSystem.ts'

test.each([
  [1, 1],
  [7, 1],
  [8, 1],
  [2, 3],
  [20, 5],
  [33, 11],
])('%i unknowns with a band of %i: the solution put back gives the right side', (count, width) => {
  const stride = width + 2
  const band = new Float64Array(count * stride)
  const entry = (i: number, j: number) => (i === j ? 3 * width : Math.abs(i - j) > width ? 0 : -(Math.sin(i + j) ** 2))
  for (let j = 0; j < count; j++)
    for (let a = 0; a <= width && j + a < count; a++) band[j * stride + a] = entry(j, j + a)
  const right = Float64Array.from({ length: count }, (_, i) => 1 + Math.cos(i))
  const found = right.slice()
  solveBand(band, stride, width, count, found)
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let j = 0; j < count; j++) sum += entry(i, j) * found[j]
    expect(sum).toBeCloseTo(right[i], 12)
  }
})
