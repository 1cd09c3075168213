import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { createMilkyWay, type MilkyWayOptions } from '../../../../models/simulators/galaxy/milkyWay.ts'
import { coneAreaSr } from '../../../../models/simulators/galaxy/skyTiles.ts'
import { starLight } from '../../../../models/simulators/galaxy/starLight.ts'
import {
  drawStars,
  type GalaxyColumn,
  galaxySlot,
  galaxySlotCount,
} from '../../../../models/simulators/galaxy/starSource.ts'

const DEG2_PER_SR = (180 / Math.PI) ** 2
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0)

function perDeg2(options: MilkyWayOptions): number {
  const cone = options.cone ?? { lDeg: 0, bDeg: 90, radiusDeg: 180 }
  return sum(createMilkyWay(options).expectedStars()) / (coneAreaSr(cone) * DEG2_PER_SR)
}

function column(columns: ReadonlyMap<GalaxyColumn, Float64Array>, name: GalaxyColumn): Float64Array {
  const found = columns.get(name)
  if (found === undefined) throw new Error(`no column ${name}`)
  return found
}

test('over the whole sky there are as many stars as catalogues count', () => {
  // Tycho-2 and UCAC4 to 6, 10, 12 and 14 mag of their own V and f (Zacharias+ 2013); bright stars are those of Tycho-2 in V, f is nearer to
  // G. Gaia DR3 publishes 219 million spectra, nearly all those brighter than G = 17.65; Robin+ 2012 expect 1.1e9 stars to G = 20.
  for (const [band, limit, published, low, high] of [
    ['johnsonVMag', 6, 5326, 0.7, 1.5],
    ['gMag', 6, 5326, 0.7, 1.5],
    ['johnsonVMag', 10, 382_925, 0.7, 1.5],
    ['gMag', 10, 382_925, 0.7, 1.5],
    ['gMag', 12, 2_955_951, 0.7, 1.5],
    ['gMag', 14, 17_214_116, 0.7, 1.5],
    ['gMag', 17.65, 219_197_643, 0.9, 1.6],
    ['gMag', 20, 1.1e9, 0.7, 1.5],
  ] as const) {
    const ratio = sum(createMilkyWay({ limitMag: limit, band }).expectedStars()) / published
    expect(ratio, `to ${limit}`).toBeGreaterThan(low)
    expect(ratio, `to ${limit}`).toBeLessThan(high)
  }
}, 400_000)

test('at high latitude, towards the inner disk and in the infrared counts are those published', () => {
  // Chen+ 2001: 5.8e5 stars brighter than g' = 21, about G = 20.4, in 279 square degrees at 49 < |b| < 64.
  const high = perDeg2({ cone: { lDeg: 100, bDeg: -57, radiusDeg: 5 }, limitMag: 20.4 })
  expect(high / (5.8e5 / 279)).toBeGreaterThan(0.6)
  expect(high / (5.8e5 / 279)).toBeLessThan(1.3)
  // Arenou+ 2018: sources of Gaia DR2 (to about G = 21; galaxies too) in two fields.
  const sparse = perDeg2({ cone: { lDeg: 260, bDeg: -60, radiusDeg: 5 }, limitMag: 21 })
  expect(sparse / (250_092 / (Math.PI * 25))).toBeGreaterThan(0.5)
  expect(sparse / (250_092 / (Math.PI * 25))).toBeLessThan(1.2)
  const dense = perDeg2({ cone: { lDeg: 330, bDeg: -4, radiusDeg: 0.5 }, limitMag: 21 })
  expect(dense / (456_142 / (Math.PI * 0.25))).toBeGreaterThan(0.6)
  expect(dense / (456_142 / (Math.PI * 0.25))).toBeLessThan(1.7)
  // 2MASS: log density of stars with Ks < 14 is about 3.2, 3.6 and 4.0 at |b| = 25, 10 and 5 (Jarrett 2002).
  for (const [b, log] of [
    [25, 3.2],
    [10, 3.6],
    [5, 4],
  ]) {
    const found = perDeg2({ cone: { lDeg: 90, bDeg: b, radiusDeg: 1 }, limitMag: 14, band: 'ksMag' })
    expect(Math.abs(Math.log10(found) - log), `b ${b}`).toBeLessThan(0.35)
  }
})

