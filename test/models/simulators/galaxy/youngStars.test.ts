import { expect, test } from 'vitest'
import { associations } from '../../../../models/simulators/galaxy/associations.ts'
import { galacticOf, spaceVelocityKmS } from '../../../../models/simulators/galaxy/galacticFrame.ts'
import { drawStars, type GalaxyColumn } from '../../../../models/simulators/galaxy/starSource.ts'
import { youngRegions } from '../../../../models/simulators/galaxy/youngRegions.ts'
import { createYoungStars, type YoungStarsOptions } from '../../../../models/simulators/galaxy/youngStars.ts'

const N = 20_000

function drawn(options: YoungStarsOptions, count = N): (name: GalaxyColumn) => Float64Array {
  const stars = drawStars(createYoungStars(options), { seed: 81, first: 0, count })
  return name => {
    const found = stars.get(name)
    if (found === undefined) throw new Error(`no column ${name}`)
    return found
  }
}
const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length
const median = (values: Float64Array) => Float64Array.from(values).sort()[values.length >> 1]

test('there are the 27 associations of BANYAN Sigma, no two of a name', () => {
  expect(associations.length).toBe(27)
  const names = [...associations, ...youngRegions].map(g => g.name)
  expect(new Set(names).size).toBe(names.length)
})

for (const { name, center, covariance } of associations.filter(a =>
  ['beta Pictoris', 'Taurus', 'Hyades'].includes(a.name),
))
  test(`${name}: drawn places and motions have the mean and covariance of the table`, () => {
    const column = drawn({ groups: [name] })
    const [d, l, b] = (['distancePc', 'lDeg', 'bDeg'] as const).map(column)
    const rad = Math.PI / 180
    const xyz = [
      d.map((pc, i) => pc * Math.cos(b[i] * rad) * Math.cos(l[i] * rad)),
      d.map((pc, i) => pc * Math.cos(b[i] * rad) * Math.sin(l[i] * rad)),
      d.map((pc, i) => pc * Math.sin(b[i] * rad)),
    ]
    const six = [...xyz, column('uKmS'), column('vKmS'), column('wKmS')]
    const means = six.map(mean)
    const variance = (k: number) => covariance[k * 6 - (k * (k - 1)) / 2]
    for (let i = 0; i < 6; i++) {
      // Five sigma each.
      expect(Math.abs(means[i] - center[i])).toBeLessThan(5 * Math.sqrt(variance(i) / N))
      for (let j = i; j < 6; j++) {
        const published = covariance[i * 6 - (i * (i - 1)) / 2 + j - i]
        const found = six[i].reduce((sum, v, s) => sum + (v - means[i]) * (six[j][s] - means[j]), 0) / N
        const error = Math.sqrt((variance(i) * variance(j) + published ** 2) / N)
        expect(Math.abs(found - published)).toBeLessThan(5 * error)
      }
    }
  })

test('known members lie within their associations', () => {
  // beta Pic (Gaia EDR3 and Gontcharov 2006), TW Hya (Gaia DR2, rv of Torres+ 2006), AB Dor (Hipparcos 2007, Torres+ 2006).
  for (const [name, ra, dec, parallax, pmRa, pmDec, rv] of [
    ['beta Pictoris', 86.82118, -51.06651, 50.93, 4.65, 83.1, 20],
    ['TW Hydrae', 165.46627, -34.70473, 16.64, -68.39, -14.02, 12.7],
    ['AB Doradus', 82.1869, -65.4486, 65.9, 33.16, 150.83, 32.4],
  ] as const) {
    const association = associations.find(a => a.name === name)
    if (association === undefined) throw new Error(name)
    const { lDeg, bDeg } = galacticOf(ra, dec)
    const [l, b, d] = [(lDeg * Math.PI) / 180, (bDeg * Math.PI) / 180, 1000 / parallax]
    const six = [d * Math.cos(b) * Math.cos(l), d * Math.cos(b) * Math.sin(l), d * Math.sin(b)]
    six.push(...spaceVelocityKmS(ra, dec, d, pmRa, pmDec, rv))
    six.forEach((value, k) => {
      const sigma = Math.sqrt(association.covariance[k * 6 - (k * (k - 1)) / 2])
      expect(Math.abs(value - association.center[k]), `${name} ${k}`).toBeLessThan(3 * sigma)
    })
  }
})

test('regions are seen where, how far and how moving the table says', () => {
  for (const region of youngRegions) {
    const column = drawn({ groups: [region.name] }, 4000)
    expect(Math.abs(mean(column('raDeg')) - region.raDeg) * Math.cos((region.decDeg * Math.PI) / 180)).toBeLessThan(
      0.06,
    )
    expect(Math.abs(mean(column('decDeg')) - region.decDeg)).toBeLessThan(0.06)
    expect(mean(column('distancePc')) / region.distancePc).toBeCloseTo(1, 2)
    const kmSPerMas = (4.74 * region.distancePc) / 1000
    expect(Math.abs(mean(column('pmRaCosDecMasPerYr')) - region.pmRaCosDecMasPerYr) * kmSPerMas).toBeLessThan(0.2)
    expect(Math.abs(mean(column('pmDecMasPerYr')) - region.pmDecMasPerYr) * kmSPerMas).toBeLessThan(0.2)
    expect(Math.abs(mean(column('radialVelocityKmS')) - region.radialVelocityKmS)).toBeLessThan(0.2)
    expect(Math.abs(median(column('logAgeYr')) - Math.log10(region.ageMyr) - 6)).toBeLessThan(0.02)
    expect(Math.abs(median(column('avMag')) / region.avMag - 1)).toBeLessThan(0.15)
    const inside = column('decDeg').filter((dec, i) => {
      const east = (column('raDeg')[i] - region.raDeg) * Math.cos((region.decDeg * Math.PI) / 180)
      return Math.hypot(dec - region.decDeg, east) < region.halfRadiusDeg
    }).length
    expect(Math.abs(inside / 4000 - 0.5)).toBeLessThan(0.05)
  }
})

test('all groups together are drawn by their members, young and alive', () => {
  const source = createYoungStars()
  const column = drawn({})
  const members = [...associations, ...youngRegions].map(g => g.members)
  const total = members.reduce((a, b) => a + b, 0)
  source.names.forEach((name, g) => {
    const share = column('origin').filter(o => o === g).length / N
    const p = members[g] / total
    expect(Math.abs(share - p), name).toBeLessThan(5 * Math.sqrt(p / N))
  })
  expect(Math.min(...column('logAgeYr'))).toBeGreaterThanOrEqual(5.7)
  expect(Math.min(...column('avMag'))).toBeGreaterThanOrEqual(0)
  expect(Math.min(...column('logMassMsun'))).toBeGreaterThanOrEqual(-1 - 1e-9)
  // Heavier stars than this have died in the Hyades.
  expect(Math.max(...drawn({ groups: ['Hyades'], ageSpreadDex: 0 }, 5000)('logMassMsun'))).toBeLessThan(Math.log10(3.2))
})

test('options that cannot be are refused in one sentence each', () => {
  expect(() => createYoungStars({ groups: ['Atlantis'] })).toThrow('Atlantis is no group; there are 118 Tau')
  expect(() => createYoungStars({ groups: [] })).toThrow('no group is wanted')
  expect(() => createYoungStars({ ageSpreadDex: -1 })).toThrow('an age spread of -1 dex')
  expect(() => createYoungStars({ leastMsun: 5 })).toThrow('a least mass of 5 Msun')
})
