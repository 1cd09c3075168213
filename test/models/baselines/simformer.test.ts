import { expect, test } from 'vitest'
import { openSimformer } from '../../../models/index.ts'

test('the stand-in has about as many weights as the reference, keeps what is given, and draws by its seed', async () => {
  const network = await openSimformer({ tokens: 4, rows: 3 }, 1)
  try {
    expect(network.weightCount).toBeGreaterThan(175_000)
    expect(network.weightCount).toBeLessThan(185_000)
    const first = await network.sample([0.25, -1.5], 7)
    expect(first).toHaveLength(12)
    expect(first.every(Number.isFinite)).toBe(true)
    for (let row = 0; row < 3; row++) expect([...first.subarray(4 * row, 4 * row + 2)]).toEqual([0.25, -1.5])
    expect([...(await network.sample([0.25, -1.5], 7))]).toEqual([...first])
    expect([...(await network.sample([0.25, -1.5], 8))]).not.toEqual([...first])
    expect(new Set(first).size).toBe(2 + 6)
  } finally {
    await network.close()
  }
})
