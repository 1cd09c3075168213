// How much of a file may be believed before it is read: the one place for every bound on untrusted input.

export interface FileLimits {
  /** Longest row, or longest single array cell. */
  readonly maxRecordBytes: number
  /** Longest column description: CSV header line, ECSV or FITS header, Parquet footer. */
  readonly maxHeaderBytes: number
  readonly maxColumns: number
  /** Inflated bytes per gzip byte, judged once `inflateGraceBytes` have come out. Deflate itself ends at 1032. */
  readonly maxInflateRatio: number
  readonly inflateGraceBytes: number
  readonly maxInflatedBytes: number
  /** Most that may be unpacked to the temporary directory, for formats that cannot be read front to back. */
  readonly maxSpoolBytes: number
  /** Most bytes of one unpacked Parquet page. */
  readonly maxPageBytes: number
  /** Most values of one Parquet page: run-length encoding packs any number of them into a few bytes. */
  readonly maxPageValues: number
}

const MIB = 2 ** 20
const GIB = 2 ** 30

export const defaultFileLimits: FileLimits = {
  maxRecordBytes: 16 * MIB,
  maxHeaderBytes: 64 * MIB,
  maxColumns: 10_000,
  maxInflateRatio: 300,
  inflateGraceBytes: 64 * MIB,
  maxInflatedBytes: 1024 * GIB,
  maxSpoolBytes: 32 * GIB,
  maxPageBytes: 256 * MIB,
  maxPageValues: 16 * MIB,
}
