import { expect, test } from 'vitest'
import { expOfNodesInto, nodeCount } from '../../../../models/simulators/spectra/smoothFactor.ts'

test('a function linear in the logarithm comes out exactly, whatever the number of values', () => {
  for (const [count, step] of [
    [9, 8],
    [16, 8],
    [17, 8],
    [100, 64],
    [4606, 64],
  ]) {
    const nodes = Float64Array.from({ length: nodeCount(count, step) }, (_, k) => 1 - 0.003 * k * step)
    const out = new Float64Array(count)
    expOfNodesInto(nodes, out, step)
    out.forEach((value, i) => {
      expect(Math.abs(value / Math.exp(1 - 0.003 * i) - 1)).toBeLessThan(1e-12)
    })
  }
})
