import { expect, test } from 'vitest'
import { expOfNodesInto, NODE_STEP, nodeCount } from '../../../../models/simulators/spectra/smoothFactor.ts'

test('a function linear in the logarithm comes out exactly, whatever the number of values', () => {
  for (const count of [9, 16, 17, 100, 4606]) {
    const nodes = Float64Array.from({ length: nodeCount(count) }, (_, k) => 1 - 0.003 * k * NODE_STEP)
    const out = new Float64Array(count)
    expOfNodesInto(nodes, out)
    out.forEach((value, i) => {
      expect(Math.abs(value / Math.exp(1 - 0.003 * i) - 1)).toBeLessThan(1e-12)
    })
  }
})
