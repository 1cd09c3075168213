// Gaia XP: tables of coefficients, a row for each source, and sampled spectra, as arrays in a row or a row for each wavelength.
// Columns: gea.esac.esa.int/archive/documentation/GDR3, xp_continuous_mean_spectrum and xp_sampled_mean_spectrum.
import { FusionError, type XpBand } from '../../schemas/index.ts'
import { cellText, parseDouble, parseLong } from '../files/cellNumbers.ts'
import type { BadRow, Column, Row, Value } from '../files/table.ts'
import { columnsOf } from './fitsPixels.ts'
import {
  MAX_SPECTRUM_PIXELS,
  outcomeOf,
  type SpectrumDraft,
  type SpectrumOutcome,
  type TableFile,
  type TableProduct,
  tooManyPixels,
  unknownOrigin,
} from './spectrumFile.ts'
import { badValue, makeSegment, type SpectrumPlace } from './spectrumSegment.ts'

const FLUX_UNIT = 'W/m2/nm'
/** All sampled spectra of the archive lie at these wavelengths: 336 to 1020 nm. */
const ARCHIVE_GRID = { start: 336, step: 2, count: 343 } as const

const surveys = ['gaiaXp']
const hasCoefficients = (names: readonly string[]) =>
  names.includes('bp_coefficients') || names.includes('rp_coefficients')
/** In FITS the wavelengths of a source's rows are no sign of Gaia. */
const hasSamples = (names: readonly string[], signs: readonly string[]) =>
  !hasCoefficients(names) && names.includes('flux_error') && signs.some(name => names.includes(name))
const namesOf = (columns: readonly Column[]) => columns.map(({ name }) => name.toLowerCase())

export const xpProducts: readonly TableProduct[] = [
  {
    name: 'xpContinuous',
    surveys,
    knowFits: units => {
      const names = units.flatMap(columnsOf)
      return names.includes('source_id') && hasCoefficients(names) ? 'gaiaXp' : null
    },
    knowTable: columns => hasCoefficients(namesOf(columns)),
    read: readXpContinuous,
    hasMany: true,
  },
  {
    name: 'xpSampled',
    surveys,
    knowFits: units => (hasSamples(units.flatMap(columnsOf), ['source_id']) ? 'gaiaXp' : null),
    knowTable: columns => {
      const names = namesOf(columns)
      return names.includes('flux') && hasSamples(names, ['source_id', 'wavelength'])
    },
    read: readXpSampled,
    hasMany: true,
  },
]

async function* readXpContinuous(
  file: TableFile,
  signal?: AbortSignal,
): AsyncGenerator<SpectrumOutcome, void, undefined> {
  for await (const { row, number } of rowsOf(file, signal)) {
    if (number === null) yield row
    else
      yield outcomeOf(
        file,
        () => continuousSpectrum(row, placeOf(file, number)),
        () => bytesOf(row),
      )
  }
}

function continuousSpectrum(row: Row, place: SpectrumPlace): SpectrumDraft {
  const bands = (['BP', 'RP'] as const).flatMap(name => {
    const band = bandOf(row, name, place)
    return band === null ? [] : [band]
  })
  if (bands.length === 0) {
    throw badValue(place, 'bp_coefficients', 'has coefficients of neither band; leave the row out')
  }
  return { ...originOf(row, sourceOf(row, place), place), segments: [], bands }
}

/** `null` for a band that was not measured, which is legal. */
function bandOf(row: Row, name: 'BP' | 'RP', place: SpectrumPlace): XpBand | null {
  const key = (what: string) => `${name.toLowerCase()}_${what}`
  const coefficients = numbersOf(row, key('coefficients'), place)
  if (coefficients === null || coefficients.length === 0) return null
  const errors = numbersOf(row, key('coefficient_errors'), place) ?? []
  const correlations = numbersOf(row, key('coefficient_correlations'), place) ?? []
  const count = coefficients.length
  if (errors.length !== count) {
    const problem = `has ${count} coefficients but ${errors.length} errors of ${name}; fetch the row again`
    throw badValue(place, key('coefficient_errors'), problem)
  }
  if (correlations.length !== (count * (count - 1)) / 2) {
    const problem = `has ${correlations.length} correlations of ${count} coefficients of ${name}, not ${(count * (count - 1)) / 2}; fetch the row again`
    throw badValue(place, key('coefficient_correlations'), problem)
  }
  if (!errors.every(error => error > 0)) {
    throw badValue(
      place,
      key('coefficient_errors'),
      `has an error of ${name} that is not above zero; leave the row out`,
    )
  }
  if (!correlations.every(correlation => Math.abs(correlation) <= 1)) {
    throw badValue(place, key('coefficient_correlations'), `has a correlation of ${name} beyond 1; leave the row out`)
  }
  const basis = wholeOf(cellOf(row, key('basis_function_id')))
  return {
    name,
    basis,
    coefficients,
    errors,
    correlations,
    relevantBases: wholeOf(cellOf(row, key('n_relevant_bases'))),
  }
}

