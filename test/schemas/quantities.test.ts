import { expect, test } from 'vitest'
import {
  derivedNames,
  inferredNames,
  isQuantity,
  observableNames,
  parameterNames,
  quantities,
  quantity,
  starClasses,
  youngClasses,
} from '../../schemas/quantities.ts'

test('no name and no token id stands for two quantities', () => {
  expect(new Set(quantities.map(one => one.name)).size).toBe(quantities.length)
  expect(new Set(quantities.map(one => one.token)).size).toBe(quantities.length)
})

test('token ids that checkpoints have learnt keep their meaning', () => {
  const learnt: readonly [string, number][] = [
    ['parallaxMas', 0],
    ['gMag', 1],
    ['bpMag', 2],
    ['rpMag', 3],
    ['jMag', 4],
    ['hMag', 5],
    ['ksMag', 6],
    ['w1Mag', 7],
    ['w2Mag', 8],
    ['w3Mag', 9],
    ['w4Mag', 10],
    ['logAgeYr', 64],
    ['logMassMsun', 65],
    ['fehDex', 66],
    ['logTeffK', 67],
    ['logLuminosityLsun', 68],
    ['avMag', 69],
    ['logDistancePc', 70],
    ['logRadiusRsun', 96],
    ['loggDex', 97],
  ]
  for (const [name, token] of learnt) expect(quantity(name).token, name).toBe(token)
})

test('every name ends in the unit of its quantity', () => {
  const endings = new Map([
    ['mas', 'Mas'],
    ['mag', 'Mag'],
    ['mas/yr', 'MasPerYr'],
    ['dex(yr)', 'Yr'],
    ['dex(solMass)', 'Msun'],
    ['dex', 'Dex'],
    ['dex(K)', 'K'],
    ['dex(solLum)', 'Lsun'],
    ['dex(pc)', 'Pc'],
    ['dex(solRad)', 'Rsun'],
    ['dex(cm/s2)', 'Dex'],
  ])
  for (const { name, unit } of quantities)
    expect(name.endsWith(endings.get(unit) ?? '?'), `${name} in ${unit}`).toBe(true)
})

test('every quantity has a range that is not empty, a symbol and a description', () => {
  for (const one of quantities) {
    expect(one.min).toBeLessThan(one.max)
    expect(one.symbol).not.toBe('')
    expect(one.description).not.toBe('')
  }
})

test('the names by role are all the names', () => {
  expect(inferredNames).toEqual([...parameterNames, ...derivedNames])
  expect([...observableNames, ...parameterNames, ...derivedNames].sort()).toEqual(
    quantities.map(one => one.name).sort(),
  )
})

test('a parallax may be negative, an extinction may not', () => {
  expect(quantity('parallaxMas').min).toBeLessThan(0)
  expect(quantity('avMag').min).toBe(0)
})

test('an unknown quantity is a mistake of ours', () => {
  expect(isQuantity('uMag')).toBe(false)
  expect(() => quantity('uMag')).toThrow(RangeError)
})

test('the young classes are classes', () => {
  for (const name of youngClasses) expect(starClasses).toContain(name)
  expect(youngClasses.length).toBeLessThan(starClasses.length)
})
