import { expect, test } from 'vitest'
import { createPilotSimulator, type Simulation, type Simulator } from '../../../models/index.ts'
import { dwarfSequence, judgeDwarfColours } from '../../../ops/evaluation/dwarfColours.ts'

const signal = new AbortController().signal
const pilot = createPilotSimulator()

/** The pilot's stars, with dwarfs between the nodes of the sequence and BP - RP as the change says. */
function simulatorOf(change: (bpRpMag: number, i: number) => number): Simulator {
  return {
    ...pilot,
    draw(request): Simulation {
      const drawn = pilot.draw(request)
      const set = (columns: Simulation['parameters'], name: string, made: (i: number) => number) =>
        columns.get(name)?.forEach((_, i, values) => {
          values[i] = made(i)
        })
      const middle = (i: number) => {
        const k = i % (dwarfSequence.length - 1)
        const [[hotK, hotMag], [coolK, coolMag]] = [dwarfSequence[k], dwarfSequence[k + 1]]
        return [(hotK + coolK) / 2, (hotMag + coolMag) / 2] as const
      }
      drawn.classIndex.fill(2)
      set(drawn.parameters, 'avMag', i => (i % 10 === 0 ? 3 : 0))
      set(drawn.parameters, 'fehDex', () => 0)
      set(drawn.parameters, 'logTeffK', i => Math.log10(middle(i)[0]))
      set(drawn.derived, 'loggDex', () => 4.4)
      set(drawn.nuisances, 'companionRatio', i => (i % 10 === 1 ? 0.5 : 0))
      set(drawn.truths, 'rpMag', () => 10)
      // What is dusty or double is far off, and must not be looked at.
      set(drawn.truths, 'bpMag', i => 10 + (i % 10 < 2 ? 9 : change(middle(i)[1], i)))
      return drawn
    },
  }
}

const judge = (simulator: Simulator) => judgeDwarfColours(simulator, { seed: 4, draws: 3000, signal })

test('dwarfs on the sequence are not off, and plain ones alone are looked at', async () => {
  const found = await judge(simulatorOf(mag => mag))
  expect(found?.starCount).toBe(2400)
  // Temperatures and magnitudes are single precision: a millionth of 10 mag.
  expect(Math.abs(found?.offsetMag ?? 1)).toBeLessThan(3e-5)
  expect(Math.abs(found?.shiftK ?? 1000)).toBeLessThan(0.2)
})

test('dwarfs that are too red are found so, and make stars too hot by the slope of the sequence', async () => {
  const found = await judge(simulatorOf((mag, i) => mag + 0.05 + (i % 3 === 0 ? 0.01 : i % 3 === 1 ? -0.01 : 0)))
  expect(found?.offsetMag).toBeCloseTo(0.05, 4)
  // Scatter of 0.0082 mag over the stars: 1.2533 * 0.0082 / sqrt(2400).
  expect(found?.offsetErrMag).toBeCloseTo(0.00021, 5)
  const slopes = dwarfSequence.slice(1).map(([k, mag], i) => (dwarfSequence[i][0] - k) / (mag - dwarfSequence[i][1]))
  expect(found?.shiftK).toBeGreaterThan(0.05 * Math.min(...slopes))
  expect(found?.shiftK).toBeLessThan(0.05 * Math.max(...slopes))
})

test('nothing is said of too few dwarfs', async () => {
  expect(await judgeDwarfColours(pilot, { seed: 4, draws: 500, signal })).toBeNull()
})