async function* readXpSampled(file: TableFile, signal?: AbortSignal): AsyncGenerator<SpectrumOutcome, void, undefined> {
  const names = namesOf(tableOf(file).columns)
  if (names.includes('wavelength')) {
    yield* readPixelRows(file, names.includes('source_id'), signal)
    return
  }
  for await (const { row, number } of rowsOf(file, signal)) {
    if (number === null) {
      yield row
      continue
    }
    const make = () => {
      const place = placeOf(file, number)
      const fluxes = cellsOf(row, 'flux', place) ?? []
      if (fluxes.length !== ARCHIVE_GRID.count) {
        const problem = `has ${fluxes.length} fluxes without wavelengths, where the archive has ${ARCHIVE_GRID.count}; give a column wavelength`
        throw badValue(place, 'flux', problem)
      }
      const segment = sampledSegment(ARCHIVE_GRID, fluxes, cellsOf(row, 'flux_error', place) ?? [], place)
      return { ...originOf(row, sourceOf(row, place), place), segments: [segment], bands: [] }
    }
    yield outcomeOf(file, make, () => bytesOf(row))
  }
}

function sampledSegment(
  wavelengths: readonly Value[] | { readonly start: number; readonly step: number },
  fluxes: readonly Value[],
  errors: readonly Value[],
  place: SpectrumPlace,
) {
  const told = 'start' in wavelengths ? { start: wavelengths.start, step: wavelengths.step } : wavelengths
  return makeSegment(
    {
      name: 'XP',
      medium: 'vacuum',
      wavelengthUnit: 'nm',
      wavelengthScale: 'linear',
      wavelengths: told,
      order: 'rising',
      fluxUnit: FLUX_UNIT,
      fluxScale: 'absolute',
      fluxes,
      noise: { kind: 'error', values: errors },
      masks: [],
      signalToNoise: null,
    },
    place,
  )
}

/** A row for each wavelength; those of one source follow on one another. */
async function* readPixelRows(
  file: TableFile,
  hasSource: boolean,
  signal?: AbortSignal,
): AsyncGenerator<SpectrumOutcome, void, undefined> {
  const { path } = file.source
  let first: { readonly row: Row; readonly number: number; readonly source: string } | null = null
  let pixels: Row[] = []
  const finish = (group: NonNullable<typeof first>, rows: readonly Row[]) => {
    const make = () => {
      const place = placeOf(file, group.number)
      const column = (name: string) => rows.map(row => numberOr(cellOf(row, name)))
      const segment = sampledSegment(column('wavelength'), column('flux'), column('flux_error'), place)
      const { extra, ...origin } = originOf(group.row, group.source, place)
      return { ...origin, extra: withoutPixels(extra), segments: [segment], bands: [] }
    }
    return outcomeOf(file, make, () => bytesOf(rows))
  }
  for await (const { row, number } of rowsOf(file, signal)) {
    if (number === null) {
      yield row
      continue
    }
    const source = hasSource ? (cellText(cellOf(row, 'source_id'))?.trim() ?? '') : sourceOfName(path)
    if (first !== null && first.source !== source) {
      yield finish(first, pixels)
      first = null
    }
    if (first === null) {
      first = { row, number, source }
      pixels = []
    }
    if (pixels.length > MAX_SPECTRUM_PIXELS) throw tooManyPixels(path, pixels.length)
    pixels.push(row)
  }
  if (first !== null) yield finish(first, pixels)
}

const withoutPixels = (extra: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(extra).filter(([name]) => !/^(?:wavelength|flux|flux_error)$/i.test(name)))

/** The archive's files of one source have its id in their name, and nowhere else. */
function sourceOfName(path: string): string {
  return /(\d{10,19})\D*$/.exec(path)?.[1] ?? ''
}

function tableOf({ table }: TableFile): NonNullable<TableFile['table']> {
  if (table === null) throw new RangeError('tableOf: a file of Gaia XP is a table')
  return table
}

