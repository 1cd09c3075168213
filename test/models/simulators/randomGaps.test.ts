import { expect, test } from 'vitest'
import { openSimulator } from '../../../models/simulators/openSimulator.ts'
import { createPilotSimulator } from '../../../models/simulators/pilot.ts'
import { withRandomGaps } from '../../../models/simulators/randomGaps.ts'
import { column, type Simulation } from '../../../models/simulators/simulator.ts'

const pilot = createPilotSimulator({ missing: 'none' })
const gapped = withRandomGaps(pilot, 0.5)
const seenOf = (drawn: Simulation, i: number) =>
  pilot.observables.filter(name => column(drawn.presence, name)[i] === 1).length

test('half of the observables go, each as often, and what stays is as it was', () => {
  const count = 2000
  const whole = pilot.draw({ seed: 5, first: 0, count })
  const drawn = gapped.draw({ seed: 5, first: 0, count })
  for (const name of pilot.observables) {
    const presence = column(drawn.presence, name)
    const share = presence.reduce((sum, one) => sum + one, 0) / count
    // 2000 tosses: a false alarm of five sigma in 1.7 million.
    expect(Math.abs(share - 0.5), name).toBeLessThan((5 * 0.5) / Math.sqrt(count))
    for (let i = 0; i < count; i++) {
      const kept = presence[i] === 1
      expect(column(drawn.observables, name)[i]).toBe(kept ? column(whole.observables, name)[i] : 0)
      expect(column(drawn.errors, name)[i]).toBe(kept ? column(whole.errors, name)[i] : 0)
    }
  }
})

test('no star loses all, even where everything goes', () => {
  const bare = withRandomGaps(pilot, 1).draw({ seed: 5, first: 0, count: 300 })
  expect(Array.from({ length: 300 }, (_, i) => seenOf(bare, i))).toEqual(Array(300).fill(1))
  const kept = pilot.observables.filter(name => column(bare.presence, name).includes(1))
  expect(kept).toEqual(pilot.observables)
})

test('a star has the same gaps in every batch', () => {
  const whole = gapped.draw({ seed: 9, first: 0, count: 40 })
  const part = gapped.draw({ seed: 9, first: 25, count: 10 })
  for (const name of pilot.observables) {
    expect([...column(part.presence, name)]).toEqual([...column(whole.presence, name).slice(25, 35)])
  }
})

test('a simulator whose stars have gaps already drops no more than is there', () => {
  const natural = createPilotSimulator({ missing: 'natural' })
  const drawn = withRandomGaps(natural, 1).draw({ seed: 2, first: 0, count: 300 })
  const before = natural.draw({ seed: 2, first: 0, count: 300 })
  for (let i = 0; i < 300; i++) expect(seenOf(drawn, i)).toBe(Math.min(1, seenOf(before, i)))
  expect(openSimulator).toBeTypeOf('function')
})

test('a limit goes as often as a measurement', () => {
  const natural = createPilotSimulator({ missing: 'natural' })
  const count = 2000
  const isLimit = (presence: Uint8Array) => presence.map(isSeen => 1 - isSeen)
  const withLimits = withRandomGaps(
    {
      ...natural,
      limited: ['w4Mag'],
      draw(request) {
        const drawn = natural.draw(request)
        const presence = isLimit(column(drawn.presence, 'w4Mag'))
        return {
          ...drawn,
          limits: new Map([['w4Mag', { values: Float32Array.from(presence, is => 9 * is), presence }]]),
        }
      },
    },
    0.5,
  )
  const { limits } = withLimits.draw({ seed: 5, first: 0, count })
  const before = isLimit(column(natural.draw({ seed: 5, first: 0, count }).presence, 'w4Mag'))
  const { values, presence } = limits?.get('w4Mag') ?? { values: new Float32Array(0), presence: new Uint8Array(0) }
  expect(withLimits.limited).toEqual(['w4Mag'])
  expect([...values]).toEqual(Array.from(presence, is => 9 * is))
  const [left, all] = [presence, before].map(flags => flags.reduce((sum, one) => sum + one, 0))
  expect(presence.every((is, i) => is <= before[i])).toBe(true)
  // Tosses, as many as there are limits: a false alarm of five sigma in 1.7 million.
  expect(Math.abs(left / all - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(all))
})
