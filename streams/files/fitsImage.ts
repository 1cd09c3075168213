// Images of a FITS file: small ones, read whole. A spectrum is often an image of one row, or of a few.
import { ByteCursor } from './byteCursor.ts'
import type { ByteSource } from './byteSource.ts'
import { fitsElement, isScaling } from './fitsElements.ts'
import { FITS_BLOCK_BYTES, type FitsUnit, fitsInteger, readFitsUnit } from './fitsHeader.ts'
import { tooLarge, unreadable } from './unreadableFile.ts'

/** More units than any survey's file of a spectrum has. */
const MAX_UNITS = 10_000

const elementCodes = new Map([
  [8, 'B'],
  [16, 'I'],
  [32, 'J'],
  [64, 'K'],
  [-32, 'E'],
  [-64, 'D'],
])

export interface FitsImage {
  /** Lengths of the axes, the fastest first. */
  readonly axes: readonly number[]
  /** Scaled, in the order of the file; missing and NaN are `null`, an infinity stays one. */
  readonly values: readonly (number | null)[]
}

export interface FitsUnits {
  /** The primary one first. */
  readonly units: readonly FitsUnit[]
  /** The file ends within the last one. */
  readonly isCut: boolean
}

/**
 * Headers of all units of a file.
 * @throws FusionError FILE_UNREADABLE when a header is cut short
 */
export async function listFitsUnits(source: ByteSource): Promise<FitsUnits> {
  const cursor = new ByteCursor(source)
  const units: FitsUnit[] = []
  try {
    for (;;) {
      const unit = await readFitsUnit(cursor, source)
      if (unit === null) return { units, isCut: false }
      units.push(unit)
      if (units.length > MAX_UNITS) {
        throw tooLarge(source.path, `has more than ${MAX_UNITS} extensions; check that it is the file you meant`)
      }
      // Whole blocks: what ends within the padding has lost what came after it.
      const blockBytes = Math.ceil(unit.dataBytes / FITS_BLOCK_BYTES) * FITS_BLOCK_BYTES
      if (blockBytes > 0) {
        await cursor.skip(blockBytes - 1)
        const { bytes, failure } = await cursor.read(1)
        if (failure !== null) throw failure
        if (bytes.length === 0) return { units, isCut: true }
      }
    }
  } finally {
    await cursor.close()
  }
}

/** An extension as people call it: its name, or else its number. */
export function unitName(unit: FitsUnit, number: number): string {
  return unit.header.values.get('EXTNAME') || (number === 0 ? 'primary' : `extension ${number}`)
}

/** Whether a unit holds an image with data. */
export function isFitsImage({ header, dataBytes }: FitsUnit): boolean {
  const kind = header.values.get('XTENSION') ?? 'IMAGE'
  return kind === 'IMAGE' && dataBytes > 0
}

/** Rows of an image from the first one on, counted from 0: slices along its last axis. */
export interface FitsRows {
  readonly first: number
  readonly count: number
}

/**
 * @param number of the unit in the file, the primary one being 0
 * @param rows that are read; left out, all
 * @throws FusionError FILE_UNREADABLE when the data are cut short or of a kind FITS does not know
 * @throws FusionError RECORD_TOO_LARGE when they go beyond the limit of a record
 */
export async function readFitsImage(
  source: ByteSource,
  unit: FitsUnit,
  number: number,
  rows?: FitsRows,
): Promise<FitsImage> {
  const { path, limits } = source
  const { header, dataStart, dataBytes } = unit
  const name = unitName(unit, number)
  const code = elementCodes.get(fitsInteger(header, 'BITPIX', 0, path))
  const scaling = {
    scale: header.values.get('BSCALE') || undefined,
    zero: header.values.get('BZERO') || undefined,
    missing: header.values.get('BLANK'),
  }
  const element = code === undefined || !isScaling(scaling) ? null : fitsElement(code, scaling)
  if (element === null) throw unreadable(path, `has an image in ${name} that FITS does not know; write it again`)
  const rank = fitsInteger(header, 'NAXIS', 0, path)
  const all = Array.from({ length: rank }, (_, i) => fitsInteger(header, `NAXIS${i + 1}`, 0, path))
  const rowBytes = dataBytes / Math.max(1, all.at(-1) ?? 1)
  const { first, count } = rows ?? { first: 0, count: all.at(-1) ?? 0 }
  const sizeBytes = rows === undefined ? dataBytes : count * rowBytes
  if (sizeBytes > limits.maxRecordBytes) {
    throw tooLarge(path, `has an image of ${sizeBytes} bytes in ${name}, more than ${limits.maxRecordBytes}; cut it`)
  }
  const bytes = await source.readAt(dataStart + first * rowBytes, sizeBytes)
  if (bytes.length < sizeBytes) throw unreadable(path, `is cut short in ${name}; fetch the file again`)
  // A loop: model spectra have more than a million values.
  const values = new Array<number | null>(sizeBytes / element.sizeBytes)
  for (let i = 0; i < values.length; i++) {
    const value = element.read(bytes, i * element.sizeBytes)
    values[i] = value === null ? null : Number(value)
  }
  return { axes: [...all.slice(0, -1), count], values }
}