/** Good rows with their number, and outcomes of the bad ones. A damaged file gives its good rows first. */
async function* rowsOf(
  file: TableFile,
  signal?: AbortSignal,
): AsyncGenerator<
  { readonly row: Row; readonly number: number } | { readonly row: SpectrumOutcome; readonly number: null },
  void,
  undefined
> {
  const options = { batchRows: 64, ...(signal === undefined ? {} : { signal }) }
  for await (const { rows, rowNumbers, badRows } of tableOf(file).batches(options)) {
    // Both lists are in the order of the file.
    let b = 0
    for (let i = 0; i < rows.length; i++) {
      for (; b < badRows.length && badRows[b].row < rowNumbers[i]; b++) yield refused(file, badRows[b])
      yield { row: rows[i], number: rowNumbers[i] }
    }
    for (; b < badRows.length; b++) yield refused(file, badRows[b])
  }
}

function refused(file: TableFile, { code, reason, row, bytes }: BadRow) {
  const error = new FusionError(code, reason, { detail: { path: file.source.path, row } })
  return { row: { kind: 'refusal', error, bytes } as const, number: null }
}

function bytesOf(rows: Row | readonly Row[]): Uint8Array {
  return Buffer.from(JSON.stringify(rows, (_, cell) => (typeof cell === 'bigint' ? `${cell}` : cell)))
}

function placeOf({ source }: TableFile, row: number): SpectrumPlace {
  return { path: source.path, extension: null, row }
}

function originOf(row: Row, source: string, place: SpectrumPlace): Omit<SpectrumDraft, 'segments' | 'bands'> {
  const others = Object.entries(row).filter(
    ([name, cell]) =>
      cell !== null &&
      !Array.isArray(cell) &&
      !/^(?:source_id|ra|dec|.*_coefficients|.*_coefficient_(?:errors|correlations)|flux|flux_error)$/i.test(name),
  )
  return {
    ...unknownOrigin,
    source,
    raDeg: parseDouble(cellOf(row, 'ra')) ?? null,
    decDeg: parseDouble(cellOf(row, 'dec')) ?? null,
    extension: place.extension,
    row: place.row,
    extra: Object.fromEntries(
      others.map(([name, cell]) => [name, cellText(cell) ?? '']).filter(([, text]) => text !== ''),
    ),
  }
}

function sourceOf(row: Row, place: SpectrumPlace): string {
  const id = parseLong(cellOf(row, 'source_id'))
  if (typeof id === 'bigint') return id.toString()
  throw badValue(
    place,
    'source_id',
    `has the source_id '${cellText(cellOf(row, 'source_id')) ?? ''}', no 64-bit integer; repair the row`,
  )
}

/** The cell of a column by its name in any case. */
function cellOf(row: Row, name: string): Value {
  return row[name] ?? row[name.toUpperCase()] ?? null
}

function wholeOf(cell: Value): number | null {
  const value = parseLong(cell)
  return typeof value === 'bigint' && value >= -(2n ** 31n) && value < 2n ** 31n ? Number(value) : null
}

/** What is no number is missing. */
function numberOr(cell: Value): number | null {
  return parseDouble(cell) ?? null
}

/** An array of numbers, however its format writes one: `(1.0, 2.0)` and `[1.0, 2.0]` in texts. */
function cellsOf(row: Row, name: string, place: SpectrumPlace): readonly (number | null)[] | null {
  const cell = cellOf(row, name)
  if (cell === null) return null
  if (Array.isArray(cell)) return (cell as readonly Value[]).map(numberOr)
  const text = cellText(cell)?.trim() ?? ''
  if (text === '' || /^(?:null|nan|--|\(\)|\[\])$/i.test(text)) return null
  const inside = /^[([{](.*)[)\]}]$/s.exec(text)?.[1]
  if (inside === undefined) {
    throw badValue(place, name, `has no array in ${name} but '${text.slice(0, 40)}'; repair the row`)
  }
  return inside.split(',').map(numberOr)
}

/** The same where each has to be a number. */
function numbersOf(row: Row, name: string, place: SpectrumPlace): readonly number[] | null {
  const cells = cellsOf(row, name, place)
  const numbers = cells?.filter(cell => cell !== null) ?? null
  if (cells === null || numbers?.length === cells.length) return numbers
  // Masked arrays of a band that is absent hold nothing at all.
  if (numbers?.length === 0) return null
  const missing = cells.indexOf(null) + 1
  throw badValue(place, name, `has no number at place ${missing} of ${name}; leave the row out, or fetch it again`)
}
