import { expect, test } from 'vitest'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { column } from '../../../models/simulators/simulator.ts'
import { drawSimulatedClusters } from '../../../ops/evaluation/simulatedClusters.ts'

test('every star of a simulated cluster has its age, and something that was measured', async () => {
  const simulator = createPilotSimulator()
  const { signal } = new AbortController()
  const seed = 61
  const clusters = await drawSimulatedClusters(simulator, { logAgesYr: [6.5, 9], starCount: 12, seed, signal })
  for (const { logAgeYr, inputs } of clusters) {
    expect(inputs).toHaveLength(12)
    for (const { key, given } of inputs) {
      const index = Number(key.split('-').at(-1))
      const again = simulator.draw({ seed, first: index, count: 1 })
      expect(Math.abs(column(again.parameters, 'logAgeYr')[0] - logAgeYr)).toBeLessThan(0.03)
      expect(given.length).toBeGreaterThan(0)
      for (const { quantity, value } of given) expect(value).toBe(column(again.observables, quantity)[0])
    }
  }
})

test('a run that is asked to end draws no further', async () => {
  const controller = new AbortController()
  controller.abort()
  const drawing = drawSimulatedClusters(createPilotSimulator(), {
    logAgesYr: [7],
    starCount: 5,
    seed: 1,
    signal: controller.signal,
  })
  await expect(drawing).rejects.toThrow()
})
