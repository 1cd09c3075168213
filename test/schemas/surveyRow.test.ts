import { expect, test } from 'vitest'
import { rowOrigin } from '../../schemas/cellReader.ts'
import { isFusionError } from '../../schemas/errors.ts'
import type { Observation, RawRow } from '../../schemas/records.ts'
import { CELL_EPOCH_JYR, type RowOutcome, toObservation } from '../../schemas/surveyRow.ts'
import { readSurvey } from '../../schemas/surveys.ts'

const gaiaCells = {
  source_id: '4190669036038417152',
  ra: '290.5',
  dec: '-10.25',
  parallax: '2.135',
  parallax_error: '0.04',
  phot_g_mean_mag: '14.8',
  phot_g_mean_flux_over_error: '2000',
}

function ingest(survey: string, cells: Record<string, string>): RowOutcome {
  const row: RawRow = { survey, file: 'cluster.csv', row: 7n, revision: 3n, cells }
  return toObservation(readSurvey(survey), row, () => 11n)
}

function observed(survey: string, cells: Record<string, string>): Observation {
  const outcome = ingest(survey, cells)
  if ('refusal' in outcome) throw new Error(outcome.refusal.reason)
  return outcome.observation
}

function measured(observation: Observation, name: string) {
  return observation.measurements.find(one => one.quantity === name)
}

test('a Gaia row keeps its id in full and loses the parallax zero point', () => {
  const observation = observed('gaiaDr3', gaiaCells)
  expect(observation.source).toBe('4190669036038417152')
  expect(observation.sourceId).toBe(4190669036038417152n)
  expect(observation.releaseRank).toBe(3)
  expect(observation.revision).toBe(3n)
  expect(observation.cell).toBe(11n)
  expect(observation.epochJyr).toBe(2016)
  expect(observation.origin).toBe('cluster.csv row 7')
  expect(measured(observation, 'parallaxMas')?.value).toBeCloseTo(2.135 + 0.017, 12)
  expect(measured(observation, 'parallaxMas')?.err).toBeCloseTo(Math.hypot(0.04, 0.0103), 12)
})

test('the error of a magnitude follows from the signal-to-noise of its flux, floor in quadrature', () => {
  const err = Math.hypot(2.5 / Math.LN10 / 2000, 0.0028)
  expect(measured(observed('gaiaDr3', gaiaCells), 'gMag')?.err).toBeCloseTo(err, 12)
  const { phot_g_mean_flux_over_error: _, ...cells } = gaiaCells
  const byFlux = observed('gaiaDr3', { ...cells, phot_g_mean_flux: '50000', phot_g_mean_flux_error: '25' })
  expect(measured(byFlux, 'gMag')?.err).toBeCloseTo(err, 12)
})

test('a table without errors gets the documented typical error and a flag that says so', () => {
  const observation = observed('twoMass', { designation: 'J03314984+2250248', ra: '52.9', dec: '22.8', k_m: '14.3' })
  expect(observation.source).toBe('03314984+2250248')
  expect(measured(observation, 'ksMag')?.err).toBeCloseTo(Math.hypot(0.109, 0.007), 12)
  expect(observation.flags).toEqual(['ksMag:typicalErr'])
  expect(measured(observation, 'jMag')).toBeUndefined()
})

test('a negative parallax is a measurement', () => {
  expect(measured(observed('gaiaDr3', { ...gaiaCells, parallax: '-0.4' }), 'parallaxMas')?.value).toBeCloseTo(
    -0.383,
    12,
  )
})

for (const word of ['', 'null', 'NaN', '-999', '99.99', '99.98999786376953', '--']) {
  test(`a magnitude written ${JSON.stringify(word)} is not observed`, () => {
    const observation = observed('gaiaDr3', { ...gaiaCells, phot_g_mean_mag: word })
    expect(measured(observation, 'gMag')).toBeUndefined()
    expect(measured(observation, 'parallaxMas')).toBeDefined()
  })
}

for (const [column, error, quantity] of [
  ['parallax', 'parallax_error', 'parallaxMas'],
  ['pmra', 'pmra_error', 'pmRaCosDecMasPerYr'],
]) {
  test(`99.99 and 99.999 are a ${column} as good as any, and -999 is none`, () => {
    for (const word of ['99.99', '99.999']) {
      const observation = observed('gaiaDr3', { ...gaiaCells, [column]: word, [error]: '0.05' })
      expect(measured(observation, quantity)?.value).toBeCloseTo(Number(word), 1)
    }
    const observation = observed('gaiaDr3', { ...gaiaCells, [column]: '-999', [error]: '0.05' })
    expect(measured(observation, quantity)).toBeUndefined()
  })
}

test('a signal-to-noise of 99.99 is one, and an error of 99.99 mag is none', () => {
  const fine = observed('gaiaDr3', { ...gaiaCells, phot_g_mean_flux_over_error: '99.99' })
  expect(measured(fine, 'gMag')?.err).toBeCloseTo(Math.hypot(2.5 / Math.LN10 / 99.99, 0.0028), 12)
  const none = observed('gaiaDr3', { ...gaiaCells, phot_g_mean_mag_error: '99.99' })
  expect(measured(none, 'gMag')?.err).toBeCloseTo(Math.hypot(2.5 / Math.LN10 / 2000, 0.0028), 12)
})

