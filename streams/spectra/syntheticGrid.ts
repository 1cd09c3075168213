// A folder of synthetic spectra, one star model after another: FITS images as PHOENIX has them, or tables of one model or of many.
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { type ByteSource, openByteSource } from '../files/byteSource.ts'
import { defaultFileLimits } from '../files/fileLimits.ts'
import type { FitsHeader, FitsUnit } from '../files/fitsHeader.ts'
import { isFitsImage, listFitsUnits, readFitsImage } from '../files/fitsImage.ts'
import type { Column, Row, TableReader, Value } from '../files/table.ts'
import { openTable } from '../files/tableReader.ts'
import { notRead, tooLarge, unreadable } from '../files/unreadableFile.ts'
import { cardNumber } from './spectrumFile.ts'

/** The light at the surface of a model of a star. */
export interface SyntheticSpectrum {
  /** Its file, and the row where that holds several. */
  readonly place: string
  readonly teffK: number
  readonly loggDex: number
  readonly fehDex: number
  /** [N] in vacuum, rising. */
  readonly angstrom: Float64Array
  /** [N] F_lambda in erg/s/cm2/Angstrom, none below 0. */
  readonly fluxes: Float64Array
}

/** PHOENIX at its full resolution has 1,569,128. */
const MAX_PIXELS = 2_000_000
const MAX_FILES = 20_000

type Quantity = 'teffK' | 'loggDex' | 'fehDex' | 'wavelengths' | 'fluxes'
const parameters = ['teffK', 'loggDex', 'fehDex'] as const

/** Letters and digits of the names that are understood, of cards and of columns. */
const names: Readonly<Record<Quantity, readonly string[]>> = {
  teffK: ['teffk', 'phxteff', 'teff'],
  loggDex: ['loggdex', 'phxlogg', 'logg'],
  fehDex: ['fehdex', 'phxmh', 'feh', 'mh'],
  wavelengths: ['wavelengths', 'wavelength', 'wave', 'lambda', 'angstrom'],
  fluxes: ['fluxes', 'flux', 'surfaceflux', 'flambda', 'flam'],
}
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

const angstromsOf = new Map([
  ...['', 'a', 'aa', 'angstrom', 'angstroms'].map(unit => [unit, 1] as const),
  ['nm', 10],
  ...['um', 'micron', 'microns'].map(unit => [unit, 1e4] as const),
])
/** Per second, cm2 and Angstrom: what is without a unit is taken for that. */
const fluxScales = new Map([
  ['', 1],
  ...['ergscm2angstrom', 'ergscm2a', 'ergcm2sa', 'ergcm2sangstrom'].map(unit => [unit, 1] as const),
  ...['erg1s1cm21angstrom1', 'ergs1cm2angstrom1', 'ergs1cm2a1'].map(unit => [unit, 1] as const),
  ...['ergscm2cm', 'ergs1cm2cm1'].map(unit => [unit, 1e-8] as const),
  ['ergscm2nm', 0.1],
])

/**
 * Spectra of all files below a folder that end in .fits, .fit, .fits.gz or .parquet, in the order of their names. One spectrum is in memory at a
 * time, beside the table of wavelengths. The layouts: docs/simulated-spectra.md.
 *
 * @throws FusionError FILE_UNREADABLE at the first file that is none of the layouts, or has a hole, and where there is no file
 * @throws FusionError RECORD_TOO_LARGE at one of more than two million pixels, or beyond the limits of files
 */
