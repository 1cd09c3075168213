import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogueTables, readCatalogueGroup, readCatalogueGroups } from '../../../ops/evaluation/catalogueStars.ts'
import type { CatalogueTable } from '../../../ops/evaluation/catalogueTable.ts'
import type { StarGroup } from '../../../ops/evaluation/realStar.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'birthline-tables-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

function tableOf(name: string): CatalogueTable {
  const found = catalogueTables.find(one => one.name === name)
  if (found === undefined) throw new TypeError(`no table ${name}`)
  return found
}

/** A table with every column that is asked for, and cells where a row gives them. */
async function read(
  name: string,
  extra: readonly string[],
  rows: readonly Readonly<Record<string, string>>[],
): Promise<StarGroup> {
  const table = tableOf(name)
  const mapped = table.parts.flatMap(part => Object.values(part.columns).filter(column => typeof column === 'string'))
  const computed = Object.keys(table.prepare?.({}) ?? {})
  const columns = [...new Set([...mapped, ...table.parts.map(part => part.presentBy), ...extra])].filter(
    column => !computed.includes(column),
  )
  const path = join(folder, `${name}.csv`)
  const lines = rows.map(row => columns.map(column => row[column] ?? '').join(','))
  writeFileSync(path, `${[columns.join(','), ...lines].join('\n')}\n`)
  return readCatalogueGroup(table, path)
}

const gaiaRow = {
  hip_int: '102422',
  ra: '311.3',
  dec: '61.8',
  parallax: '69.6',
  parallax_error: '0.13',
  phot_g_mean_mag: '2.9',
  phot_g_mean_flux: '1e9',
  phot_g_mean_flux_error: '1e6',
}
const twoMassRow = {
  tmass_id: '2045+61',
  ra_j2000: '311.3',
  dec_j2000: '61.8',
  j_m: '1.9',
  j_msigcom: '0.276',
  ph_qual_tmass: 'DDD',
}
const wiseRow = {
  designation_allwise: 'J2045+61',
  w1mpro: '-1.17',
  w3mpro: '1.275',
  w3mpro_error: '0.016',
  ph_qual_allwise: 'UUAA',
}
const labels = { teff: '4751', e_teff: '73', logg: '3.15', e_logg: '0.05' }

test('a row is ingested survey by survey, with zero points, floors, limits and saturation', async () => {
  const { stars } = await read('benchmarkStars', Object.keys(labels), [
    { ...gaiaRow, ...twoMassRow, ...wiseRow, ...labels },
  ])
  expect(stars).toHaveLength(1)
  const [{ input, labels: known, saturated }] = stars
  const of = (quantity: string) => input.given.find(one => one.quantity === quantity)
  expect(input.key).toBe('benchmarkStars:gaiaDr3:102422')
  expect(of('parallaxMas')?.value).toBeCloseTo(69.617, 9)
  // The error of a flux in magnitudes, with the floor of the survey file.
  expect(of('gMag')?.err).toBeGreaterThan(1.0857e-3)
  expect(of('w1Mag')).toMatchObject({ value: -1.17, isLimit: true })
  expect(of('w3Mag')).toMatchObject({ value: 1.275, isLimit: false })
  expect(saturated).toEqual(expect.arrayContaining(['gMag', 'jMag', 'w1Mag', 'w3Mag']))
  expect(known).toEqual([
    { quantity: 'teffK', value: 4751, err: 73 },
    { quantity: 'loggDex', value: 3.15, err: 0.05 },
  ])
})

test('a survey that lacks the star is left out, and a star in no survey is counted', async () => {
  const { stars, leftOut } = await read('benchmarkStars', Object.keys(labels), [
    { ...twoMassRow, ...labels },
    { ...labels },
  ])
  expect(stars.map(({ input }) => input.given.map(one => one.quantity))).toEqual([['jMag']])
  expect(Object.fromEntries(leftOut)).toEqual({ 'in no survey': 1 })
})

test('a rounded 64-bit id refuses its survey and is never taken for the id', async () => {
  const { stars, leftOut } = await read(
    'rhoOphiuchiSurveys',
    ['member_candidate'],
    [{ source_id: '6.04912e+18', ra: '246', dec: '-24', phot_g_mean_mag: '15', member_candidate: '1' }],
  )
  expect(stars).toEqual([])
  expect(Object.fromEntries(leftOut)).toEqual({ 'refused by the survey file': 1 })
})

const m67Row = {
  'gaia_dr2_source.source_id': '608141294367793024',
  'gaia_dr2_source.ra': '132.9',
  'gaia_dr2_source.dec': '12.9',
  'gaia_dr2_source.phot_g_mean_mag': '14.8',
  'tmass.twomass_id': '0',
  'tmass.j_m': '0',
  HDBscan_MemProb: '0.9',
}
const m67Columns = [
  'HDBscan_MemProb',
  'payne.teff',
  'payne.logg',
  'payne.quality_flag',
  'lamost_dr3_stellar.teff',
  'lamost_dr3_stellar.teff_err',
  'lamost_dr3_stellar.logg',
  'segue_sspp.teff_adop',
  'segue_sspp.teff_adop_unc',
  'segue_sspp.logg_adop',
]

