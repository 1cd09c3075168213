import { ang2pix_nest } from '@hscmap/healpix'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergedRanges } from '../../../schemas/filters/skyRanges.ts'
import { parseFilter, rangesHold, SKY_ORDER, skyCell } from '../../../schemas/index.ts'
import { makePosterior } from '../../ops/starRecords.ts'

const RAD = Math.PI / 180
const star = makePosterior('gaiaDr3:1', 0.9)
const none = () => null
const raDeg = fc.double({ min: 0, max: 360, noNaN: true })
/** Even on the sky. */
const decDeg = fc.double({ min: -1, max: 1, noNaN: true }).map(z => Math.asin(z) / RAD)
const spot = fc.tuple(raDeg, decDeg)
/** Away from the meridians that part the polar caps, which the library takes for the poles, and from these, where all meridians meet. */
const plainSpot = spot.filter(([ra, dec]) => Math.abs(ra / 90 - Math.round(ra / 90)) > 1e-6 && Math.abs(dec) < 89.999)

/** Vincenty's formula for a sphere: exact at all separations. */
function separationDeg(ra1: number, dec1: number, ra2: number, dec2: number): number {
  const [a, b, d] = [dec1 * RAD, dec2 * RAD, (ra2 - ra1) * RAD]
  const x = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(d)
  const y = Math.cos(b) * Math.sin(d)
  return Math.atan2(Math.hypot(x, y), Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(d)) / RAD
}

/** Nested cell between the polar caps, by the published algorithm in whole numbers (Gorski et al. 2005). */
function equatorialCell(ra: number, z: number): bigint {
  const nside = 2 ** SKY_ORDER
  const turn = ra / 90
  const jp = Math.floor(nside * (0.5 + turn - 0.75 * z))
  const jm = Math.floor(nside * (0.5 + turn + 0.75 * z))
  const [fp, fm] = [Math.floor(jp / nside), Math.floor(jm / nside)]
  const face = fp === fm ? (fp % 4) + 4 : fp < fm ? fp % 4 : (fm % 4) + 8
  let cell = BigInt(face)
  const bit = (value: number, at: number) => BigInt(Math.floor(value / 2 ** at) % 2)
  const [x, y] = [jm % nside, nside - (jp % nside) - 1]
  for (let at = SKY_ORDER - 1; at >= 0; at--) cell = 4n * cell + 2n * bit(y, at) + bit(x, at)
  return cell
}

test('a cell is that of the library, and down to the last bit that of the published algorithm', () => {
  fc.assert(
    fc.property(plainSpot, ([ra, dec]) => {
      const coarse = ang2pix_nest(2 ** 15, (90 - dec) * RAD, ra * RAD)
      expect(Math.floor(skyCell(ra, dec) / 4 ** (SKY_ORDER - 15))).toBe(coarse)
    }),
    { seed: 89 },
  )
  const inner = fc.tuple(fc.integer({ min: 0, max: 35999 }), fc.integer({ min: -650, max: 650 }))
  fc.assert(
    fc.property(inner, ([centi, milli]) => {
      // Away from the borders of the finest cells, where rounding decides.
      const ra = centi / 100 + 0.003141
      const dec = Math.asin(milli / 1000 + 0.000271) / RAD
      expect(BigInt(skyCell(ra, dec))).toBe(equatorialCell(ra, Math.sin(dec * RAD)))
    }),
    { seed: 97 },
  )
})

test('on the meridians that part the polar caps, and at the poles, a cell is that of astropy-healpix 2.0.1', () => {
  const decs = [89.5, 77.16, 60, 42, -42, -60, -77.16, -89.5]
  const cells = [
    [281456633965311, 263796869214191, 206690732473279, 187651410816750],
    [2439446945473058, 2401368302160000, 2287156028678176, 2251836499175936],
    [562931610675967, 545271845924847, 488165709183935, 469126387527406],
    [2720921922183714, 2682843278870656, 2568631005388832, 2533311475886592],
    [844406587386623, 826746822635503, 769640685894591, 750601364238062],
    [3002396898894370, 2964318255581312, 2850105982099488, 2814786452597248],
    [1125881564097279, 1108221799346159, 1051115662605247, 1032076340948718],
    [3283871875605026, 3245793232291968, 3131580958810144, 3096261429307904],
  ]
  const found = [0, 90, 180, 270].flatMap(ra => decs.map(dec => skyCell(ra, dec)))
  expect(found).toEqual(cells.flat())
  const poles = [skyCell(0, 90), skyCell(0, -90), skyCell(123, 90), skyCell(123, -90)]
  expect(poles).toEqual([281474976710655, 2251799813685248, 562949953421311, 2533274790395904])
})

