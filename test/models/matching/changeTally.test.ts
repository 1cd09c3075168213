import { expect, test } from 'vitest'
import { ChangeTally, type SourceChange, tailSigmas } from '../../../models/index.ts'

const same: Omit<SourceChange, 'shifts'> = {
  gained: [],
  lost: [],
  hasOtherFlags: false,
  hasOtherLinks: false,
  hasOtherColumns: false,
}
const shifted = (sigma: number): SourceChange => ({
  ...same,
  shifts: [{ field: 'parallaxMas', shift: sigma / 10, sigma, errRatio: 0.5 }],
})

test('changes are added up field by field, the position first', () => {
  const tally = new ChangeTally()
  for (const [i, sigma] of [0.5, -2, 4, 6, 0].entries()) tally.add(`${i}`, shifted(sigma))
  tally.add('limit', { ...same, shifts: [{ field: 'gMag', shift: 1, sigma: null, errRatio: null }] })
  tally.add('place', {
    ...same,
    shifts: [{ field: 'position', shift: 0.01, sigma: 1, errRatio: 1 }],
    hasOtherFlags: true,
  })
  tally.add('bands', { ...same, shifts: [], gained: ['bpMag'], lost: ['gMag'], hasOtherColumns: true })
  expect(tailSigmas).toEqual([1, 3, 5])
  const fields = tally.fields()
  expect(fields.map(({ field }) => field)).toEqual(['position', 'parallaxMas', 'gMag', 'bpMag'])
  const [, parallax, gMag, bpMag] = fields
  expect(parallax).toMatchObject({ changedCount: 5, beyond: [3, 2, 1], largest: { source: '3', sigma: 6 } })
  expect(parallax.medianSigma).toBeCloseTo(0.5, 2)
  expect(parallax.medianShift).toBeCloseTo(0.05, 3)
  expect(parallax.medianErrRatio).toBeCloseTo(0.5, 2)
  expect(gMag).toMatchObject({ changedCount: 1, lostCount: 1, medianSigma: null, largest: null, beyond: [0, 0, 0] })
  expect(bpMag).toMatchObject({ changedCount: 0, gainedCount: 1, medianShift: null })
  expect(tally).toMatchObject({ otherFlagsCount: 1, otherLinksCount: 0, otherColumnsCount: 1 })
})