test('zeros and -9999 of the M67 table are gaps, and its ids keep every digit', async () => {
  const wise = { 'allwise.source_id': 'a', 'allwise.ra': '132.9', 'allwise.dec': '12.9', 'allwise.ph_qual': 'AAUU' }
  const { stars } = await read('m67Surveys', m67Columns, [
    {
      ...m67Row,
      ...wise,
      'allwise.w1mpro': '13.2',
      'allwise.w1sigmpro': '0.025',
      'allwise.w3mpro': '11.9',
      'allwise.w3sigmpro': '-9999.0',
      'payne.teff': '0',
      'payne.logg': '0',
    },
  ])
  const [{ input, labels: known, isMember }] = stars
  expect(input.key).toBe('m67Surveys:gaiaDr2:608141294367793024')
  expect(input.given.map(({ quantity, isLimit }) => [quantity, isLimit])).toEqual([
    ['gMag', false],
    ['w1Mag', false],
    ['w3Mag', true],
  ])
  expect([known, isMember]).toEqual([[], true])
})

test('spectra count in order of trust, bad fits do not, and no label is better than surveys agree', async () => {
  const lamost = {
    'lamost_dr3_stellar.teff': '5478',
    'lamost_dr3_stellar.teff_err': '286',
    'lamost_dr3_stellar.logg': '4.4',
  }
  const payne = { 'payne.teff': '5430', 'payne.logg': '4.3' }
  const { stars, leftOut } = await read('m67Surveys', m67Columns, [
    { ...m67Row, HDBscan_MemProb: '0.2', ...payne, 'payne.quality_flag': 'good', ...lamost },
    { ...m67Row, HDBscan_MemProb: '0.2', ...payne, 'payne.quality_flag': 'vmac>20k', ...lamost },
    { ...m67Row, HDBscan_MemProb: '0.2', ...payne, 'payne.quality_flag': 'vmac>20k' },
  ])
  expect(stars.map(({ labels: known, isMember }) => [isMember, known[0]])).toEqual([
    [false, { quantity: 'teffK', value: 5430, err: 110 }],
    [false, { quantity: 'teffK', value: 5478, err: 286 }],
  ])
  expect([...leftOut.values()]).toEqual([1])
})

test('magnitudes printed as colours are put together, and a spectral type is good to a subclass', async () => {
  const { stars, leftOut } = await read(
    'ic348',
    ['H-K', 'J-H', 'Teff'],
    [
      { ID: '1', Kmag: '10', 'H-K': '0.4', 'J-H': '0', Teff: '3000' },
      { ID: '2', Teff: '3000' },
    ],
  )
  const values = stars[0].input.given.map(({ quantity, value }) => [quantity, Math.round(1000 * value) / 1000])
  expect(values).toEqual([
    ['jMag', 10.4],
    ['hMag', 10.4],
    ['ksMag', 10],
  ])
  expect(stars[0].labels).toEqual([{ quantity: 'teffK', value: 3000, err: 120 }])
  expect(Object.fromEntries(leftOut)).toEqual({ 'no near-infrared photometry': 1 })
})

test('seismic distances and ages become logarithms with the error of their bounds', async () => {
  const { stars } = await read(
    'keplerGiants',
    ['Dist', 'b_Dist', 'b_dist_lc', 'Age', 'b_Age', 'b_age_lc'],
    [
      {
        APOGEE: '2M',
        RAdeg: '290',
        DEdeg: '37',
        Ksmag: '9',
        Dist: '1',
        b_Dist: '0.98',
        b_dist_lc: '1.02',
        Age: '-999',
      },
    ],
  )
  expect(stars[0].labels).toEqual([
    { quantity: 'logDistancePc', value: 3, err: expect.closeTo(Math.log10(1.02 / 0.98) / 2, 12) },
  ])
})

test('more stars than are wanted are thinned by their names, the same way every time', async () => {
  const rows = Array.from({ length: 260 }, (_, i) => ({
    APOGEE: `2M${i}`,
    RAdeg: '290',
    DEdeg: '37',
    Ksmag: '9',
    Dist: '1',
  }))
  const columns = ['Dist', 'b_Dist', 'b_dist_lc', 'Age', 'b_Age', 'b_age_lc']
  const keys = ({ stars }: StarGroup) => stars.map(({ input }) => input.key)
  const first = await read('keplerGiants', columns, rows)
  const second = await read('keplerGiants', columns, [...rows].reverse())
  expect(first.stars).toHaveLength(200)
  expect([...first.leftOut.values()]).toEqual([60])
  expect(keys(second).sort()).toEqual(keys(first).sort())
})

test('a folder without any of the tables is refused with the names that are looked for', async () => {
  const empty = mkdtempSync(join(folder, 'empty-'))
  await expect(readCatalogueGroups(empty)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringContaining('gaia_fgk_benchmark_v3_dev.csv'),
  })
})

test('tables are named once, and each can be read by a survey that birthline knows', () => {
  expect(new Set(catalogueTables.map(table => table.name)).size).toBe(catalogueTables.length)
  for (const { parts } of catalogueTables) expect(parts.length).toBeGreaterThan(0)
})
