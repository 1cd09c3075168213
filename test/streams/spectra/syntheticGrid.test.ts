import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import {
  openTableWriter,
  readSyntheticGrid,
  type SyntheticSpectrum,
  type WritableColumn,
} from '../../../streams/index.ts'

const fixture = (name: string) => join(import.meta.dirname, '..', '..', 'fixtures', 'grids', name)
const scratch: string[] = []
afterEach(() => {
  for (const folder of scratch.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
  scratch.push(folder)
  return folder
}

async function readAll(folder: string): Promise<readonly SyntheticSpectrum[]> {
  const found: SyntheticSpectrum[] = []
  for await (const spectrum of readSyntheticGrid(folder)) found.push(spectrum)
  return found
}

/** pi B in erg/s/cm2/Angstrom. */
function blackBody(teffK: number, angstrom: number): number {
  const cm = angstrom * 1e-8
  return (1e-8 * 3.741771852e-5) / cm ** 5 / Math.expm1(1.438776877 / (cm * teffK))
}

interface Model {
  readonly teffK: number | null
  readonly loggDex: number
  readonly fehDex: number
  readonly wavelengths: readonly (number | null)[]
  readonly fluxes: readonly (number | null)[]
}

const listed: readonly WritableColumn[] = [
  { name: 'teffK', type: 'double' },
  { name: 'loggDex', type: 'double' },
  { name: 'fehDex', type: 'double' },
  { name: 'wavelengths', type: 'double', arraySize: '*' },
  { name: 'fluxes', type: 'double', arraySize: '*' },
]
const model: Model = { teffK: 5000, loggDex: 4, fehDex: 0, wavelengths: [3000, 5000, 11_000], fluxes: [1, 2, 3] }

async function writeModels(rows: readonly object[], columns = listed, name = 'grid.parquet'): Promise<string> {
  const folder = newFolder()
  const writer = await openTableWriter(join(folder, name), columns)
  await writer.write(rows as never)
  await writer.close()
  return folder
}

/** A FITS image of 32-bit floats by the letter of the standard. */
function writeImage(
  folder: string,
  name: string,
  cards: Readonly<Record<string, string | number>>,
  values: readonly number[],
) {
  const all = { SIMPLE: 'T', BITPIX: -32, NAXIS: 1, NAXIS1: values.length, ...cards }
  const text = Object.entries(all).map(([key, value]) => {
    const shown = typeof value === 'number' || value === 'T' ? String(value).padStart(20) : `'${value}'`
    return `${key.padEnd(8)}= ${shown}`.padEnd(80)
  })
  const header = Buffer.from(`${text.join('')}${'END'.padEnd(80)}`.padEnd(2880))
  const data = Buffer.alloc(Math.ceil((4 * values.length) / 2880) * 2880)
  for (const [i, value] of values.entries()) data.writeFloatBE(value, 4 * i)
  writeFileSync(join(folder, name), Buffer.concat([header, data]))
}
const star = { TEFF: 5000, LOGG: 4, FEH: 0 }

test('a grid laid out as PHOENIX is: one table of wavelengths, fluxes per centimetre, parameters in cards', async () => {
  const spectra = await readAll(fixture('phoenix'))
  expect(spectra.map(({ teffK, loggDex, fehDex }) => [teffK, loggDex, fehDex])).toEqual([
    [5000, 4, 0],
    [5000, 4.5, 0],
    [6000, 4, 0],
    [6000, 4.5, 0],
  ])
  for (const { teffK, loggDex, angstrom, fluxes } of spectra) {
    expect([angstrom.length, fluxes.length]).toEqual([240, 240])
    expect(angstrom[0]).toBeCloseTo(3400, 8)
    expect(angstrom[239]).toBeCloseTo(10_700, 8)
    for (const [i, flux] of fluxes.entries()) {
      expect(Math.abs(flux / blackBody(teffK, angstrom[i]) / (1 - 0.1 * (loggDex - 4)) - 1)).toBeLessThan(1e-6)
    }
  }
})

test('a table of one model a file: its unit of length, and the cards of the primary unit', async () => {
  const spectra = await readAll(fixture('tables'))
  expect(spectra.map(({ teffK, loggDex, fehDex }) => [teffK, loggDex, fehDex])).toEqual([
    [5000, 4.5, -0.5],
    [6000, 4.5, -0.5],
  ])
  for (const { teffK, angstrom, fluxes } of spectra) {
    expect(angstrom[0]).toBeCloseTo(3400, 8)
    for (const [i, flux] of fluxes.entries())
      expect(Math.abs(flux / blackBody(teffK, angstrom[i]) - 1)).toBeLessThan(1e-9)
  }
})

test('a model a row, in Parquet and in FITS', async () => {
  const rows = [model, { ...model, teffK: 6000, wavelengths: [2000, 6000, 12_000], fluxes: [5, 1, 0] }]
  for (const name of ['grid.parquet', 'grid.fits']) {
    // FITS has lists of one length.
    const columns = listed.map(one => ('arraySize' in one && name === 'grid.fits' ? { ...one, arraySize: 3 } : one))
    const spectra = await readAll(await writeModels(rows, columns, name))
    expect(spectra.map(({ teffK }) => teffK)).toEqual([5000, 6000])
    expect([...spectra[0].angstrom]).toEqual(model.wavelengths)
    expect([...spectra[1].fluxes]).toEqual([5, 1, 0])
    expect(spectra[1].place).toMatch(/grid\.(parquet|fits), row 2,$/)
  }
})

test('an image whose wavelengths are even, in nm', async () => {
  const folder = newFolder()
  const law = { CRVAL1: 400, CDELT1: 0.5, CRPIX1: 2, CUNIT1: 'nm', BUNIT: 'erg/s/cm2/Angstrom' }
  writeImage(folder, 'a.fits', { ...star, ...law }, [1, 2, 4])
  const [{ angstrom, fluxes }] = await readAll(folder)
  expect([...angstrom]).toEqual([3995, 4000, 4005])
  expect([...fluxes]).toEqual([1, 2, 4])
})

/** Sentence of the error, and its code. */
async function refusalOf(folder: string): Promise<string> {
  try {
    await readAll(folder)
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    expect(message.endsWith('.')).toBe(true)
    return `${code}: ${message}`
  }
  throw new Error('it was read')
}

test.each<readonly [string, Partial<Model>, RegExp]>([
  ['no flux', { fluxes: [1, null, 3] }, /row 1, has no flux at pixel 2, or one below 0/],
  ['a NaN', { fluxes: [1, Number.NaN, 3] }, /row 1, has no flux at pixel 2/],
  ['a flux below 0', { fluxes: [1, 2, -3] }, /row 1, has no flux at pixel 3/],
  ['falling wavelengths', { wavelengths: [5000, 3000, 11_000] }, /row 1, has wavelengths that do not rise at pixel 2/],
  ['a wavelength twice', { wavelengths: [3000, 3000, 11_000] }, /do not rise at pixel 2/],
  ['a hole among them', { wavelengths: [3000, null, 11_000] }, /do not rise at pixel 2/],
  ['fewer fluxes', { fluxes: [1, 2] }, /row 1, has 3 wavelengths and 2 fluxes/],
  ['no temperature', { teffK: null }, /row 1, does not say teffK of its model/],
  ['none above 0', { teffK: 0 }, /row 1, has a temperature of 0 K/],
])('a model with %s is refused with its row', async (_, change, sentence) => {
  expect(await refusalOf(await writeModels([{ ...model, ...change }]))).toMatch(sentence)
})

test('tables of other columns and units are refused', async () => {
  const renamed = (from: string, to: Partial<WritableColumn>) =>
    listed.map(column => (column.name === from ? { ...column, ...to } : column))
  const refusal = async (columns: readonly WritableColumn[]) => refusalOf(await writeModels([model], columns))
  expect(await refusal(renamed('fluxes', { name: 'counts' }))).toMatch(/has no column fluxes, only teffK, .*counts/)
  expect(await refusal(renamed('fluxes', { unit: 'Jy' }))).toMatch(/has fluxes in 'Jy': give them in erg\/s\/cm2/)
  expect(await refusal(renamed('wavelengths', { unit: 'Hz' }))).toMatch(/has wavelengths in 'Hz'/)
  const flat = await writeModels(
    [{ wavelengths: 5000, fluxes: 1 }],
    listed.slice(3).map(({ arraySize: _, ...one }) => one),
  )
  expect(await refusalOf(flat)).toMatch(/has a pixel a row: give it a model a row/)
})

test('folders of nothing, and files that are none, are told', async () => {
  expect(await refusalOf(newFolder())).toMatch(/^FILE_UNREADABLE: .* holds no spectra/)
  expect(await refusalOf(join(newFolder(), 'none'))).toMatch(/does not exist; check the path/)
  const strange = newFolder()
  writeFileSync(join(strange, 'a.fits'), 'no FITS at all')
  expect(await refusalOf(strange)).toMatch(/a\.fits is no FITS file/)
  const text = newFolder()
  writeFileSync(join(text, 'a.parquet'), 'teffK,fluxes\n1,2\n')
  expect(await refusalOf(text)).toMatch(/a\.parquet/)
  const cut = newFolder()
  cpSync(fixture('phoenix'), cut, { recursive: true })
  truncateSync(join(cut, 'Z-0.0', 'lte05000-4.50-0.0.fits'), 3000)
  expect(await refusalOf(cut)).toMatch(/lte05000-4\.50-0\.0\.fits is cut short/)
})

test('images without wavelengths, of other lengths, of two tables or of two dimensions are refused', async () => {
  const folder = newFolder()
  writeImage(folder, 'a.fits', star, [1, 2, 3])
  expect(await refusalOf(folder)).toMatch(/does not say wavelengths that are even in vacuum/)
  writeImage(folder, 'a.fits', { ...star, CRVAL1: 8, CDELT1: 1e-5, CTYPE1: 'AWAV' }, [1, 2, 3])
  expect(await refusalOf(folder)).toMatch(/does not say wavelengths that are even in vacuum/)
  writeImage(folder, 'WAVE.fits', {}, [3000, 4000])
  expect(await refusalOf(folder)).toMatch(/a\.fits has 3 pixels, .*WAVE\.fits 2 wavelengths/)
  writeImage(folder, 'WAVE2.fits', {}, [3000, 4000])
  expect(await refusalOf(folder)).toMatch(/keep one table of wavelengths in a folder/)
  const flat = newFolder()
  writeImage(flat, 'a.fits', { ...star, NAXIS: 2, NAXIS1: 2, NAXIS2: 2 }, [1, 2, 3, 4])
  expect(await refusalOf(flat)).toMatch(/has an image of 2 x 2 where one row is wanted/)
})

test('sizes that a header claims are not believed, and too many pixels are refused', async () => {
  const folder = newFolder()
  writeImage(folder, 'a.fits', { ...star, NAXIS1: 4_000_000_000 }, [1])
  expect(await refusalOf(folder)).toMatch(/a\.fits is cut short/)
  writeImage(folder, 'a.fits', { ...star, CRVAL1: 3000, CDELT1: 0.004 }, new Array<number>(2_000_001).fill(1))
  expect(await refusalOf(folder)).toMatch(/^RECORD_TOO_LARGE: .*a\.fits has 2000001 pixels, more than 2000000/)
})

test('stops between models when it is asked to', async () => {
  const stop = new AbortController()
  const spectra = readSyntheticGrid(fixture('phoenix'), stop.signal)
  await spectra.next()
  stop.abort()
  await expect(spectra.next()).rejects.toThrow()
})

test('what is no spectrum is passed over: notes, hidden files, and other folders may lie there', async () => {
  const folder = newFolder()
  cpSync(fixture('tables'), folder, { recursive: true })
  mkdirSync(join(folder, 'notes'))
  writeFileSync(join(folder, 'notes', 'README.txt'), 'of the grid')
  writeFileSync(join(folder, '.t7000.fits'), 'half of a download')
  expect((await readAll(folder)).length).toBe(2)
})
