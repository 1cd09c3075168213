import { expect, test } from 'vitest'
import { compareObservations, largestShift, otherIdOf } from '../../../models/index.ts'
import type { Observation } from '../../../schemas/index.ts'

const base: Observation = {
  survey: 'gaiaDr2',
  source: '7',
  sourceId: 7n,
  releaseRank: 2,
  revision: 1n,
  raDeg: 56,
  decDeg: 60,
  positionErrArcsec: 0.001,
  epochJyr: 2015.5,
  cell: 0n,
  measurements: [
    { quantity: 'parallaxMas', value: 7, err: 0.3, isLimit: false },
    { quantity: 'gMag', value: 10, err: 0.01, isLimit: false },
  ],
  links: [{ survey: 'twoMass', source: 'A' }],
  flags: [],
  origin: 'a.csv row 1',
  extra: {},
}
const measured = (quantity: string, value: number, err: number, isLimit = false) => ({ quantity, value, err, isLimit })

test('what says the same under another release, revision and origin has not changed', () => {
  const links = [...base.links, { survey: 'gaiaDr2', source: '7' }]
  const later = { ...base, survey: 'gaiaDr3', releaseRank: 3, revision: 9n, origin: 'b.csv row 4', links }
  expect(compareObservations(base, later)).toBeNull()
})

test('a shift is told in errors of both in quadrature, signed, with the ratio of the errors', () => {
  const after = { ...base, measurements: [measured('parallaxMas', 6, 0.4), base.measurements[1]] }
  const change = compareObservations(base, after)
  expect(change?.shifts).toEqual([{ field: 'parallaxMas', shift: -1, sigma: -2, errRatio: 0.4 / 0.3 }])
  expect(change).toMatchObject({ gained: [], lost: [], hasOtherFlags: false, hasOtherLinks: false })
})

test('what only one of the two measured is gained or lost, and a limit has no sigma', () => {
  const after = {
    ...base,
    measurements: [measured('gMag', 10.5, 0.2, true), measured('bpMag', 11, 0.1)],
    flags: ['ruwe'],
    links: [],
    extra: { digest: 'other' },
  }
  expect(compareObservations(base, after)).toEqual({
    shifts: [{ field: 'gMag', shift: 0.5, sigma: null, errRatio: null }],
    gained: ['bpMag'],
    lost: ['parallaxMas'],
    hasOtherFlags: true,
    hasOtherLinks: true,
    hasOtherColumns: true,
  })
})

test('a position is compared at one epoch: steady motion is no shift', () => {
  const moving = (pmRa: number) => [measured('pmRaCosDecMasPerYr', pmRa, 0.1), measured('pmDecMasPerYr', 0, 0.1)]
  // At declination 60 degrees a step in right ascension is half as long on the sky.
  const years = 0.5
  const raDeg = 56 + (2 * 1000 * years) / 3.6e6
  const before = { ...base, measurements: moving(1000) }
  const after = { ...before, raDeg, epochJyr: 2016 }
  const position = (one: ReturnType<typeof compareObservations>) =>
    one?.shifts.find(({ field }) => field === 'position') ?? null
  const moved = position(compareObservations(before, after))
  expect(moved?.shift).toBeLessThan(1e-5)
  expect(Math.abs(moved?.sigma ?? 9)).toBeLessThan(0.01)
  // Without a proper motion in either, half an arcsec is half an arcsec.
  const still = position(compareObservations({ ...before, measurements: [] }, { ...after, measurements: [] }))
  expect(still?.shift).toBeCloseTo(0.5, 5)
  expect(still?.sigma).toBeCloseTo(0.5 / (0.001 * Math.SQRT2), 1)
})

test('the largest shift is that in sigma, of whatever sign', () => {
  const after = { ...base, measurements: [measured('parallaxMas', 7.3, 0.3), measured('gMag', 9.9, 0.01)] }
  const change = compareObservations(base, after)
  expect(change === null ? null : largestShift(change)).toMatchObject({ field: 'gMag' })
})

test('another id within its own survey is told, its own and those of other surveys are not', () => {
  expect(otherIdOf({ ...base, links: [...base.links, { survey: 'gaiaDr2', source: '7' }] })).toBeNull()
  const links = [...base.links, { survey: 'gaiaDr2', source: '6' }]
  expect(otherIdOf({ ...base, survey: 'gaiaDr3', links })).toBe('6')
})
