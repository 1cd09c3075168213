import { expect, test } from 'vitest'
import { cubeFluxInto, ysoOfRow } from '../../../../models/simulators/dust/cubeSeds.ts'
import { modelSets, parametersOf } from '../../../../models/simulators/dust/modelSets.ts'

// The first model of sp--s-i, as the notebook that comes with the grids prints it.
const first = {
  MODEL_NAME: '001eAZq2_01',
  'star.radius': 0.3924,
  'star.temperature': 5734,
  'disk.mass': 1.293e-7,
  'disk.rmax': 621.9,
  'disk.beta': 1.031,
  'disk.p': -1.566,
  'disk.h100': 8.384,
  scattering: 1n,
  inclination: 9.31459655553,
}

test('a row of the published parameters is an object', () => {
  expect(ysoOfRow('sp--s-i', first)).toEqual({
    starRadiusRsun: 0.3924,
    starTeffK: 5734,
    disk: { massMsun: 1.293e-7, outerRadiusAu: 621.9, flaringPower: 1.031, surfacePower: -1.566, height100Au: 8.384 },
    envelope: null,
    cavity: null,
    innerRadiusRsub: 1,
    hasAmbient: false,
    inclinationDeg: 9.31459655553,
  })
})

test('every set is read from its own columns, and a missing one is told', () => {
  const row: Record<string, number> = { inclination: 45 }
  for (const name of ['star.radius', 'star.temperature', 'disk.mass', 'disk.rmax', 'disk.beta', 'disk.p', 'disk.h100'])
    row[name] = 1
  for (const name of ['envelope.rho_0', 'envelope.power', 'envelope.rc', 'envelope.rmin', 'disk.rmin']) row[name] = 2
  for (const name of ['cavity.power', 'cavity.theta_0', 'cavity.rho_0']) row[name] = 3
  for (const set of modelSets) {
    const yso = ysoOfRow(set, row)
    expect(yso.innerRadiusRsub).toBe(parametersOf(set).includes('innerRadiusRsub') ? 2 : 1)
    expect([yso.disk !== null, yso.cavity !== null]).toEqual([set[1] === 'p', set[3] === 'b'])
  }
  expect(() => ysoOfRow('sp--h-i', first)).toThrow(/sp--h-i lacks innerRadiusRsub/)
  expect(() => ysoOfRow('s---s-i', { ...first, inclination: null })).toThrow(/lacks inclination/)
})

test('millijansky become flux per Angstrom, dimmed by distance', () => {
  const wavelengths = Float64Array.of(1, 10, 100)
  const kpcCm = 3.0856775814913673e21
  const out = new Float64Array(4)
  cubeFluxInto(wavelengths, Float64Array.of(1, 100, 0), kpcCm, 100, [1, Math.sqrt(10), 10, 0.5], out)
  // 1 mJy at 1 micron is 2.998e-16 erg/s/cm2/A; a hundredth of the distance squared at 100 pc.
  expect(out[0] / 2.99792458e-14).toBeCloseTo(1, 9)
  expect(out[1] / 2.99792458e-14).toBeCloseTo(1, 9)
  expect(out[2] / 2.99792458e-14).toBeCloseTo(1, 9)
  expect(out[3]).toBe(0)
  expect(() => cubeFluxInto(wavelengths, wavelengths, kpcCm, 0, [1], new Float64Array(1))).toThrow(/not at 0/)
  expect(() => cubeFluxInto(wavelengths, wavelengths, kpcCm, 1, [1], out)).toThrow(/differ in number/)
})