for (const [name, options] of [
  ['the pole', { cone: { lDeg: 0, bDeg: 90, radiusDeg: 5 }, limitMag: 17 }],
  ['the plane', { cone: { lDeg: 30, bDeg: 0, radiusDeg: 2 }, limitMag: 17 }],
  ['the bulge', { cone: { lDeg: 1, bDeg: -3.9, radiusDeg: 0.5 }, limitMag: 19 }],
  ['the whole sky', { limitMag: 9 }],
] as const) {
  test(`at ${name} drawn stars are spread over the components as the integral says, within the limits`, () => {
    const sky = createMilkyWay(options)
    const expected = sky.expectedStars()
    const total = sum(expected)
    const n = 6000
    const stars = drawStars(sky, { seed: 72, first: 0, count: n })
    const origins = column(stars, 'origin')
    sky.names.forEach((component, c) => {
      const share = origins.filter(o => o === c).length / n
      const p = expected[c] / total
      // Five sigma of the draw, and 10 per cent of the component for both quadratures.
      expect(Math.abs(share - p), component).toBeLessThan(5 * Math.sqrt(p / n) + 0.1 * p)
    })
    expect(sky.tally.overshoots / sky.tally.proposals).toBeLessThan(1e-3)
    const light = starLight('gMag')
    for (let i = 0; i < n; i++) {
      const [mass, age] = [column(stars, 'logMassMsun')[i], column(stars, 'logAgeYr')[i]]
      const magnitude = light.magnitudeAt(mass, age, column(stars, 'fehDex')[i], column(stars, 'avMag')[i])
      const distance = column(stars, 'distancePc')[i]
      expect(magnitude + 5 * Math.log10(distance / 10)).toBeLessThanOrEqual(options.limitMag)
      if (name === 'the pole') expect(column(stars, 'bDeg')[i]).toBeGreaterThanOrEqual(85)
    }
    for (const [key, values] of stars) expect(values.every(Number.isFinite), key).toBe(true)
  })
}

test('one star drawn alone fills every place', () => {
  const sky = createMilkyWay({ limitMag: 10 })
  const out = new Float64Array(galaxySlotCount).fill(Number.NaN)
  sky.drawInto(createRng(74), out)
  expect(out.every(Number.isFinite)).toBe(true)
  expect(out[galaxySlot.parallaxMas] * out[galaxySlot.distancePc]).toBeCloseTo(1000, 9)
})

test('star i is the same in any batch, and another seed gives other stars', () => {
  const options = { cone: { lDeg: 120, bDeg: 20, radiusDeg: 3 }, limitMag: 16 }
  const rows = (seed: number, first: number, count: number) => {
    const columns = [...drawStars(createMilkyWay(options), { seed, first, count }).values()]
    return Array.from({ length: count }, (_, i) => columns.map(c => c[i]).join(' '))
  }
  const whole = rows(5, 0, 60)
  expect([...rows(5, 0, 17), ...rows(5, 17, 43)]).toEqual(whole)
  expect(rows(6, 0, 60)).not.toEqual(whole)
})

test('proper motions show the Sun on its way: stars drift away from the apex and stream past as the disk lags', () => {
  const stars = drawStars(createMilkyWay({ limitMag: 8, farthestPc: 200 }), { seed: 73, first: 0, count: 5000 })
  const mean = (['uKmS', 'vKmS', 'wKmS'] as const).map(name => sum(column(stars, name)) / 5000)
  // Dehnen & Binney 1998, stars of the whole main sequence near the Sun: -10, -(5 + drift of 5 to 25), -7.
  expect(Math.abs(mean[0] + 11.1)).toBeLessThan(2.5)
  expect(mean[1]).toBeLessThan(-14)
  expect(mean[1]).toBeGreaterThan(-30)
  expect(Math.abs(mean[2] + 7.25)).toBeLessThan(1.5)
})

test('options that cannot be are refused in one sentence each', () => {
  const cone = { lDeg: 0, bDeg: 0, radiusDeg: 1 }
  const cases: readonly (readonly [MilkyWayOptions, string])[] = [
    [{ limitMag: Number.NaN }, 'limitMag NaN is not between 0 and 25'],
    [{ limitMag: 12, cone: { ...cone, radiusDeg: 200 } }, "the cone's radius of 200 degrees is not above 0"],
    [{ limitMag: 12, cone: { ...cone, bDeg: 95 } }, 'l 0, b 95 is no place on the sky'],
    [{ limitMag: 12, nearestPc: 500, farthestPc: 100 }, 'the distances run backwards, from 500 to 100 pc'],
    [{ limitMag: 12, nearestPc: 0.1 }, 'distances 0.1 to 100000 pc are not within'],
    [{ limitMag: 12, band: 'yMag' as 'gMag' }, 'yMag is no band; there are gMag, bpMag'],
    [{ limitMag: 12, components: ['bulgy'] }, 'bulgy is no component; there are thinDisk1'],
    [{ limitMag: 12, components: [] }, 'no component is wanted'],
    [{ limitMag: 0, cone, nearestPc: 90_000 }, 'no star brighter than 0 in gMag lies in the cone'],
  ]
  for (const [options, sentence] of cases) expect(() => createMilkyWay(options)).toThrow(sentence)
  expect(() => drawStars(createMilkyWay({ limitMag: 6 }), { seed: 1, first: 0, count: -1 })).toThrow('count -1')
})
