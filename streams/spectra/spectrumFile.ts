// What the readers of all products share: an open file, and the last touches on a spectrum of it.
import { basename } from 'node:path'
import { encode, FusionError, fingerprintOf, isFusionError, type Spectrum } from '../../schemas/index.ts'
import type { ByteSource } from '../files/byteSource.ts'
import { doubleFromText } from '../files/cellNumbers.ts'
import type { FitsHeader, FitsUnit } from '../files/fitsHeader.ts'
import type { Column, TableReader } from '../files/table.ts'
import { badValue } from './spectrumSegment.ts'

/** Twice a visit of APOGEE, which has more pixels than any other product. */
export const MAX_SPECTRUM_PIXELS = 24_576
/** What brokers take by default, less what the order of its delivery takes. */
export const MAX_SPECTRUM_BYTES = 2 ** 20 - 16

/** A product of one survey or of several: how a file of it is known, and how it is read. */
export interface SpectrumProduct {
  readonly name: string
  readonly surveys: readonly string[]
  /** Which of the surveys a FITS file of these units is of; null where it is no such product. */
  readonly knowFits: (units: readonly FitsUnit[]) => string | null
  /** Whether a table of these columns is of its one survey; left out where tables are not read. */
  readonly knowTable?: (columns: readonly Column[]) => boolean
  /** Spectra in the order of the file. */
  readonly read: (file: OpenFile, signal?: AbortSignal) => AsyncGenerator<SpectrumOutcome, void, undefined>
  /** A file of many spectra that is cut short gives its whole ones first; half of one spectrum is none. */
  readonly hasMany?: boolean
}

/** A product whose files are tables, whatever their format: rows of one can be read alone. */
export interface TableProduct extends SpectrumProduct {
  readonly knowTable: (columns: readonly Column[]) => boolean
  readonly read: (file: TableFile, signal?: AbortSignal) => AsyncGenerator<SpectrumOutcome, void, undefined>
}

/** What spectra say of the file that they come from. */
export interface FileOrigin {
  readonly source: Pick<ByteSource, 'path'>
  readonly format: string
  readonly sha256: string
  readonly survey: string
  readonly product: SpectrumProduct
}

export interface TableFile extends FileOrigin {
  /** The file as a table, where its product may be one. */
  readonly table: Pick<TableReader, 'columns' | 'batches'> | null
}

export interface OpenFile extends TableFile {
  readonly source: ByteSource
  /** Of a FITS file; none of others. */
  readonly units: readonly FitsUnit[]
}

/** A spectrum with its bytes as a record, or why it is none. The file goes on after either. */
export type SpectrumOutcome =
  | { readonly kind: 'spectrum'; readonly spectrum: Spectrum; readonly bytes: Uint8Array }
  | {
      readonly kind: 'refusal'
      readonly error: FusionError
      /** The table row: as it stands in the file where it is no row, else as JSON; `null` for what is no row of a table. */
      readonly bytes: Uint8Array | null
    }

/** What a reader of one product says of a spectrum. */
export type SpectrumDraft = Omit<
  Spectrum,
  'spectrumId' | 'survey' | 'product' | 'file' | 'format' | 'fileSha256' | 'row'
> & { readonly row: number | null }

/** Nothing is known but what the file says. */
export const unknownOrigin = {
  release: null,
  raDeg: null,
  decDeg: null,
  velocityFrame: null,
  frameCorrectionKmPerS: null,
  startMjd: null,
  midMjd: null,
  exposureS: null,
  nightMjd: null,
  plate: null,
  field: null,
  fibre: null,
} as const

/**
 * @param make throws FusionError where the spectrum cannot be one
 * @param bytesOf what is kept of it then
 */
export function outcomeOf(
  file: FileOrigin,
  make: () => SpectrumDraft,
  bytesOf: (() => Uint8Array) | null = null,
): SpectrumOutcome {
  try {
    return finish(file, make())
  } catch (error) {
    if (!isFusionError(error)) throw error
    return { kind: 'refusal', error, bytes: bytesOf?.() ?? null }
  }
}

