import { expect, test } from 'vitest'
import { createRng } from '../../../../models/math/rng.ts'
import { createBandTable } from '../../../../models/simulators/photosphere/bandTable.ts'
import { type PassbandName, passbandIndices } from '../../../../models/simulators/photosphere/passbands.ts'
import { createSyntheticPhotometry } from '../../../../models/simulators/photosphere/syntheticPhotometry.ts'

const BOUND_TEFF_K = [2400, 30_000] as const
const table = (band: PassbandName) => createBandTable(band, 'btSettl', 'g23', 3.1, BOUND_TEFF_K)

/** Largest difference from integrating spectra, mag: stars of 2000 to 3000 K, then to 45,000 K; each behind A_V 0, to 5, 30 and 60 mag. */
const largest: readonly (readonly [PassbandName, readonly number[], readonly number[]])[] = [
  ['gMag', [0.03, 0.03, 0.02, 0.03], [0.02, 0.02, 0.03, 0.05]],
  ['bpMag', [0.05, 0.05, 0.03, 0.03], [0.02, 0.02, 0.02, 0.03]],
  ['rpMag', [0.03, 0.02, 0.02, 0.02], [0.02, 0.02, 0.02, 0.03]],
  ['jMag', [0.003, 0.003, 0.003, 0.003], [0.003, 0.003, 0.003, 0.003]],
  ['ksMag', [0.003, 0.003, 0.003, 0.003], [0.002, 0.002, 0.002, 0.002]],
  ['w3Mag', [0.002, 0.002, 0.002, 0.003], [0.002, 0.002, 0.002, 0.002]],
  ['sdssUMag', [0.15, 0.13, 0.08, 0.12], [0.01, 0.01, 0.01, 0.03]],
  ['johnsonVMag', [0.07, 0.07, 0.06, 0.06], [0.02, 0.02, 0.02, 0.04]],
]

for (const [band, cool, others] of largest)
  test(`${band} of the table is that of the spectrum, and no star has less extinction than is said`, () => {
    const photometry = createSyntheticPhotometry()
    const { magnitudeAt, leastExtinctionMag } = table(band)
    const indices = passbandIndices([band])
    const out = new Float64Array(1)
    const rng = createRng(31)
    for (const [limits, low, high] of [
      [cool, 2000, 3000],
      [others, 3000, 45_000],
    ] as const)
      [
        [0, 0],
        [0, 5],
        [5, 30],
        [30, 60],
      ].forEach(([from, to], k) => {
        for (let i = 0; i < 400; i++) {
          const teff = low * (high / low) ** rng.uniform()
          const [logg, feh] = [5.5 * rng.uniform(), 2.42 * rng.uniform() - 2.2]
          const av = from + (to - from) * rng.uniform()
          expect(photometry.magnitudesOfNumbers('btSettl', teff, logg, feh, 1, 10, av, 3.1, 'g23', indices, out)).toBe(
            true,
          )
          const said = magnitudeAt(teff, logg, feh, av)
          expect(Math.abs(said - out[0]), `${teff} K, log g ${logg}, [Fe/H] ${feh}, A_V ${av}`).toBeLessThan(limits[k])
          if (teff > BOUND_TEFF_K[0] && teff < BOUND_TEFF_K[1])
            expect(said - magnitudeAt(teff, logg, feh, 0)).toBeGreaterThanOrEqual(0.99 * leastExtinctionMag(av))
        }
      })
  })

test('nodes of the atmospheres are met, and what lies beyond is the nearest or nothing', () => {
  const { magnitudeAt, leastExtinctionMag } = table('gMag')
  const photometry = createSyntheticPhotometry()
  const out = new Float64Array(1)
  const indices = passbandIndices(['gMag'])
  for (const [teff, logg, feh, av] of [
    [2000, 0, 0.5, 0],
    [5800, 4.5, 0, 1],
    [150_000, 6.5, -3, 60],
  ]) {
    photometry.magnitudesOfNumbers('btSettl', teff, logg, feh, 1, 10, av, 3.1, 'g23', indices, out)
    expect(magnitudeAt(teff, logg, feh, av)).toBeCloseTo(out[0], 9)
  }
  expect(magnitudeAt(3000, -1.7, 0, 0)).toBe(magnitudeAt(3000, 0, 0, 0))
  expect(magnitudeAt(3000, 1, 0.9, 0)).toBe(magnitudeAt(3000, 1, 0.5, 0))
  for (const [teff, av] of [
    [1999, 0],
    [150_001, 0],
    [Number.NaN, 0],
    [5000, -0.1],
    [5000, 60.1],
    [5000, Number.NaN],
  ])
    expect(magnitudeAt(teff, 4, 0, av)).toBe(Number.POSITIVE_INFINITY)
  expect(leastExtinctionMag(0)).toBe(0)
  expect(() => createBandTable('gMag', 'btSettl', 'g23', 9, BOUND_TEFF_K)).toThrow('g23 has no R_V 9')
})
