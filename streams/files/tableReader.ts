// Step 1 of the walk: a file of any known format, read as a finite log.
import { type ByteSource, openByteSource } from './byteSource.ts'
import { openCsv } from './csvReader.ts'
import { openEcsv } from './ecsvReader.ts'
import { defaultFileLimits, type FileLimits } from './fileLimits.ts'
import { openFits } from './fitsReader.ts'
import { openParquet } from './parquetReader.ts'
import type { TableFormat, TableReader } from './table.ts'
import { detectFormat } from './tableFormat.ts'
import { unreadable } from './unreadableFile.ts'
import { openVotable } from './votableReader.ts'

const HEAD_BYTES = 4096

export interface OpenOptions extends Partial<FileLimits> {
  /** Which table of a FITS file: the name of its extension, or its number, the primary one being 0. Default the first. */
  readonly hdu?: string | number
}

/**
 * Opens a CSV, TSV, ECSV, Parquet, FITS or VOTable table, gzip or not, known by its content first and its name second.
 * Memory stays bounded by the limits whatever the size of the file.
 * @throws FusionError FILE_UNREADABLE when the file is absent, empty, cut short, no table, or names a column twice
 * @throws FusionError RECORD_TOO_LARGE when its header or a row goes beyond the limits, or it is a gzip bomb
 */
export async function openTable(path: string, options: OpenOptions = {}): Promise<TableReader> {
  const { hdu, ...limits } = options
  const source = await openByteSource(path, { ...defaultFileLimits, ...limits })
  try {
    return await openTableOf(source, await formatOf(source), hdu)
  } catch (error) {
    await source.close()
    throw error
  }
}

/** The same of a file that is open already; closing the reader closes it. */
export async function openTableOf(
  source: ByteSource,
  format: TableFormat,
  hdu?: string | number,
): Promise<TableReader> {
  switch (format) {
    case 'parquet':
      return openParquet(source)
    case 'fits':
      return openFits(source, hdu ?? null)
    case 'votable':
      return openVotable(source)
    case 'ecsv':
      return openEcsv(source)
    case 'csv':
    case 'tsv':
      return openCsv(source, format)
  }
}

/** @throws FusionError FILE_UNREADABLE when the file is no table, saying what it seems to be */
export async function formatOf(source: ByteSource): Promise<TableFormat> {
  return detectFormat(source.path, await headOf(source))
}

async function headOf(source: ByteSource): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of source.chunks()) {
      parts.push(chunk)
      length += chunk.length
      if (length >= HEAD_BYTES) break
    }
  } catch (error) {
    // What a broken gzip begins with is enough to know its format; reading it meets the break again.
    if (length === 0) throw error
  }
  if (length === 0) throw unreadable(source.path, 'unpacks to nothing; fetch or write it again')
  return Buffer.concat(parts).subarray(0, HEAD_BYTES)
}
