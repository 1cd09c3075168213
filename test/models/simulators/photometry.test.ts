import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  type Atmosphere,
  atmospheres,
  type Band,
  bands,
  createPhotometry,
} from '../../../models/simulators/photometry.ts'
import { logRadiusRsun, packageFile, SUN_TEFF_K } from '../../../schemas/index.ts'

const photometry = createPhotometry()
const sun = { logTeffK: Math.log10(SUN_TEFF_K), logRadiusRsun: 0, loggDex: 4.438, fehDex: 0, avMag: 0, rv: 3.1 }

function magnitudes(star: typeof sun, atmosphere: Atmosphere = 'kurucz'): (band: Band) => number {
  const found = photometry.magnitudes(star, atmosphere)
  if (found === undefined) throw new Error('outside the tables')
  return band => found.get(band) ?? 99
}

interface GoldenStar {
  readonly atmosphere: string
  readonly teffK: number
  readonly loggDex: number
  readonly avMag: number
  readonly rv: number
  readonly magnitudes: Record<Band, number>
}
const golden = JSON.parse(
  readFileSync(packageFile('test', 'golden', 'simulators', 'photometryGolden.json'), 'utf8'),
) as { readonly stars: readonly GoldenStar[] }

const asStar = (g: GoldenStar, avMag = g.avMag) => ({
  logTeffK: Math.log10(g.teffK),
  logRadiusRsun: 0,
  loggDex: g.loggDex,
  fehDex: 0,
  avMag,
  rv: g.rv,
})
const family = (g: GoldenStar): Atmosphere => (g.atmosphere === 'kurucz' ? 'kurucz' : 'btSettl')

test('magnitudes of unreddened spectra agree with sedpy to 0.002 mag in every band', () => {
  for (const g of golden.stars.filter(s => s.avMag === 0)) {
    const got = magnitudes(asStar(g), family(g))
    for (const band of bands)
      expect(Math.abs(got(band) - g.magnitudes[band]), `${g.atmosphere} ${g.teffK} ${band}`).toBeLessThan(0.002)
  }
})

test('extinctions agree with dust_extinction applied to the spectrum to 0.8% and 0.003 mag', () => {
  for (const g of golden.stars.filter(s => s.avMag > 0)) {
    const bare = magnitudes(asStar(g, 0), family(g))
    const got = magnitudes(asStar(g), family(g))
    const reference = golden.stars.find(s => s.avMag === 0 && s.teffK === g.teffK && s.atmosphere === g.atmosphere)
    for (const band of bands) {
      const expected = g.magnitudes[band] - (reference?.magnitudes[band] ?? 0)
      const where = `${g.atmosphere} ${g.teffK} A_V ${g.avMag} ${band}`
      expect(Math.abs(got(band) - bare(band) - expected), where).toBeLessThan(0.008 * expected + 0.003)
    }
  }
})

test.each(atmospheres)('the Sun has its known magnitudes and colours with %s spectra', atmosphere => {
  const m = magnitudes(sun, atmosphere)
  // Willmer 2018 and Casagrande & VandenBerg 2018: G 4.67, BP-RP 0.82, J-Ks 0.36, Ks 3.27.
  expect(Math.abs(m('gMag') - 4.67)).toBeLessThan(0.03)
  expect(Math.abs(m('bpMag') - m('rpMag') - 0.82)).toBeLessThan(0.04)
  expect(Math.abs(m('jMag') - m('ksMag') - 0.36)).toBeLessThan(0.04)
  expect(Math.abs(m('ksMag') - 3.27)).toBeLessThan(0.05)
  expect(Math.abs(m('ksMag') - m('w1Mag'))).toBeLessThan(0.06)
})

// Teff, log g, log L, and M_J, M_H, M_K of the published BHAC15 isochrones, which use BT-Settl too.
test.each([
  [2936, 3.44, -1.17, 5.65, 5.08, 4.82],
  [3428, 3.49, -0.48, 4.13, 3.34, 3.14],
  [4377, 3.67, 0.28, 2.55, 1.88, 1.75],
  [3409, 4.87, -1.87, 7.62, 7.01, 6.76],
  [4826, 4.64, -0.61, 4.91, 4.38, 4.27],
])('a star of %d K and log g %d has the magnitudes published with BHAC15 within 0.1', (teffK, logg, logL, j, h, k) => {
  const logTeffK = Math.log10(teffK)
  const star = { ...sun, logTeffK, loggDex: logg, logRadiusRsun: logRadiusRsun(logL, logTeffK) }
  const m = magnitudes(star, 'btSettl')
  expect(Math.abs(m('jMag') - j)).toBeLessThan(0.1)
  expect(Math.abs(m('hMag') - h)).toBeLessThan(0.1)
  expect(Math.abs(m('ksMag') - k)).toBeLessThan(0.1)
})

test('extinction dims every band, the bluer the more, and never less with more dust', () => {
  for (const teffK of [3000, 4500, 9000, 20000]) {
    const star = { ...sun, logTeffK: Math.log10(teffK), loggDex: 4 }
    let before = magnitudes(star)
    for (let av = 0.25; av <= 25; av += 0.25) {
      const after = magnitudes({ ...star, avMag: av })
      expect(bands.filter(band => after(band) <= before(band))).toEqual([])
      before = after
    }
    const bare = magnitudes(star)
    const reddened = magnitudes({ ...star, avMag: 3 })
    const falling = (['bpMag', 'gMag', 'rpMag', 'jMag', 'hMag', 'ksMag', 'w1Mag', 'w2Mag'] as const).map(
      band => reddened(band) - bare(band),
    )
    expect(falling).toEqual([...falling].sort((a, b) => b - a))
  }
})

test('A_G over A_V falls as dust reddens the light inside the band', () => {
  const ratio = (avMag: number) => (magnitudes({ ...sun, avMag })('gMag') - magnitudes(sun)('gMag')) / avMag
  expect(ratio(1)).toBeGreaterThan(ratio(5) + 0.03)
  expect(ratio(5)).toBeGreaterThan(ratio(15) + 0.03)
})

test('twice the radius is 1.505 mag brighter in every band', () => {
  const small = magnitudes(sun)
  const large = magnitudes({ ...sun, logRadiusRsun: Math.log10(2) })
  for (const band of bands) expect(small(band) - large(band)).toBeCloseTo(5 * Math.log10(2), 6)
})

test('below 3900 K both families are BT-Settl, above 4300 K they differ', () => {
  const at = (teffK: number, a: Atmosphere) => magnitudes({ ...sun, logTeffK: Math.log10(teffK) }, a)('bpMag')
  expect(at(3800, 'kurucz')).toBe(at(3800, 'btSettl'))
  expect(Math.abs(at(4500, 'kurucz') - at(4500, 'btSettl'))).toBeGreaterThan(0.001)
})

test('outside the tables there are no magnitudes', () => {
  for (const change of [
    { logTeffK: 3.2 },
    { logTeffK: 4.7 },
    { loggDex: 6 },
    { fehDex: 0.5 },
    { avMag: 31 },
    { avMag: -0.1 },
    { rv: 6 },
  ])
    expect(photometry.magnitudes({ ...sun, ...change }, 'btSettl')).toBeUndefined()
})
