import { expect, test } from 'vitest'
import { youngRegions } from '../../../../models/simulators/galaxy/youngRegions.ts'
import { legacyImaging } from '../../../../models/simulators/surveys/footprints.ts'
import { createSkyPlace, locateInto } from '../../../../models/simulators/surveys/skyPlace.ts'
import { surveyNames } from '../../../../models/simulators/surveys/surveyFacts.ts'
import { cell, hasTable, type RealRow, readTable, whyPassedOver } from './realTables.ts'

const SQUARE_DEGREES = 41_252.96

/** Means over the sphere, on a golden spiral of equal areas. */
function overSky(count: number, visit: (raDeg: number, decDeg: number) => void): void {
  for (let i = 0; i < count; i++) {
    const raDeg = 360 * ((i * 0.618033988749895) % 1)
    visit(raDeg, (Math.asin((2 * (i + 0.5)) / count - 1) * 180) / Math.PI)
  }
}

test('footprints cover the published areas', () => {
  const place = createSkyPlace()
  const covered = new Float64Array(surveyNames.length)
  const count = 100_000
  overSky(count, (ra, dec) => {
    locateInto(ra, dec, place)
    place.covered.forEach((is, s) => {
      covered[s] += (is * SQUARE_DEGREES) / count
    })
  })
  const areaOf = (name: (typeof surveyNames)[number]) => covered[surveyNames.indexOf(name)]
  expect(areaOf('gaia')).toBeCloseTo(SQUARE_DEGREES, 1)
  // Three quarters of the sky, 3 pi steradians is 30,940; SDSS 14,555 (Aihara+ 2011), simplified to boxes: within a tenth.
  expect(Math.abs(areaOf('panStarrs') / 30_940 - 1)).toBeLessThan(0.005)
  expect(Math.abs(areaOf('sdss') / 14_555 - 1)).toBeLessThan(0.1)
  // The mapped clouds: Taurus 44 (Rebull+ 2010), Orion 9 (Megeath+ 2012), and some 40 of others.
  expect(areaOf('irac')).toBeGreaterThan(80)
  expect(areaOf('irac')).toBeLessThan(120)
  expect(legacyImaging).toHaveLength(2)
})

test('mean star density adds up to the stars of Gaia, factors of its errors to their means', () => {
  const place = createSkyPlace()
  const count = 50_000
  let stars = 0
  const factors = new Float64Array(3)
  let wiseMag = 0
  overSky(count, (ra, dec) => {
    locateInto(ra, dec, place)
    stars += (10 ** place.logDensity * SQUARE_DEGREES) / count
    wiseMag += place.wiseLossMag / count
    for (let k = 0; k < 3; k++) factors[k] += place.gaiaFactors[k] / count
  })
  // Gaia DR3 lists 1.2e9 sources with G < 20 (Gaia Collaboration 2021, A&A 649, A1, figure 1); a smooth model is good to 0.2 dex.
  expect(stars).toBeGreaterThan(0.75e9)
  expect(stars).toBeLessThan(1.6e9)
  for (const factor of factors) expect(Math.abs(factor - 1)).toBeLessThan(0.02)
  expect(Math.abs(wiseMag)).toBeLessThan(0.02)
})

const place = createSkyPlace()
function isMapped(raDeg: number, decDeg: number): boolean {
  locateInto(raDeg, decDeg, place)
  return place.covered[surveyNames.indexOf('irac')] === 1
}

test('young clusters in clouds that Spitzer mapped are inside, the pole is not', () => {
  const names = [
    'Orion Nebula Cluster',
    'Chamaeleon I',
    'IC 348',
    'NGC 1333',
    'NGC 2068',
    'Serpens',
    'IC 5146',
    'NGC 2264',
  ]
  const regions = youngRegions.filter(({ name }) => names.includes(name))
  expect(regions).toHaveLength(names.length)
  for (const { name, raDeg, decDeg } of regions) expect(isMapped(raDeg, decDeg), name).toBe(true)
  // Clusters by their infrared sources: NGC 2024, L1641 N, rho Ophiuchi, the core of Serpens, W40, LkHa 101, R Coronae Australis, NGC 7023.
  for (const [ra, dec] of [
    [85.43, -1.9],
    [84.08, -6.37],
    [246.79, -24.4],
    [277.49, 1.22],
    [277.86, -2.08],
    [67.56, 35.28],
    [285.47, -36.95],
    [315.4, 68.17],
  ])
    expect(isMapped(ra, dec), `${ra}, ${dec}`).toBe(true)
  expect(isMapped(192.86, 27.13)).toBe(false)
})

/** A place of a row with its columns in degrees, or with a name of the kind J04034930+2610520. */
function placeOf(row: RealRow): readonly [number, number] | null {
  const [ra, dec] = [cell(row, '_RA'), cell(row, '_DE')]
  if (ra !== null && dec !== null) return [ra, dec]
  const digits = /^J(\d\d)(\d\d)(\d{4})([+-])(\d\d)(\d\d)(\d\d)/.exec(String(row.NAME ?? row.Name_2MASS))
  if (digits === null) return null
  const [hours, minutes, hundredths, degrees, arcmin, arcsec] = [1, 2, 3, 5, 6, 7].map(k => Number(digits[k]))
  const size = degrees + arcmin / 60 + arcsec / 3600
  return [15 * (hours + minutes / 60 + hundredths / 360_000), digits[4] === '-' ? -size : size]
}

// The first and the second list have members beyond the maps; the third is of what was found in them.
test.for([
  ['taurus_luhman2010_spitzer.csv', 0.82, 330],
  ['chamaeleon_luhman2007.csv', 0.82, 200],
  ['oph_yso_dunham2015_seds.csv', 0.93, 290],
] as const)('young stars of %s lie in the maps (needs ../shared/data)', async ([table, share, least], { skip }) => {
  if (!hasTable(table)) skip(whyPassedOver)
  const places = (await readTable(table)).map(placeOf).filter(at => at !== null)
  expect(places.length).toBeGreaterThanOrEqual(least)
  expect(places.filter(([ra, dec]) => isMapped(ra, dec)).length / places.length).toBeGreaterThan(share)
})

test('there are more stars in the plane, and no SDSS', () => {
  locateInto(192.86, 27.13, place)
  const atPole = place.logDensity
  locateInto(266.4, -28.9, place)
  expect(place.logDensity - atPole).toBeGreaterThan(1.5)
  expect(place.covered[surveyNames.indexOf('sdss')]).toBe(0)
})

test.each([
  [-1, 0],
  [361, 0],
  [10, 91],
  [Number.NaN, 0],
])('%d, %d is no place on the sky', (ra, dec) => {
  expect(() => locateInto(ra, dec, createSkyPlace())).toThrow(/is no place on the sky/)
})
