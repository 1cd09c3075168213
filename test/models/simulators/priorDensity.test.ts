import { expect, test } from 'vitest'
import { createRng } from '../../../models/math/rng.ts'
import { createStarShine, shineSlot, shineSlotCount } from '../../../models/simulators/forward/starShine.ts'
import { galaxySlot, galaxySlotCount } from '../../../models/simulators/galaxy/starSource.ts'
import { drawStarInto, isOfClass, pilotPrior } from '../../../models/simulators/prior.ts'
import {
  createPriorAt,
  createPriorDensity,
  extinctionDensity,
  fehDensity,
  fieldAgeDensity,
  massDensity,
} from '../../../models/simulators/priorDensity.ts'
import { createStarTracks } from '../../../models/simulators/tracks/starTracks.ts'
import { starClasses } from '../../../schemas/index.ts'

/** The trapezoid rule. */
function integral(f: (x: number) => number, low: number, high: number, steps = 20_000): number {
  const step = (high - low) / steps
  let sum = 0.5 * (f(low) + f(high))
  for (let i = 1; i < steps; i++) sum += f(low + i * step)
  return sum * step
}

test('each part of the prior integrates to one', () => {
  const [low, high] = [pilotPrior.minMassMsun, pilotPrior.maxMassMsun].map(Math.log10)
  expect(integral(massDensity, low + 1e-12, high - 1e-12)).toBeCloseTo(1, 3)
  expect(integral(fieldAgeDensity, 8, pilotPrior.maxLogAgeYr)).toBeCloseTo(1, 4)
  for (const isYoung of [true, false]) {
    expect(integral(feh => fehDensity(feh, isYoung), pilotPrior.feh.min, pilotPrior.feh.max)).toBeCloseTo(1, 4)
  }
  for (const name of starClasses) {
    expect(integral(av => extinctionDensity(av, 3.1, name), 0, pilotPrior.maxAvMag)).toBeCloseTo(1, 3)
  }
  expect(massDensity(2)).toBe(0)
  expect(extinctionDensity(-0.1, 2, 'giant')).toBe(0)
})

// Of draws of a density p the mean of p(shifted) / p is the share of them that come from within p when shifted back: a density with a
// wrong slope in any direction would give another number.
const shifts: readonly (readonly number[])[] = [
  [0.03, 0, 0, 0, 0, 0, 0],
  [0, 0.004, 0, 0, 0, 0, 0],
  [0, 0, 0.03, 0, 0, 0, 0],
  [0, 0, 0, 0.004, 0, 0, 0],
  [0, 0, 0, 0, 0.015, 0, 0],
  [0, 0, 0, 0, 0, 0.1, 0],
  [0, 0, 0, 0, 0, 0, 0.1],
]
/** A giant ages by a hundredth of what others do, and along its track, which keeps volumes: beside it there is nothing. */
const giantShifts = [[-0.001, 0, 0, 0, 0, 0, 0], ...shifts.slice(3)]

test('the density is that of the draws, in each direction and for each class', () => {
  const tracks = createStarTracks()
  const { tracks: families, atmospheres, laws } = pilotPrior
  const shine = createStarShine(
    { tracks: families, atmospheres, extinction: { laws, rv: { law: 'fixed', value: 3.1 } } },
    [],
  )
  const prior = createPriorDensity()
  const at = createPriorAt()
  const rng = createRng(12)
  const star = new Float64Array(galaxySlotCount)
  const body = new Float64Array(shineSlotCount)
  for (const [c, name] of starClasses.entries()) {
    const densityAt = (parameters: ArrayLike<number>) => {
      prior.at(parameters, at)
      return at.classes[c]
    }
    const draws: number[][] = []
    while (draws.length < 1500) {
      if (!drawStarInto(c, rng, tracks, star) || !shine.settle(star, false, rng, body)) continue
      if (!isOfClass(c, body[shineSlot.phase], star[galaxySlot.logAgeYr])) continue
      draws.push([
        ...[galaxySlot.logAgeYr, galaxySlot.logMassMsun, galaxySlot.fehDex].map(slot => star[slot]),
        ...[body[shineSlot.logTeffK], body[shineSlot.logLuminosityLsun]],
        ...[star[galaxySlot.avMag], Math.log10(star[galaxySlot.distancePc])],
      ])
    }
    const densities = draws.map(densityAt)
    expect(Math.min(...densities), name).toBeGreaterThan(0)
    const trackInto = (draw: readonly number[], out: Float64Array) => {
      const families = tracks.familiesAt(draw[0], draw[1], draw[2])
      return families > 0 && tracks.starInto(draw[0], draw[1], draw[2], 31 - Math.clz32(families), out) >= 0
    }
    const [here, there] = [new Float64Array(3), new Float64Array(3)]
    const along = (draw: readonly number[], shift: readonly number[]) => {
      const moved = draw.map((value, p) => value + shift[p])
      const isOnTrack = name === 'giant' && trackInto(draw, here) && trackInto(moved, there)
      return isOnTrack
        ? moved.map((value, p) => (p === 3 || p === 4 ? value + there[p - 3] - here[p - 3] : value))
        : moved
    }
    for (const shift of name === 'giant' ? giantShifts : shifts) {
      const moved = (sign: number) =>
        draws.map(draw =>
          along(
            draw,
            shift.map(step => sign * step),
          ),
        )
      const ratios = moved(1).map((draw, i) => densityAt(draw) / densities[i])
      const within = moved(-1).filter(draw => densityAt(draw) > 0).length / draws.length
      const mean = ratios.reduce((a, b) => a + b, 0) / draws.length
      const error = Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0)) / draws.length
      expect(Math.abs(mean - within), `${name}, ${shift}`).toBeLessThan(4.5 * error + 0.02)
    }
  }
})

test('where no family has a star nothing is', () => {
  const at = createPriorAt()
  createPriorDensity().at([10, 1, 0, 3.7, 2, 0, 2], at)
  expect([...at.classes]).toEqual([0, 0, 0, 0])
})
