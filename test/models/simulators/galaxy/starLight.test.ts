import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { starLight } from '../../../../models/simulators/galaxy/starLight.ts'
import { type PassbandName, passbandIndices } from '../../../../models/simulators/photosphere/passbands.ts'
import { createSyntheticPhotometry } from '../../../../models/simulators/photosphere/syntheticPhotometry.ts'
import { starFamilies } from '../../../../models/simulators/tracks/starFamilies.ts'
import { createStarTracks } from '../../../../models/simulators/tracks/starTracks.ts'

const familyOf = (name: string) => starFamilies.findIndex(family => family.name === name)
const light = starLight('gMag')
const tracks = createStarTracks()
const state = new Float64Array(3)
const ages = Array.from({ length: 45 }, (_, k) => 5.7 + 0.1 * k)
const fehs = [-2.6, -2.2, -1.7, -0.5, -0.33, 0, 0.17, 0.22, 0.5]

test('the heaviest star lives and a heavier one does not, at any age and abundance', () => {
  let mortal = 0
  for (const age of ages)
    for (const feh of fehs) {
      const heaviest = light.heaviestLogMass(age, feh)
      const inside = Math.min(0.22, Math.max(-2.2, feh))
      const isAlive = (logMass: number) =>
        tracks.starInto(age, logMass, inside, familyOf(logMass < Math.log10(6) ? 'parsec12' : 'hurley2000'), state) >= 0
      expect(isAlive(heaviest - 1e-9), `${age} ${feh}`).toBe(true)
      if (heaviest === Math.log10(40)) continue
      mortal++
      for (let k = 0; k < 40; k++)
        expect(isAlive(heaviest + 1e-9 + (k / 40) * (Math.log10(40) - heaviest)), `${age} ${feh}`).toBe(false)
    }
  expect(mortal).toBeGreaterThan(300)
})

for (const [band, limit, coolLimit] of [
  ['gMag', 0.05, 0.05],
  ['ksMag', 0.003, 0.003],
  ['johnsonVMag', 0.05, 0.08],
] as const satisfies readonly (readonly [PassbandName, number, number])[])
  test(`${band} of a star is what its track and its spectrum say`, () => {
    const photometry = createSyntheticPhotometry()
    const indices = passbandIndices([band])
    const out = new Float64Array(1)
    const rng = createRng(32)
    let hot = 0
    let giants = 0
    for (let i = 0; i < 3000; i++) {
      const logAge = 5.7 + 4.4 * rng.uniform()
      const feh = 2.42 * rng.uniform() - 2.2
      const most = starLight(band).heaviestLogMass(logAge, feh)
      const least = logAge > 9 ? Math.log10(0.104) : -1
      // Half of them near the end of their lives, where giants are.
      const logMass = i % 2 === 0 ? least + (most - least) * rng.uniform() : most - 0.01 * rng.uniform()
      const av = 60 * rng.uniform() ** 3
      const family = familyOf(logMass < Math.log10(6) ? 'parsec12' : 'hurley2000')
      const star = tracks.star(logAge, 10 ** logMass, feh, family)
      if (star === undefined) throw new Error(`no star of 10^${logMass} Msun, 10^${logAge} yr`)
      const teff = 10 ** star.logTeffK
      if (teff > 100_000) continue
      if (teff > 20_000) hot++
      if (star.loggDex < 2) giants++
      const logg = Math.max(-1, star.loggDex)
      const radius = 10 ** star.logRadiusRsun
      expect(photometry.magnitudesOfNumbers('btSettl', teff, logg, feh, radius, 10, av, 3.1, 'g23', indices, out)).toBe(
        true,
      )
      const said = starLight(band).magnitudeAt(logMass, logAge, feh, av)
      expect(Math.abs(said - out[0]), `${teff} K, A_V ${av}`).toBeLessThan(teff < 3000 ? coolLimit : limit)
    }
    expect(hot).toBeGreaterThan(100)
    expect(giants).toBeGreaterThan(100)
  })

test('the Sun and stars of type O are as bright as they are', () => {
  const atV = (massMsun: number, logAge: number) =>
    starLight('johnsonVMag').magnitudeAt(Math.log10(massMsun), logAge, 0, 0)
  const sunLogAge = Math.log10(4.57e9)
  // Willmer 2018: 4.81; Casagrande & VandenBerg 2018: G 4.67.
  expect(Math.abs(atV(1, sunLogAge) - 4.81)).toBeLessThan(0.05)
  expect(Math.abs(light.magnitudeAt(0, sunLogAge, 0, 0) - 4.67)).toBeLessThan(0.05)
  // Martins+ 2005, A&A 436, 1049, table 1: dwarfs of type O5, O8 and O9, at half of their lives here.
  for (const [massMsun, ageMyr, published] of [
    [37.28, 2.3, -5.21],
    [21.95, 4, -4.34],
    [17.98, 5, -4.05],
  ])
    expect(Math.abs(atV(massMsun, Math.log10(ageMyr) + 6) - published), `${massMsun} Msun`).toBeLessThan(0.3)
})

test('where nothing is known a star is dark', () => {
  expect(light.magnitudeAt(Math.log10(0.09), 9, 0, 0)).toBe(Number.POSITIVE_INFINITY)
  expect(light.magnitudeAt(Math.log10(41), 6, 0, 0)).toBe(Number.POSITIVE_INFINITY)
  expect(light.magnitudeAt(Math.log10(5), 9.5, 0, 0)).toBe(Number.POSITIVE_INFINITY)
  expect(light.magnitudeAt(0, 9, 0, 61)).toBe(Number.POSITIVE_INFINITY)
  // Beyond the abundances of the tracks a star shines like the nearest.
  expect(light.magnitudeAt(-0.15, 10.09, -3, 0)).toBe(light.magnitudeAt(-0.15, 10.09, -2.2, 0))
  expect(() => starLight('yMag' as 'gMag')).toThrow('there is no band yMag')
})

test('where one family of tracks gives way to the other stars do not jump', () => {
  const edge = Math.log10(6)
  for (let logAge = 5.9; logAge < 7.75; logAge += 0.05) {
    const step = light.magnitudeAt(edge + 1e-9, logAge, 0, 0) - light.magnitudeAt(edge - 1e-9, logAge, 0, 0)
    expect(Math.abs(step), `${logAge}`).toBeLessThan(0.25)
  }
})
