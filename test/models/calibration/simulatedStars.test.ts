import { expect, test } from 'vitest'
import { drawSimulatedStars, simulatedGiven, simulatedTruth } from '../../../models/calibration/simulatedStars.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'

test('simulated stars of a pattern have its observables and no others, with their truths', () => {
  const given = ['parallaxMas', 'gMag', 'bpMag', 'rpMag']
  const simulator = createPilotSimulator()
  const drawn = drawSimulatedStars(simulator, given, ['logAgeYr', 'loggDex'], { seed: 2, count: 50, maxDraws: 20_000 })
  expect(drawn.stars.length).toBe(50)
  for (const star of drawn.stars) expect(star.given.map(one => one.quantity)).toEqual(given)
  expect(drawn.truths.length).toBe(100)
  expect(drawn.truths.every(Number.isFinite)).toBe(true)
})

test('a pattern that never occurs gives no stars', () => {
  const request = { seed: 2, count: 5, maxDraws: 2000 }
  expect(drawSimulatedStars(createPilotSimulator(), ['w4Mag'], ['logAgeYr'], request).stars).toEqual([])
})

test('a star of a simulation is given with what is present of it, and its truth is found by name', () => {
  const simulation = createPilotSimulator().draw({ seed: 3, first: 0, count: 20 })
  for (let i = 0; i < simulation.count; i++) {
    const given = simulatedGiven(simulation, i)
    const present = [...simulation.presence].flatMap(([name, one]) => (one[i] === 1 ? [name] : []))
    expect(given.map(({ quantity }) => quantity)).toEqual(present)
    for (const { quantity, value, err, isLimit } of given)
      expect([value, err, isLimit]).toEqual([
        simulation.observables.get(quantity)?.[i],
        simulation.errors.get(quantity)?.[i],
        false,
      ])
    expect(simulatedTruth(simulation, 'logAgeYr', i)).toBe(simulation.parameters.get('logAgeYr')?.[i])
    expect(simulatedTruth(simulation, 'loggDex', i)).toBe(simulation.derived.get('loggDex')?.[i])
  }
})
