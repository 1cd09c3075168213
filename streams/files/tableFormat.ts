// Tells what a file is by its first bytes, and by its name only where bytes cannot tell.
import { isUtf8 } from 'node:buffer'
import type { TableFormat } from './table.ts'
import { unreadable } from './unreadableFile.ts'

/** First bytes of files that people take for tables, and what to do with each. */
const foreign: readonly (readonly [magic: string, problem: string])[] = [
  ['\x89PNG', 'is a PNG picture, not a table'],
  ['\xff\xd8\xff', 'is a JPEG picture, not a table'],
  ['GIF8', 'is a GIF picture, not a table'],
  ['%PDF', 'is a PDF document; save its table as CSV'],
  ['PK\x03\x04', 'is a zip archive or a spreadsheet; unpack it, or save the sheet as CSV'],
  ['\x89HDF', 'is HDF5; save its table as Parquet, FITS or ECSV'],
  ['BZh', 'is compressed with bzip2; unpack it, or pack it with gzip'],
  ['\xfd7zXZ', 'is compressed with xz; unpack it, or pack it with gzip'],
  ['\x28\xb5\x2f\xfd', 'is compressed with zstd; unpack it, or pack it with gzip'],
  ['PARE', 'is encrypted Parquet; decrypt it first'],
  ['ARROW1', 'is an Arrow file; save it as Parquet'],
  ['Obj\x01', 'is an Avro file; save it as Parquet or CSV'],
  ['SQLite format 3', 'is an SQLite database; export its table as CSV'],
  ['\xff\xfe', 'is UTF-16 text; save it as UTF-8'],
  ['\xfe\xff', 'is UTF-16 text; save it as UTF-8'],
  ['\x1f\x8b', 'is gzip within gzip; unpack it once'],
]

/**
 * The format of a file from its first inflated bytes (a few kilobytes) and its path.
 * @throws FusionError FILE_UNREADABLE when it is no table, saying what it seems to be
 */
export function detectFormat(path: string, head: Buffer): TableFormat {
  const latin = head.toString('latin1', 0, 64)
  if (latin.startsWith('PAR1')) return 'parquet'
  if (/^SIMPLE {2}=/.test(latin)) return 'fits'
  const known = foreign.find(([magic]) => latin.startsWith(magic))
  if (known !== undefined) throw unreadable(path, known[1])
  const text = latin.startsWith('\xef\xbb\xbf') ? latin.slice(3) : latin
  if (/^# %ECSV /.test(text)) return 'ecsv'
  if (/^\s*<(?:[?!][\s\S]*?<)?(?:\w+:)?VOTABLE\b/.test(head.toString('latin1'))) return 'votable'
  if (/^\s*</.test(text))
    throw unreadable(path, 'is XML or HTML; save its table as VOTable, FITS, Parquet, ECSV or CSV')
  if (/^\s*[[{]/.test(text)) throw unreadable(path, 'is JSON; save its table as CSV or Parquet')
  checkText(path, head)
  return /\.(tsv|tab)(\.gz)?$/i.test(path) ? 'tsv' : 'csv'
}

/** Damage further on is a matter of single rows: only the first line speaks for the file. */
function checkText(path: string, head: Buffer): void {
  const end = head.indexOf(0x0a)
  const line = end < 0 ? head : head.subarray(0, end)
  if (line.some(byte => byte < 0x09 || (byte > 0x0d && byte < 0x20))) {
    throw unreadable(path, 'is binary and no table known here; give FITS, Parquet, ECSV, CSV or TSV')
  }
  // The head may end within a character, of up to four bytes.
  const isWhole = end >= 0 ? isUtf8(line) : [0, 1, 2, 3].some(cut => isUtf8(line.subarray(0, line.length - cut)))
  if (!isWhole) throw unreadable(path, 'is text, but its first line is not UTF-8; save it as UTF-8')
}