test('zero is a measurement where the survey has no such sentinel', () => {
  expect(measured(observed('gaiaDr3', { ...gaiaCells, parallax: '0' }), 'parallaxMas')?.value).toBeCloseTo(0.017, 12)
})

const wise = {
  designation: 'J162500.00-240000.0',
  ra: '246.25',
  dec: '-24',
  w1mpro: '9.5',
  w1sigmpro: '0.023',
  w2mpro: '9.1',
  w2sigmpro: '0.02',
  w3mpro: '8.8',
  w3sigmpro: '0.05',
  w4mpro: '7.4',
}

test('an AllWISE upper limit is a limit with the noise of a 2-sigma flux', () => {
  const observation = observed('allWise', { ...wise, ph_qual: 'AAAU', cc_flags: '0000' })
  expect(measured(observation, 'w3Mag')?.isLimit).toBe(false)
  expect(measured(observation, 'w4Mag')?.isLimit).toBe(true)
  expect(measured(observation, 'w4Mag')?.err).toBeCloseTo(Math.hypot(2.5 / Math.LN10 / 2, 0.057), 12)
  expect(measured(observed('allWise', wise), 'w4Mag')?.isLimit).toBe(true)
})

test('a contaminated WISE band is dropped with a flag, a suspect one is kept with a flag', () => {
  const observation = observed('allWise', { ...wise, ph_qual: 'AAAA', cc_flags: '0dH0', ext_flg: '1' })
  expect(observation.measurements.map(one => one.quantity)).toEqual(['w1Mag', 'w2Mag', 'w4Mag'])
  expect(observation.flags).toEqual(['w2Mag:suspect', 'w3Mag:contaminated', 'extended'])
})

test('2MASS quality letters decide band by band', () => {
  const cells = { designation: '16250000-2400000', ra: '246.25', dec: '-24', j_m: '12', h_m: '11', k_m: '10.5' }
  const errs = { j_msigcom: '0.03', h_msigcom: '9.99', k_msigcom: '0.02' }
  const observation = observed('twoMass', { ...cells, ...errs, ph_qual: 'UFE', cc_flg: '000' })
  expect(observation.measurements.map(one => [one.quantity, one.isLimit])).toEqual([
    ['jMag', true],
    ['ksMag', false],
  ])
  expect(observation.flags).toEqual(['hMag:noErr', 'ksMag:poorFit'])
})

test('ids in other surveys become links, and the 2MASS key that AllWISE gives meets the one of 2MASS', () => {
  const cells = { ...wise, gaia_dr3_source_id: 'Gaia DR3 42', tmass_key: '1234567' }
  expect(observed('allWise', cells).links).toEqual([
    { survey: 'gaiaDr3', source: '42' },
    { survey: 'twoMass', source: 'key:1234567' },
  ])
  const tmass = observed('twoMass', { designation: '16250000-2400000', ra: '246.25', dec: '-24', pts_key: '1234567' })
  expect(tmass.links).toEqual([{ survey: 'twoMass', source: 'key:1234567' }])
  const broken = observed('allWise', { ...wise, gaia_dr3_source_id: '9223372036854775808' })
  expect(broken.links).toEqual([])
  expect(broken.flags).toContain('gaiaDr3:invalidLink')
})

test('columns that the survey does not name are kept as delivered', () => {
  const extra = observed('gaiaDr3', { ...gaiaCells, teff_gspphot: '5400', __proto__x: 'a', note: ' kept ' }).extra
  expect(extra).toEqual({ teff_gspphot: '5400', __proto__x: 'a', note: ' kept ' })
})

test('the cell is that of the position carried to J2016.0', () => {
  expect(CELL_EPOCH_JYR - 2006).toBe(10)
  const cells = { ...gaiaCells, ref_epoch: '2006.0', pmra: '3600', pmdec: '-7200', ra: '359.999', dec: '60' }
  const seen: number[] = []
  toObservation(readSurvey('gaiaDr3'), { survey: 'gaiaDr3', file: 'f', row: 1n, revision: 0n, cells }, (ra, dec) => {
    seen.push(ra, dec)
    return 0n
  })
  expect(seen[0]).toBeCloseTo(0.019, 9)
  expect(seen[1]).toBeCloseTo(59.98, 9)
})

test('dates of observation give the epoch of a row', () => {
  const cells = { designation: '16250000-2400000', ra: '246.25', dec: '-24', jdate: '2451545.0' }
  expect(observed('twoMass', cells).epochJyr).toBeCloseTo(2000, 12)
  // J2010.0 is JD 2455197.5 by definition of the Julian year.
  expect(observed('allWise', { ...wise, w1mjdmean: '55197' }).epochJyr).toBeCloseTo(2010, 12)
})

