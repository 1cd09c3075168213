import { expect, test } from 'vitest'
import { agePrior } from '../../../models/clusters/agePrior.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { column } from '../../../models/simulators/simulator.ts'

test('the prior of the pilot gives every young star of 100 Myr at most the same probability per dex of age', () => {
  const drawn = createPilotSimulator().draw({ seed: 41, first: 0, count: 12_000 })
  const { edges, masses } = agePrior(column(drawn.parameters, 'logAgeYr'), 0.1)
  expect(masses.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
  const young = Array.from(masses).filter((_, k) => edges[k + 1] < 7.95)
  const share = young.reduce((a, b) => a + b, 0)
  // Half of the prior is young and uniform over 5.7 to 8; fainter at old ages, so survey limits tilt it a little.
  expect(Math.abs(share - 0.5)).toBeLessThan(0.05)
  for (const mass of young) expect(Math.abs(mass / (share / young.length) - 1)).toBeLessThan(0.45)
})
