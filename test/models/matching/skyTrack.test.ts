import { expect, test } from 'vitest'
import { cellCenter, cellOf } from '../../../models/matching/skyCells.ts'
import {
  footprintOf,
  MARGIN_ARCSEC,
  NEAR_REACH_ARCSEC,
  PATCH_ORDER,
  patchesAround,
  patchesWithin,
  REGION_ORDER,
} from '../../../models/matching/skyTrack.ts'
import { createRng } from '../../../models/math/rng.ts'
import { gaiaMeasurements, observe, offset } from './simulatedSky.ts'

/** Regions and patches of points on a circle. */
function cellsOnCircle(raDeg: number, decDeg: number, radiusArcsec: number, order: number): Set<number> {
  const cells = new Set<number>()
  for (let i = 0; i < 90; i++) {
    const angle = (2 * Math.PI * i) / 90
    const at = offset(raDeg, decDeg, radiusArcsec * Math.cos(angle), radiusArcsec * Math.sin(angle))
    cells.add(cellOf(at.raDeg, at.decDeg, order))
  }
  return cells
}

/** All over the sky, most of them close to a corner or an edge of a region, some close to a pole. */
function places() {
  const rng = createRng(8)
  return Array.from({ length: 600 }, (_, i) => {
    const decDeg =
      i % 5 === 0 ? (i % 2 === 0 ? 1 : -1) * (90 - rng.uniform()) : (Math.asin(2 * rng.uniform() - 1) * 180) / Math.PI
    const corner = cellCenter(cellOf(360 * rng.uniform(), decDeg, REGION_ORDER + 5), REGION_ORDER + 5)
    return offset(corner.raDeg, corner.decDeg, 300 * (rng.uniform() - 0.5), 300 * (rng.uniform() - 0.5))
  })
}

const seen = (place: { readonly raDeg: number; readonly decDeg: number }) =>
  observe({ survey: 'gaiaDr3', source: 'A', ...place, positionErrArcsec: 0.001 })

test('a source is known in every region within the margin, and in none beyond three times the margin', () => {
  let manyRegions = 0
  for (const place of places()) {
    const { home, regions } = footprintOf(seen(place))
    expect(home).toBe(cellOf(place.raDeg, place.decDeg, REGION_ORDER))
    const must = cellsOnCircle(place.raDeg, place.decDeg, MARGIN_ARCSEC, REGION_ORDER)
    expect([...must].filter(region => !regions.includes(region))).toEqual([])
    if (regions.length === 1) continue
    manyRegions++
    const may = cellsOnCircle(place.raDeg, place.decDeg, 3 * MARGIN_ARCSEC, REGION_ORDER)
    for (const radius of [1, 2]) {
      for (const cell of cellsOnCircle(place.raDeg, place.decDeg, radius * MARGIN_ARCSEC, REGION_ORDER)) may.add(cell)
    }
    expect(regions.filter(region => region !== home && !may.has(region))).toEqual([])
  }
  expect(manyRegions).toBeGreaterThan(50)
})

test('a source is kept in the patch it falls into, by the regions that know it and by no other', () => {
  for (const place of places().slice(0, 100)) {
    const observation = seen(place)
    const { regions, patches } = footprintOf(observation)
    expect(patches).toEqual([cellOf(place.raDeg, place.decDeg, PATCH_ORDER)])
    for (const region of regions) expect(patchesWithin(region, observation)).toEqual(patches)
    expect(patchesWithin(regions[0] + 7, observation)).toEqual([])
  }
})

test('patches around a source hold every point within the radius, around its former place too', () => {
  for (const place of places().slice(0, 100)) {
    const former = offset(place.raDeg, place.decDeg, 500, 0)
    const formerPatch = cellOf(former.raDeg, former.decDeg, PATCH_ORDER)
    const around = patchesAround(seen(place), [formerPatch], NEAR_REACH_ARCSEC)
    for (const center of [place, former]) {
      const must = cellsOnCircle(center.raDeg, center.decDeg, NEAR_REACH_ARCSEC, PATCH_ORDER)
      expect([...must].filter(patch => !around.includes(patch))).toEqual([])
    }
  }
})

test('a fast star is kept wherever it was since 1980 and will be until 2030, and a slow one at one place', () => {
  const place = { raDeg: 269.4520769586, decDeg: 4.6934208994 }
  const at = (masPerYr: number) =>
    footprintOf(
      observe({
        survey: 'gaiaDr3',
        source: 'A',
        ...place,
        positionErrArcsec: 0.001,
        measurements: gaiaMeasurements(0, masPerYr),
      }),
    ).patches
  expect(at(99)).toHaveLength(1)
  const fast = at(10_362)
  for (let year = 1980; year <= 2030; year += 0.5) {
    const then = offset(place.raDeg, place.decDeg, 0, 10.362 * (year - 2016))
    const near = cellsOnCircle(then.raDeg, then.decDeg, 14, PATCH_ORDER).add(
      cellOf(then.raDeg, then.decDeg, PATCH_ORDER),
    )
    expect(
      [...near].some(patch => fast.includes(patch)),
      `${year}`,
    ).toBe(true)
  }
})