export async function* readSyntheticGrid(
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<SyntheticSpectrum, void, undefined> {
  const paths = await filesBelow(folder)
  const isWave = (path: string) => /^wave/i.test(basename(path))
  const waves = paths.filter(isWave)
  const models = paths.filter(path => !isWave(path))
  if (models.length === 0) {
    throw unreadable(folder, 'holds no spectra: no file that ends in .fits or .parquet; name the folder of a grid')
  }
  const shared = new SharedWavelengths(waves)
  for (const path of models) {
    signal?.throwIfAborted()
    yield* /\.parquet$/i.test(path) ? readTable(path, null, signal) : readFits(path, shared, signal)
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  let found: readonly string[]
  try {
    found = await readdir(folder, { recursive: true })
  } catch (cause) {
    throw notRead(folder, cause)
  }
  const files = found.filter(name => /\.(fits|fit|fits\.gz|parquet)$/i.test(name) && !basename(name).startsWith('.'))
  if (files.length > MAX_FILES)
    throw tooLarge(folder, `holds over ${MAX_FILES} files of spectra; name a part of the grid`)
  return files.sort().map(name => join(folder, name))
}

/** Tables of wavelengths that models share, each read when it is first needed. */
class SharedWavelengths {
  private readonly paths: readonly string[]
  private readonly read = new Map<string, Promise<Float64Array>>()

  constructor(paths: readonly string[]) {
    this.paths = paths
  }

  /** The one beside a model, or in the nearest folder above; null where there is none. */
  async of(modelPath: string): Promise<{ readonly path: string; readonly angstrom: Float64Array } | null> {
    for (let folder = dirname(modelPath); ; folder = dirname(folder)) {
      const here = this.paths.filter(path => dirname(path) === folder)
      if (here.length > 1)
        throw unreadable(here[1], `lies beside ${here[0]}: keep one table of wavelengths in a folder`)
      if (here.length === 1) return { path: here[0], angstrom: await this.angstromOf(here[0]) }
      if (dirname(folder) === folder) return null
    }
  }

  private angstromOf(path: string): Promise<Float64Array> {
    const known = this.read.get(path)
    if (known !== undefined) return known
    const made = withFits(path, async (source, units) => {
      const number = units.findIndex(isFitsImage)
      if (number < 0) throw unreadable(path, 'holds no image of wavelengths; fetch it again')
      const { header } = units[number]
      const unit = ['CUNIT1', 'UNIT', 'BUNIT'].map(card => header.values.get(card)).find(one => one !== undefined)
      return wavelengthsOf(path, await imageOf(source, units[number], number), unit ?? '')
    })
    this.read.set(path, made)
    return made
  }
}

async function withFits<T>(
  path: string,
  use: (source: ByteSource, units: readonly FitsUnit[]) => Promise<T>,
): Promise<T> {
  const source = await openByteSource(path, defaultFileLimits)
  try {
    const { units, isCut } = await listFitsUnits(source)
    if (units.length === 0) throw unreadable(path, 'is no FITS file; take it out of the folder, or fetch it again')
    if (isCut) throw unreadable(path, 'is cut short; fetch the file again')
    return await use(source, units)
  } finally {
    await source.close()
  }
}

async function imageOf(source: ByteSource, unit: FitsUnit, number: number): Promise<readonly (number | null)[]> {
  const { axes, values } = await readFitsImage(source, unit, number)
  if (axes.filter(length => length > 1).length > 1) {
    throw unreadable(source.path, `has an image of ${axes.join(' x ')} where one row is wanted; give a spectrum a file`)
  }
  checkPixels(source.path, values.length)
  return values
}

function checkPixels(place: string, pixels: number): void {
  if (pixels > MAX_PIXELS) throw tooLarge(place, `has ${pixels} pixels, more than ${MAX_PIXELS}; thin them out`)
}

async function* readFits(
  path: string,
  shared: SharedWavelengths,
  signal?: AbortSignal,
): AsyncGenerator<SyntheticSpectrum, void, undefined> {
  const found = await withFits(path, async (source, units) => {
    const number = units.findIndex(isFitsImage)
    if (number < 0) return units.map(({ header }) => header)
    const { header } = units[number]
    const cards = [header, units[0].header]
    const values = await imageOf(source, units[number], number)
    const angstrom = (await sharedOf(path, shared, values.length)) ?? lawOf(path, header, values.length)
    return {
      ...starOf(path, quantity => cardOf(cards, quantity)),
      angstrom,
      fluxes: fluxesOf(path, values, header.values.get('BUNIT') ?? ''),
    }
  })
  if (Array.isArray(found)) yield* readTable(path, found, signal)
  else yield { place: path, ...(found as Omit<SyntheticSpectrum, 'place'>) }
}

async function sharedOf(path: string, shared: SharedWavelengths, pixels: number): Promise<Float64Array | null> {
  const wave = await shared.of(path)
  if (wave === null || wave.angstrom.length === pixels) return wave?.angstrom ?? null
  throw unreadable(path, `has ${pixels} pixels, ${wave.path} ${wave.angstrom.length} wavelengths; fetch both again`)
}

/** Even in Angstrom, by the cards of an image. */
function lawOf(path: string, header: FitsHeader, pixels: number): Float64Array {
  const [first, step] = [cardNumber(header, 'CRVAL1'), cardNumber(header, 'CDELT1') ?? cardNumber(header, 'CD1_1')]
  const kind = (header.values.get('CTYPE1') ?? '').trim().toUpperCase()
  if (first === null || step === null || !['', 'WAVE', 'LAMBDA', 'WAVELENGTH'].includes(kind)) {
    throw unreadable(
      path,
      'does not say wavelengths that are even in vacuum: put their table beside it as WAVE.fits, or give it CRVAL1 and CDELT1',
    )
  }
  const reference = cardNumber(header, 'CRPIX1') ?? 1
  const values = Array.from({ length: pixels }, (_, i) => first + step * (i + 1 - reference))
  return wavelengthsOf(path, values, header.values.get('CUNIT1') ?? '')
}

function cardOf(headers: readonly FitsHeader[], quantity: Quantity): Value {
  for (const name of names[quantity]) {
    for (const header of headers) {
      const keyword = [...header.values.keys()].find(key => plain(key) === name)
      if (keyword !== undefined) return cardNumber(header, keyword)
    }
  }
  return null
}

/** @param headers of a FITS file, whose cards tell of the one model in its table; null where each row is a model */
async function* readTable(
  path: string,
  headers: readonly FitsHeader[] | null,
  signal?: AbortSignal,
): AsyncGenerator<SyntheticSpectrum, void, undefined> {
  const table = await openTable(path)
  try {
    const columnOf = (quantity: Quantity) => findColumn(table.columns, quantity)
    const [wavelengths, fluxes] = (['wavelengths', 'fluxes'] as const).map(quantity => {
      const column = columnOf(quantity)
      if (column === null) {
        throw unreadable(
          path,
          `has no column ${quantity}, only ${table.columns.map(({ name }) => name).join(', ')}; name it so`,
        )
      }
      return column
    })
    if (wavelengths.arraySize !== null && fluxes.arraySize !== null) {
      yield* modelRows(table, wavelengths, fluxes, signal)
      return
    }
    if (headers === null)
      throw unreadable(path, 'has a pixel a row: give it a model a row, wavelengths and fluxes as lists')
    yield await modelOfRows(table, headers, wavelengths, fluxes, signal)
  } finally {
    await table.close()
  }
}

function findColumn(columns: readonly Column[], quantity: Quantity): Column | null {
  for (const name of names[quantity]) {
    const found = columns.find(column => plain(column.name) === name)
    if (found !== undefined) return found
  }
  return null
}

async function* modelRows(
  table: TableReader,
  wavelengths: Column,
  fluxes: Column,
  signal?: AbortSignal,
): AsyncGenerator<SyntheticSpectrum, void, undefined> {
  const { path } = table
  const columns = new Map(parameters.map(name => [name, findColumn(table.columns, name)]))
  for await (const batch of table.batches({ batchRows: 1, ...(signal === undefined ? {} : { signal }) })) {
    for (const bad of batch.badRows) throw new FusionError(bad.code, bad.reason)
    for (const [k, row] of batch.rows.entries()) {
      const place = `${path}, row ${batch.rowNumbers[k]},`
      const cell = (quantity: (typeof parameters)[number]) => {
        const column = columns.get(quantity) ?? null
        return column === null ? null : row[column.name]
      }
      const angstrom = wavelengthsOf(place, listOf(place, row, wavelengths), wavelengths.unit ?? '')
      const light = fluxesOf(place, listOf(place, row, fluxes), fluxes.unit ?? '')
      if (angstrom.length !== light.length) {
        throw unreadable(place, `has ${angstrom.length} wavelengths and ${light.length} fluxes; write it again`)
      }
      yield { place, ...starOf(place, cell), angstrom, fluxes: light }
    }
  }
}

function listOf(place: string, row: Row, column: Column): readonly (number | null)[] {
  const list = row[column.name]
  if (!Array.isArray(list)) throw unreadable(place, `has no ${column.name}; fill them in, or leave the row out`)
  checkPixels(place, list.length)
  return list.map(numberOf)
}

async function modelOfRows(
  table: TableReader,
  headers: readonly FitsHeader[],
  wavelengths: Column,
  fluxes: Column,
  signal?: AbortSignal,
): Promise<SyntheticSpectrum> {
  const { path } = table
  checkPixels(path, table.rowCount ?? 0)
  const [waves, light]: (number | null)[][] = [[], []]
  for await (const batch of table.batches(signal === undefined ? {} : { signal })) {
    for (const bad of batch.badRows) throw new FusionError(bad.code, bad.reason)
    for (const row of batch.rows) {
      waves.push(numberOf(row[wavelengths.name]))
      light.push(numberOf(row[fluxes.name]))
    }
    checkPixels(path, waves.length)
  }
  return {
    place: path,
    ...starOf(path, quantity => cardOf(headers, quantity)),
    angstrom: wavelengthsOf(path, waves, wavelengths.unit ?? ''),
    fluxes: fluxesOf(path, light, fluxes.unit ?? ''),
  }
}

const numberOf = (value: Value) => (typeof value === 'number' ? value : null)

function starOf(place: string, read: (quantity: (typeof parameters)[number]) => Value) {
  const [teffK, loggDex, fehDex] = parameters.map(quantity => {
    const value = Number(read(quantity) ?? Number.NaN)
    if (Number.isFinite(value)) return value
    throw unreadable(
      place,
      `does not say ${quantity} of its model; give it a column or card of that name, or ${names[quantity][1].toUpperCase()}`,
    )
  })
  if (!(teffK > 0)) throw unreadable(place, `has a temperature of ${teffK} K; it must be above 0`)
  return { teffK, loggDex, fehDex }
}

function wavelengthsOf(place: string, values: readonly (number | null)[], unit: string): Float64Array {
  const factor = angstromsOf.get(plain(unit))
  if (factor === undefined) throw unreadable(place, `has wavelengths in '${unit}': give them in Angstrom, nm or um`)
  const angstrom = scaled(values, factor)
  const wrong = angstrom.findIndex(
    (one, i) => !(one > (i === 0 ? 0 : angstrom[i - 1]) && one < Number.POSITIVE_INFINITY),
  )
  if (wrong >= 0) {
    throw unreadable(place, `has wavelengths that do not rise at pixel ${wrong + 1}; sort them, without holes`)
  }
  return angstrom
}

function fluxesOf(place: string, values: readonly (number | null)[], unit: string): Float64Array {
  const factor = fluxScales.get(plain(unit))
  if (factor === undefined) throw unreadable(place, `has fluxes in '${unit}': give them in erg/s/cm2/Angstrom`)
  const fluxes = scaled(values, factor)
  const wrong = fluxes.findIndex(flux => !(flux >= 0 && flux < Number.POSITIVE_INFINITY))
  if (wrong >= 0) {
    throw unreadable(place, `has no flux at pixel ${wrong + 1}, or one below 0; fill it in, or leave the model out`)
  }
  return fluxes
}

/** Holes become NaN, which the checks find. A loop: a million and a half of values. */
function scaled(values: readonly (number | null)[], factor: number): Float64Array {
  const out = new Float64Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = (values[i] ?? Number.NaN) * factor
  return out
}
