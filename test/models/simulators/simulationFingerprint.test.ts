import { expect, test } from 'vitest'
import { createPilotSimulator, type Simulator } from '../../../models/index.ts'
import { simulationFingerprint } from '../../../models/simulators/simulationFingerprint.ts'

const pilot = createPilotSimulator()

test('the same stars have the same fingerprint, other seeds and other simulators have others', () => {
  const own = simulationFingerprint(pilot, 1)
  expect(own).toMatch(/^[0-9a-f]{16}$/)
  expect(simulationFingerprint(createPilotSimulator(), 1)).toBe(own)
  expect(simulationFingerprint(pilot, 2)).not.toBe(own)
  expect(simulationFingerprint(createPilotSimulator({ missing: 'none' }), 1)).not.toBe(own)
})

test('one number of one star that is other in the last bit changes it', () => {
  const own = simulationFingerprint(pilot, 1)
  const nudged: Simulator = {
    ...pilot,
    draw(request) {
      const drawn = pilot.draw(request)
      const values = drawn.observables.get('gMag') ?? new Float32Array(1)
      new Int32Array(values.buffer, values.byteOffset)[1234] ^= 1
      return drawn
    },
  }
  expect(simulationFingerprint(nudged, 1)).not.toBe(own)
})