test('the position error is the mean of its two directions, with the floor', () => {
  const cells = { designation: 'a', ra: '1', dec: '1', err_maj: '0.3', err_min: '0.1' }
  expect(observed('twoMass', cells).positionErrArcsec).toBeCloseTo(Math.sqrt(0.05 + 0.08 ** 2), 12)
})

test('a flag is raised by a renormalised unit weight error above 1.4 and not below', () => {
  expect(observed('gaiaDr3', { ...gaiaCells, ruwe: '1.41' }).flags).toContain('ruwe')
  expect(observed('gaiaDr3', { ...gaiaCells, ruwe: '1.39' }).flags).not.toContain('ruwe')
})

test('faint BP magnitudes are dropped with a flag because their mean fluxes are biased', () => {
  const observation = observed('gaiaDr3', { ...gaiaCells, phot_bp_mean_mag: '20.9', phot_bp_mean_flux_over_error: '5' })
  expect(measured(observation, 'bpMag')).toBeUndefined()
  expect(observation.flags).toContain('bpMag:faint')
})

test('ids at 2^53 + 1 and 2^63 - 1 are exact', () => {
  for (const id of [2n ** 53n + 1n, 2n ** 63n - 1n]) {
    const observation = observed('gaiaDr3', { ...gaiaCells, source_id: id.toString() })
    expect(observation.sourceId).toBe(id)
    expect(observation.source).toBe(id.toString())
  }
})

const refused: readonly [string, string, Record<string, string>][] = [
  ['source_id', 'SCHEMA_MISMATCH', { source_id: '' }],
  ['source_id', 'VALUE_OUT_OF_RANGE', { source_id: 'not-an-id' }],
  ['source_id', 'VALUE_OUT_OF_RANGE', { source_id: '9223372036854775808' }],
  ['source_id', 'VALUE_OUT_OF_RANGE', { source_id: '4.190669036038417e18' }],
  ['source_id', 'VALUE_OUT_OF_RANGE', { source_id: '-5' }],
  ['ra', 'VALUE_OUT_OF_RANGE', { ra: '512' }],
  ['ra', 'VALUE_OUT_OF_RANGE', { ra: '360' }],
  ['ra', 'SCHEMA_MISMATCH', { ra: 'NaN' }],
  ['ra', 'VALUE_OUT_OF_RANGE', { ra: 'inf' }],
  ['dec', 'VALUE_OUT_OF_RANGE', { dec: '-90.5' }],
  ['parallax', 'VALUE_OUT_OF_RANGE', { parallax: '-Infinity' }],
  ['parallax', 'SCHEMA_MISMATCH', { parallax: '2,135' }],
  ['parallax_error', 'VALUE_OUT_OF_RANGE', { parallax_error: '-1' }],
  ['parallax_error', 'VALUE_OUT_OF_RANGE', { parallax_error: '0' }],
  ['phot_g_mean_flux_over_error', 'VALUE_OUT_OF_RANGE', { phot_g_mean_flux_over_error: '-3' }],
  ['phot_g_mean_mag', 'VALUE_OUT_OF_RANGE', { phot_g_mean_mag: '512' }],
  ['ref_epoch', 'VALUE_OUT_OF_RANGE', { ref_epoch: '51544' }],
  ['ra_error', 'VALUE_OUT_OF_RANGE', { ra_error: '0' }],
]
for (const [field, code, cells] of refused) {
  test(`${JSON.stringify(cells)} is refused with ${code}, in a sentence that names file, row and field`, () => {
    const outcome = ingest('gaiaDr3', { ...gaiaCells, ...cells })
    expect(outcome).toMatchObject({ refusal: { code } })
    const { reason } = (outcome as { refusal: { reason: string } }).refusal
    expect(reason.startsWith(`cluster.csv row 7: ${field} is `)).toBe(true)
  })
}

test('a row of a foreign table is refused for want of its id', () => {
  expect(ingest('gaiaDr3', { name: 'x', magnitude: '3' })).toMatchObject({ refusal: { code: 'SCHEMA_MISMATCH' } })
})

test('a refusal is not an exception and an observation holds no NaN', () => {
  const cells = Object.fromEntries(Object.keys(gaiaCells).map(column => [column, 'NaN']))
  expect(() => ingest('gaiaDr3', cells)).not.toThrow()
  const kept = observed('gaiaDr3', { ...gaiaCells, parallax_error: 'nan', phot_g_mean_flux_over_error: '' })
  expect(kept.measurements.every(one => Number.isFinite(one.value) && one.err > 0)).toBe(true)
  expect(isFusionError(kept)).toBe(false)
})

test('an observation names the file and row it came from', () => {
  const row: RawRow = { survey: 'gaiaDr3', file: 'cluster.csv', row: 7n, revision: 3n, cells: {} }
  expect(rowOrigin(row)).toBe('cluster.csv row 7')
  expect(observed('gaiaDr3', gaiaCells).origin).toBe(rowOrigin(row))
})
