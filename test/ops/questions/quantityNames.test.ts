import { expect, test } from 'vitest'
import { spectrumNames } from '../../../models/index.ts'
import { findAsked, findLeftOut, findQuantity, unitOf } from '../../../ops/questions/quantityNames.ts'
import { quantities, quantity } from '../../../schemas/index.ts'

test('every parameter, derived quantity and modelled observable goes by its own name', () => {
  const unknown = ['pmRaCosDecMasPerYr', 'pmDecMasPerYr']
  for (const { name, unit } of quantities.filter(one => !unknown.includes(one.name))) {
    expect(findQuantity(name)).toEqual({ name, quantity: name, offsetDex: null })
    expect(unitOf(findQuantity(name))).toBe(unit)
  }
})

test('a name in a linear unit means the logarithm of the vocabulary in that unit', () => {
  const expected = [
    ['ageYr', 'logAgeYr', 0, 'yr'],
    ['ageMyr', 'logAgeYr', 6, 'Myr'],
    ['ageGyr', 'logAgeYr', 9, 'Gyr'],
    ['massMsun', 'logMassMsun', 0, 'solMass'],
    ['teffK', 'logTeffK', 0, 'K'],
    ['luminosityLsun', 'logLuminosityLsun', 0, 'solLum'],
    ['distancePc', 'logDistancePc', 0, 'pc'],
    ['distanceKpc', 'logDistancePc', 3, 'kpc'],
    ['radiusRsun', 'logRadiusRsun', 0, 'solRad'],
  ] as const
  for (const [name, base, offsetDex, unit] of expected) {
    expect(findQuantity(name)).toEqual({ name, quantity: base, offsetDex })
    expect(unitOf(findQuantity(name))).toBe(unit)
    expect(quantity(base).unit).toMatch(/^dex\(/)
  }
})

test('short names and any case are understood', () => {
  for (const [text, name] of [
    ['LOGAGE', 'logAgeYr'],
    ['mass', 'massMsun'],
    ['Teff', 'teffK'],
    ['logg', 'loggDex'],
    ['feh', 'fehDex'],
    ['G', 'gMag'],
    ['Ks', 'ksMag'],
    ['distance', 'distancePc'],
  ] as const) {
    expect(findQuantity(text).name).toBe(name)
  }
})

test('surveys are left out by any of their names, bands by theirs', () => {
  const wise = ['w1Mag', 'w2Mag', 'w3Mag', 'w4Mag']
  for (const text of ['WISE', 'allWise', 'AllWISE']) expect(findLeftOut(text)).toEqual(wise)
  for (const text of ['2MASS', 'twoMass']) expect(findLeftOut(text)).toEqual(['jMag', 'hMag', 'ksMag'])
  for (const text of ['Gaia', 'gaiaDr3', 'gaiaDr2']) expect(findLeftOut(text)).toHaveLength(4)
  expect(findLeftOut('parallax')).toEqual(['parallaxMas'])
  expect(findAsked('WISE').map(({ name }) => name)).toEqual(wise)
})

test('spectra are left out by instrument or all at once, and cannot be asked for', () => {
  for (const text of ['BOSS', 'sdss', 'bossSpectrum']) expect(findLeftOut(text)).toEqual(['bossSpectrum'])
  expect(findLeftOut('LAMOST')).toEqual(['lamostLrsSpectrum', 'lamostMrsSpectrum'])
  for (const text of ['XP', 'gaiaXp']) expect(findLeftOut(text)).toEqual(['bpSpectrum', 'rpSpectrum'])
  expect(findLeftOut('spectra')).toEqual(spectrumNames)
  expect(() => findLeftOut('APOGE')).toThrow('APOGEE')
  expect(() => findAsked('BOSS')).toThrow('Nothing is known by the name "BOSS"')
})

test('an unknown name offers the nearest ones', () => {
  expect(() => findQuantity('distencePc')).toThrow('nearest are distancePc')
  expect(() => findAsked('WIZE')).toThrow('WISE')
  expect(() => findLeftOut('W5Mag')).toThrow(/w\dMag/)
})
