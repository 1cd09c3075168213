import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  directionOf,
  type MovingPosition,
  positionOf,
  propagate,
  separationRad,
} from '../../../models/matching/properMotion.ts'
import { packageFile, RAD_PER_ARCSEC } from '../../../schemas/index.ts'

interface Move extends MovingPosition {
  readonly name: string
  readonly toJyr: number
  readonly toRaDeg: number
  readonly toDecDeg: number
  readonly toPmRaCosDecMasPerYr: number
  readonly toPmDecMasPerYr: number
}
const moves: readonly Move[] = JSON.parse(
  readFileSync(packageFile('test', 'golden', 'matching', 'motion.json'), 'utf8'),
)

test('positions at other epochs agree with astropy to 2 microarcsec, beyond a pole and across the meridian', () => {
  for (const move of moves) {
    const to = propagate(move, move.toJyr)
    const offset = separationRad(directionOf(to.raDeg, to.decDeg), directionOf(move.toRaDeg, move.toDecDeg))
    expect(offset / RAD_PER_ARCSEC, `${move.name} to ${move.toJyr}`).toBeLessThan(2e-6)
  }
})

test('proper motions at other epochs agree with astropy to 0.001 mas a year', () => {
  for (const move of moves) {
    const to = propagate(move, move.toJyr)
    expect(Math.abs(to.pmRaCosDecMasPerYr - move.toPmRaCosDecMasPerYr), move.name).toBeLessThan(1e-3)
    expect(Math.abs(to.pmDecMasPerYr - move.toPmDecMasPerYr), move.name).toBeLessThan(1e-3)
  }
})

test('forth and back is where it began, up to the motion along the line of sight that a position does not hold', () => {
  for (const move of moves) {
    const back = propagate(propagate(move, move.toJyr), move.epochJyr)
    const offset = separationRad(directionOf(back.raDeg, back.decDeg), directionOf(move.raDeg, move.decDeg))
    // Second order in the angle moved: it lengthens the way by the angle squared.
    const angle = (Math.hypot(move.pmRaCosDecMasPerYr, move.pmDecMasPerYr) / 1000) * 36 * RAD_PER_ARCSEC
    expect(offset).toBeLessThan(1.01 * angle ** 3 + 1e-15)
  }
})

test('a separation is exact from microarcsec to half the sky', () => {
  const microarcsec = RAD_PER_ARCSEC * 1e-6
  const a = directionOf(10, 0)
  expect(separationRad(a, directionOf(10 + (1e-6 * 1) / 3600, 0)) / microarcsec).toBeCloseTo(1, 3)
  expect(separationRad(a, directionOf(190, 0))).toBeCloseTo(Math.PI, 7)
})

test('a direction turned into a position and back is the same', () => {
  for (const [raDeg, decDeg] of [
    [0, 0],
    [359.999, -45],
    [123, 89.99],
  ]) {
    const position = positionOf(directionOf(raDeg, decDeg))
    expect(position.raDeg).toBeCloseTo(raDeg, 10)
    expect(position.decDeg).toBeCloseTo(decDeg, 10)
  }
})
