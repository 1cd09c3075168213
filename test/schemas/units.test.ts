import { expect, test } from 'vitest'
import {
  ARCSEC_PER_DEG,
  C2_UM_K,
  CM_PER_AU,
  CM_PER_PC,
  CM_PER_RSUN,
  isUnit,
  loggDex,
  logRadiusRsun,
  MAG_PER_RELATIVE_FLUX,
  MAS_PER_ARCSEC,
  RAD_PER_ARCSEC,
  RAD_PER_DEG,
  STEFAN_BOLTZMANN,
  SUN_LOGG_DEX,
  SUN_TEFF_K,
  unitFactor,
} from '../../schemas/units.ts'

test('the Sun has one solar radius and the surface gravity 4.438', () => {
  expect(logRadiusRsun(0, Math.log10(SUN_TEFF_K))).toBe(0)
  // IAU 2015 B3 nominal values, as tabulated by Prsa et al. 2016: log g = 4.438.
  expect(loggDex(0, 0)).toBeCloseTo(4.438, 3)
  expect(loggDex(0, 0)).toBe(SUN_LOGG_DEX)
})

test('physical constants agree with one another', () => {
  expect(CM_PER_PC / CM_PER_AU).toBeCloseTo(1 / RAD_PER_ARCSEC, 6)
  // IAU 2015 B3: the Sun sends 3.828e33 erg/s.
  const luminosity = 4 * Math.PI * CM_PER_RSUN ** 2 * STEFAN_BOLTZMANN * SUN_TEFF_K ** 4
  expect(Math.abs(luminosity / 3.828e33 - 1)).toBeLessThan(1e-4)
  // h, c and k are exact by definition since 2019.
  expect(Math.abs(C2_UM_K / (((6.62607015e-34 * 299_792_458) / 1.380649e-23) * 1e6) - 1)).toBeLessThan(1e-9)
})

test('a star of four times the luminosity at half the temperature has eight times the radius', () => {
  const log2 = Math.log10(2)
  expect(logRadiusRsun(2 * log2, Math.log10(SUN_TEFF_K) - log2)).toBeCloseTo(3 * log2, 12)
})

test('twice the radius of the same mass has a quarter of the gravity', () => {
  expect(loggDex(0.3, Math.log10(2))).toBeCloseTo(loggDex(0.3, 0) - Math.log10(4), 12)
})

test('angles convert into one another and back', () => {
  expect(unitFactor('arcsec', 'mas')).toBe(MAS_PER_ARCSEC)
  expect(unitFactor('hourangle', 'deg')).toBe(15)
  expect(unitFactor('rad', 'deg') * RAD_PER_DEG).toBeCloseTo(1, 15)
  expect(unitFactor('uas', 'mas') * unitFactor('mas', 'uas')).toBeCloseTo(1, 15)
  expect(RAD_PER_ARCSEC * ARCSEC_PER_DEG).toBeCloseTo(RAD_PER_DEG, 18)
})

test('units that measure different things do not convert', () => {
  expect(() => unitFactor('mag', 'mas')).toThrow(RangeError)
  expect(() => unitFactor('parsec', 'mas')).toThrow('unknown unit parsec')
  expect(isUnit('mmag')).toBe(true)
  expect(isUnit('parsec')).toBe(false)
})

test('a relative flux error of 1% is 0.0109 mag', () => {
  const exact = (2.5 * (Math.log10(1.01) - Math.log10(0.99))) / 2
  expect(Math.abs(0.01 * MAG_PER_RELATIVE_FLUX - exact)).toBeLessThan(1e-6)
})
