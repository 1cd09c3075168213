import { expect, test } from 'vitest'
import { legacyImaging } from '../../../../models/simulators/surveys/footprints.ts'
import { createSkyPlace, locateInto } from '../../../../models/simulators/surveys/skyPlace.ts'
import { surveyNames } from '../../../../models/simulators/surveys/surveyFacts.ts'

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
  // The mapped clouds: some 100 square degrees, half of it Taurus.
  expect(areaOf('irac')).toBeGreaterThan(60)
  expect(areaOf('irac')).toBeLessThan(150)
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

test('clouds that Spitzer mapped are inside, the pole is not, and there are more stars in the plane', () => {
  const place = createSkyPlace()
  const irac = surveyNames.indexOf('irac')
  locateInto(246.8, -24.4, place)
  expect(place.covered[irac]).toBe(1)
  locateInto(192.86, 27.13, place)
  expect(place.covered[irac]).toBe(0)
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
