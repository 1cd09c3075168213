import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scratchFile } from '../files/scratchFiles.ts'
import { readSpectra, spectrumFixture } from './spectraContents.ts'

const [header, first, second] = readFileSync(spectrumFixture('xp.csv'), 'utf8').trim().split('\n')

async function readRows(...rows: string[]) {
  return readSpectra(scratchFile('xp.csv', [header, ...rows].join('\n')))
}

test('a missing band is legal, both missing are not; other rows are read', async () => {
  const neither = second.replace(/"\([^)]*\)"/g, '')
  const { spectra, errors } = await readRows(first, neither, second)
  expect(spectra.map(({ row, bands }) => [row, bands.map(({ name }) => name)])).toEqual([
    [1n, ['BP', 'RP']],
    [3n, ['RP']],
  ])
  expect(errors.map(({ message }) => message)).toEqual([
    expect.stringMatching(/xp\.csv, row 2, has coefficients of neither band; leave the row out\.$/),
  ])
})

const errorList = /"\((1\.52[^)]*)\)"/.exec(first)?.[1] ?? ''
for (const [what, row, problem] of [
  ['too few errors', first.replace(errorList, '1.5, 1.6'), /row 1, has 4 coefficients but 2 errors of BP/],
  ['an error of zero', first.replace(errorList, '1, 1, 0, 1'), /row 1, has an error of BP that is not above zero/],
  ['a correlation beyond 1', first.replace('(-0.848', '(-1.848'), /row 1, has a correlation of BP beyond 1/],
  [
    'too few correlations',
    first.replace(/-0\.848\S+ /, ''),
    /row 1, has 5 correlations of 4 coefficients of BP, not 6/,
  ],
  ['a coefficient that is NaN', first.replace('(-29.601283237510273', '(NaN'), /has no number at place 1 of bp_coeff/],
  ['no array', first.replace(`"(${errorList})"`, 'much'), /has no array in bp_coefficient_errors but 'much'/],
  ['no id', first.replace(/^\d+/, 'Vega'), /has the source_id 'Vega', no 64-bit integer/],
  ['an id beyond 64 bits', first.replace(/^\d+/, '9223372036854775808'), /no 64-bit integer/],
] as const) {
  test(`${what}: the row is refused with a sentence, the next one is read`, async () => {
    expect(row).not.toBe(first)
    const { spectra, errors } = await readRows(row, second)
    expect(spectra.map(one => one.row)).toEqual([2n])
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatchObject({ code: 'VALUE_OUT_OF_RANGE', message: expect.stringMatching(problem) })
  })
}

test('a row that is no row of the table is refused in its place', async () => {
  const { spectra, errors } = await readRows(first, '1,2', second)
  expect(spectra.map(({ row }) => row)).toEqual([1n, 3n])
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({ code: 'SCHEMA_MISMATCH', detail: { row: 2 } })
})

test('an id in full, other columns as text, nothing of the arrays twice', async () => {
  const { spectra } = await readRows(first)
  expect(spectra[0]).toMatchObject({ source: '9223372036854775807', velocityFrame: null, raDeg: null })
  expect(spectra[0].extra).toEqual({
    solution_id: '4545469030156206080',
    bp_basis_function_id: '56',
    bp_n_relevant_bases: '3',
    rp_basis_function_id: '57',
    rp_n_relevant_bases: '3',
  })
})

test('sampled spectra: unit, wavelengths of the archive, position', async () => {
  const { spectra } = await readSpectra(spectrumFixture('xpSampled.ecsv'))
  expect(spectra[0]).toMatchObject({ raDeg: 217.4, decDeg: -62.7, extra: { solution_id: '1' } })
  expect(spectra[0].segments[0]).toMatchObject({
    ...{ wavelengthUnit: 'nm', wavelengthLaw: { start: 336, step: 2 }, fluxUnit: 'W/m2/nm', fluxScale: 'absolute' },
  })
})

test('a sampled spectrum of another length needs its wavelengths', async () => {
  const path = scratchFile('short.csv', 'source_id,flux,flux_error\n12,"(1, 2)","(1, 1)"\n')
  const { spectra, errors } = await readSpectra(path)
  expect(spectra).toEqual([])
  expect(errors[0].message).toMatch(/row 1, has 2 fluxes without wavelengths, where the archive has 343/)
})

test('pixels of one source that names itself nowhere are refused', async () => {
  const path = scratchFile('pixels.csv', 'wavelength,flux,flux_error\n400,1,1\n402,1,1\n')
  const { spectra, errors } = await readSpectra(path)
  expect(spectra).toEqual([])
  expect(errors[0].message).toMatch(/row 1, does not name its star/)
})