test('a cone holds what is no farther than its radius, and its cells hold all of that', () => {
  const radius = fc.oneof(fc.double({ min: 0, max: 180, noNaN: true }), fc.double({ min: 1e-4, max: 3, noNaN: true }))
  /** Near the edge of the cone, where mistakes are. */
  const near = fc.tuple(
    fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
    fc.double({ min: 0, max: 1.5, noNaN: true }),
  )
  fc.assert(
    fc.property(spot, radius, fc.oneof(spot, near), fc.boolean(), ([ra, dec], radiusDeg, [a, b], isNear) => {
      const [ra2, dec2] = isNear
        ? [
            (((ra + (radiusDeg * b * Math.cos(a)) / Math.max(0.01, Math.cos(dec * RAD))) % 360) + 360) % 360,
            dec + radiusDeg * b * Math.sin(a),
          ]
        : [((a % 360) + 360) % 360, b]
      if (!(dec2 >= -90 && dec2 <= 90)) return
      const separation = separationDeg(ra, dec, ra2, dec2)
      if (Math.abs(separation - radiusDeg) < 1e-7) return
      const cone = parseFilter({ where: `within ${radiusDeg} deg of ${ra} ${dec}`, moc: null, watchlist: [] })
      const isIn = separation < radiusDeg
      expect(cone.matches({ ...star, raDeg: ra2, decDeg: dec2 }, none)).toBe(isIn)
      if (isIn) expect(rangesHold(cone.cells ?? [], skyCell(ra2, dec2))).toBe(true)
      expect(cone.cells?.length).toBeLessThan(400)
    }),
    { seed: 101, numRuns: 500 },
  )
})

const cellSets = fc.array(
  fc.integer({ min: 0, max: 6 }).chain(order => fc.tuple(fc.constant(order), fc.nat(12 * 4 ** order - 1))),
  { minLength: 1, maxLength: 30 },
)

test('a MOC, as ASCII and as JSON, holds the stars whose cell it lists', () => {
  fc.assert(
    fc.property(cellSets, fc.array(plainSpot, { minLength: 20, maxLength: 20 }), (cells, spots) => {
      const ascii = cells.map(([order, cell]) => `${order}/${cell}`).join(' ')
      const byOrder: Record<string, number[]> = {}
      for (const [order, cell] of cells) byOrder[order] = [...(byOrder[order] ?? []), cell]
      const filters = [ascii, `${ascii}\n29/`, JSON.stringify(byOrder)].map(moc =>
        parseFilter({ where: '', moc, watchlist: [] }),
      )
      for (const [ra, dec] of spots) {
        const isIn = cells.some(([order, cell]) => ang2pix_nest(2 ** order, (90 - dec) * RAD, ra * RAD) === cell)
        for (const one of filters) {
          expect(one.matches({ ...star, raDeg: ra, decDeg: dec }, none)).toBe(isIn)
          expect(rangesHold(one.cells ?? [], skyCell(ra, dec))).toBe(isIn)
        }
      }
    }),
    { seed: 103 },
  )
})

test('ranges of a MOC are cells, and those that touch are one', () => {
  const cells = (moc: string) => parseFilter({ where: '', moc, watchlist: [] }).cells
  expect(cells('0/0-11')).toEqual([{ from: 0, to: 12 * 4 ** SKY_ORDER }])
  expect(cells('1/4,5-6 7')).toEqual(cells('0/1'))
  expect(cells('2/3 1/0')).toEqual(cells('1/0'))
  expect(cells('24/5')).toEqual([{ from: 5, to: 6 }])
  expect(mergedRanges([])).toEqual([])
})

test('a cone and a MOC leave what they share', () => {
  const both = parseFilter({ where: 'within 1 deg of 45 0', moc: '0/4', watchlist: [] })
  const only = parseFilter({ where: 'within 1 deg of 45 0', moc: '0/7', watchlist: [] })
  // The cell 4 of order 0 is centred on right ascension 0, and 5 on 90.
  expect(both.cells).not.toBeNull()
  expect(only.cells).toEqual([])
})

for (const [moc, at] of [
  ['4/30-', 5],
  ['30', 1],
  ['4/3072', 3],
  ['4/3-2', 3],
  ['30/1', 1],
  ['25/1', 4],
  ['4/ x', 3],
  ['', 1],
  ['29/', 1],
  ['{"4":[1', 1],
  ['{"x":[1]}', 2],
  ['{"4":1}', 2],
  ['{"4":["1"]}', 2],
  ['{"4":[0.5]}', 2],
  [`6/${'1,'.repeat(20_001)}`, 40_002],
  [' '.repeat(200_001), 200_001],
] as const) {
  test(`the MOC ${JSON.stringify(moc.slice(0, 20))} is refused at character ${at}`, () => {
    expect(() => parseFilter({ where: '', moc, watchlist: [] })).toThrow(
      expect.objectContaining({ code: 'FILTER_INVALID', detail: { part: 'MOC', character: at } }),
    )
  })
}
