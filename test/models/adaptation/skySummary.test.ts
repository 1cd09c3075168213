import { expect, test } from 'vitest'
import { type SkyCell, summarizeSky } from '../../../models/index.ts'

const cellOf = (seed: number, condition: string, biases: readonly number[], scatter: number): SkyCell => ({
  ...{ seed, condition, counts: { simulated: 9, real: 8, paired: 0 }, judgedStars: 7, c2st: 0.5 + seed / 10 },
  groups: biases.map((bias, k) => ({
    ...{ group: `group ${k}`, name: k < 2 ? 'logAgeYr' : 'logTeffK', starCount: 10 },
    ...{ bias, scatter: 0.2, covered68: 0.58, covered90: 0.9, stackBias: k < 2 ? bias / 2 : null },
  })),
  simulated: [{ name: 'logAgeYr', bias: 0, scatter, covered68: 0.68, covered90: 0.8 }],
})
const cells = [
  cellOf(1, 'none', [0.3, -0.4, 0.02], 0.5),
  cellOf(1, 'moved', [0.6, -0.8, 0.01], 0.6),
  cellOf(2, 'none', [0.3, -0.4, 0.02], 0.5),
  cellOf(2, 'moved', [0, 0, 0.01], 0.4),
]

test('groups weigh the same, and a condition is held against none seed by seed', () => {
  const [none, moved] = summarizeSky(cells)
  const [age, temperature] = none.parameters
  expect(age.bias.mean).toBeCloseTo(Math.sqrt(0.125), 12)
  expect(age.bias).toMatchObject({ spread: 0, betterSeeds: 0 })
  expect(age.stack?.mean).toBeCloseTo(Math.sqrt(0.125) / 2, 12)
  expect(age.coverage.mean).toBeCloseTo(0.05, 12)
  expect(temperature).toMatchObject({ name: 'logTeffK', groupCount: 1, stack: null })
  // Root mean squares of 2 * sqrt(0.125) and 0.
  expect(moved.parameters[0].bias.mean).toBeCloseTo(Math.sqrt(0.125), 12)
  expect(moved.parameters[0].bias.betterSeeds).toBe(1)
  expect(moved.parameters[1].bias.betterSeeds).toBe(2)
  expect(moved.groups[1].bias.mean).toBeCloseTo(-0.4, 12)
  expect(moved.groups[1].bias.spread).toBeCloseTo(0.8 / Math.SQRT2, 12)
  expect(moved.groups[1].stackBias?.mean).toBeCloseTo(-0.2, 12)
  expect(moved.groups[2].stackBias).toBeNull()
  expect(moved.simulatedScatter.mean).toBeCloseTo(1, 12)
  expect(moved.simulatedCoverage.mean).toBeCloseTo(0.05, 12)
  expect(moved.c2st.mean).toBeCloseTo(0.65, 12)
  expect(() => summarizeSky(cells.slice(0, 3))).toThrow("seed 2 lacks 'moved'")
})
