// A file of a survey as spectra, one by one: what it is, is told by its content.
import { FusionError, spectrumSurveys } from '../../schemas/index.ts'
import { openByteSource } from '../files/byteSource.ts'
import { sha256OfFile } from '../files/fileDigest.ts'
import { defaultFileLimits, type FileLimits } from '../files/fileLimits.ts'
import type { TableReader } from '../files/table.ts'
import { formatOf, openTableOf } from '../files/tableReader.ts'
import { isSystemError, notRead } from '../files/unreadableFile.ts'
import type { OpenFile, SpectrumOutcome } from './spectrumFile.ts'
import { type KnownFile, knowFits, knowTable } from './spectrumProduct.ts'

export interface SpectrumOptions extends Partial<FileLimits> {
  /** What the file is said to be of; a file of another is refused. */
  readonly survey?: string
  readonly signal?: AbortSignal
}

export interface SpectrumFile {
  readonly path: string
  readonly format: string
  readonly survey: string
  readonly product: string
  readonly sha256: string
  /**
   * Spectra in the order of the file, and what is refused in their place. May be called again.
   * @throws FusionError FILE_UNREADABLE after the last whole spectrum of a file that is cut short or laid out otherwise
   * @throws FusionError RECORD_TOO_LARGE at a table or image beyond the limits
   */
  spectra(): AsyncGenerator<SpectrumOutcome, void, undefined>
  close(): Promise<void>
}

/**
 * Opens a file of spectra: a table (CSV, ECSV, FITS, VOTable, Parquet) or FITS, gzip or not. Memory is bounded by one
 * spectrum, or by a few rows of a table of many; a gzip of FITS is unpacked to the temporary directory.
 * @throws FusionError FILE_UNREADABLE when the file is absent, cut short, or no spectrum known here
 * @throws FusionError SURVEY_UNKNOWN when the survey that it is said to be of is none, CONFIG_INVALID when it is of another
 */
export async function openSpectra(path: string, options: SpectrumOptions = {}): Promise<SpectrumFile> {
  const { survey: claimed, signal, ...limits } = options
  checkSurvey(claimed)
  const source = await openByteSource(path, { ...defaultFileLimits, ...limits })
  try {
    const format = await formatOf(source)
    let known: KnownFile
    let table: TableReader | null = null
    if (format === 'fits') {
      known = await knowFits(source)
      if (known.product.knowTable !== undefined) table = await openTableOf(source, format)
    } else {
      table = await openTableOf(source, format)
      known = knowTable(table)
    }
    checkClaim(path, claimed, known)
    const sha256 = await hashOf(path)
    const file: OpenFile = { source, format, sha256, table, ...known }
    return {
      path,
      format,
      survey: known.survey,
      product: known.product.name,
      sha256,
      spectra: () => known.product.read(file, signal),
      close: () => source.close(),
    }
  } catch (error) {
    await source.close()
    throw error
  }
}

function checkSurvey(claimed: string | undefined): void {
  if (claimed === undefined || spectrumSurveys.includes(claimed)) return
  throw new FusionError(
    'SURVEY_UNKNOWN',
    `No survey of spectra is named ${claimed}: there are ${spectrumSurveys.join(', ')}.`,
  )
}

function checkClaim(path: string, claimed: string | undefined, { survey, product }: KnownFile): void {
  if (claimed === undefined || claimed === survey) return
  throw new FusionError(
    'CONFIG_INVALID',
    `${path} is a spectrum of ${survey} (${product.name}), not of ${claimed}: name ${survey}, or give the file you meant.`,
    { detail: { path, survey, claimed } },
  )
}

async function hashOf(path: string): Promise<string> {
  try {
    return await sha256OfFile(path)
  } catch (error) {
    throw isSystemError(error) ? notRead(path, error) : error
  }
}