function finish(file: FileOrigin, draft: SpectrumDraft): SpectrumOutcome {
  const { path } = file.source
  const place = { path, extension: draft.extension, row: draft.row }
  const pixels = draft.segments.reduce((sum, segment) => sum + segment.fluxes.length, 0)
  if (pixels > MAX_SPECTRUM_PIXELS) throw tooManyPixels(path, pixels)
  if (pixels > 0 && draft.segments.every(segment => segment.badPixelCount === segment.fluxes.length)) {
    throw badValue(place, 'ivar', 'has no pixel with a flux and an error; leave it out, or fetch the file again')
  }
  if (draft.source === '') throw badValue(place, 'source', 'does not name its star; check that the file is complete')
  const spectrum: Spectrum = {
    ...draft,
    spectrumId: fingerprintOf([file.sha256, draft.extension ?? '', String(draft.row ?? '')]),
    survey: file.survey,
    product: file.product.name,
    row: draft.row === null ? null : BigInt(draft.row),
    file: basename(path),
    format: file.format,
    fileSha256: file.sha256,
    // Avro's maps lose a column of that name.
    extra: Object.fromEntries(Object.entries(draft.extra).filter(([name]) => name !== '__proto__')),
  }
  const bytes = encode('spectrum', spectrum)
  if (bytes.length > MAX_SPECTRUM_BYTES) {
    throw new FusionError(
      'RECORD_TOO_LARGE',
      `${path} holds a spectrum of ${bytes.length} bytes, more than ${MAX_SPECTRUM_BYTES}; take cards or columns out that nobody needs.`,
      { detail: { path, sizeBytes: bytes.length } },
    )
  }
  return { kind: 'spectrum', spectrum, bytes }
}

export function tooManyPixels(path: string, pixels: number): FusionError {
  return new FusionError(
    'RECORD_TOO_LARGE',
    `${path} holds a spectrum of ${pixels} pixels, more than ${MAX_SPECTRUM_PIXELS}; check that it is a spectrum of one star.`,
    { detail: { path, pixels } },
  )
}

/** The finite number of a card; `null` where there is none. */
export function cardNumber(header: FitsHeader, keyword: string): number | null {
  return textNumber(header.values.get(keyword) ?? '')
}

/** The finite number of a text; `null` where it is none. */
export function textNumber(text: string): number | null {
  const value = doubleFromText(text)
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** The whole number of a card that fits 32 bits; `null` where there is none. */
export function cardInteger(header: FitsHeader, keyword: string): number | null {
  const value = cardNumber(header, keyword)
  return value !== null && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : null
}

/** The text of a card without spaces around; `null` where it is empty. */
export function cardText(header: FitsHeader, keyword: string): string | null {
  return header.values.get(keyword)?.trim() || null
}

/** A date of a card, read as UTC, as a modified Julian date; `null` where there is none. */
export function cardMjd(header: FitsHeader, keyword: string): number | null {
  const text = cardText(header, keyword)
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/.test(text)) return null
  const ms = Date.parse(`${text}Z`)
  return Number.isFinite(ms) ? ms / 86_400_000 + UNIX_EPOCH_MJD : null
}

const UNIX_EPOCH_MJD = 40_587

/** Cards that tell how the file is laid out, and say nothing of the star. */
const layoutCards =
  /^(?:|SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|TFIELDS|EXTNAME|EXTVER|CHECKSUM|DATASUM|(?:TTYPE|TFORM|TUNIT|TDIM|TNULL|TSCAL|TZERO|TDISP|TCOMM|TUCD)\d+)$/

/** The other cards as text. */
export function extraCards(header: FitsHeader, prefix = ''): Record<string, string> {
  const entries = [...header.values].filter(([keyword]) => !layoutCards.test(keyword))
  return Object.fromEntries(entries.map(([keyword, value]) => [`${prefix}${keyword}`, value]))
}
