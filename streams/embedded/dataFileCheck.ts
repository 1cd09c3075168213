// Looks at the data file before LMDB does: LMDB ends the whole process where the file is not its own or cut short, or the disk full.
import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { asReadError, asWriteError } from './diskErrors.ts'

// LMDB's first two pages each begin with a 24-byte page header and this, in the machine's byte order:
const MAGIC_AT = 24
const MAGIC = 0xbeefc0de
const VERSION_AT = 28
const VERSION = 2
const PAGE_SIZE_AT = 48
const LAST_PAGE_AT = 144
const COMMIT_NUMBER_AT = 152
const HEADER_BYTES = 160

/** Pages that a transaction took and gave back need not be in the file: it may rightly be this much shorter. */
const MAX_MISSING_BYTES = 256 * 1024 * 1024

/** LMDB needs less than this to create its files. */
const NEW_LOG_BYTES = 128 * 1024

/** @throws FusionError LOG_FULL when the disk has no room for LMDB's files, LOG_UNAVAILABLE when none may be written */
export function checkRoomForNew(file: string, folder: string): void {
  if (existsSync(file) && existsSync(`${file}-lock`)) return
  const trial = join(folder, 'trial.tmp')
  try {
    writeFileSync(trial, Buffer.alloc(NEW_LOG_BYTES))
  } catch (cause) {
    throw asWriteError(cause, folder, file, NEW_LOG_BYTES)
  } finally {
    rmSync(trial, { force: true })
  }
}

/**
 * Makes a file safe to be mapped: where pages at its end are missing, it is lengthened by zeros, which LMDB and the
 * chunks' checksums then recognise as damage. Zeros are appended, so another process that writes is not disturbed.
 *
 * @throws FusionError LOG_DAMAGED when it is no LMDB file or far too short, LOG_UNAVAILABLE when it cannot be opened
 */
export function checkDataFile(file: string, folder: string, isReadOnly: boolean): void {
  if (!existsSync(file)) return
  let missingBytes = 0
  try {
    const handle = openSync(file, isReadOnly ? 'r' : 'r+')
    try {
      const { size } = fstatSync(handle)
      // LMDB itself begins anew in an empty file.
      if (size === 0) return
      const usedBytes = readUsedBytes(handle)
      if (usedBytes === null) throw new DamagedFile('does not begin as it should')
      missingBytes = usedBytes - size
      if (missingBytes > MAX_MISSING_BYTES) throw new DamagedFile(`lacks ${missingBytes} bytes at its end`)
    } finally {
      closeSync(handle)
    }
    if (missingBytes > 0) appendFileSync(file, Buffer.alloc(missingBytes))
  } catch (cause) {
    if (cause instanceof DamagedFile) throw damagedFile(file, folder, cause.message)
    if (missingBytes > 0 && isReadOnly) return
    throw asReadError(cause, folder)
  }
}

class DamagedFile extends Error {}

/** The length that the newer of the two headers implies; null where neither is one. */
export function readUsedBytes(handle: number): number | null {
  const first = readHeader(handle, 0)
  if (first === null) return null
  const second = readHeader(handle, first.pageBytes)
  if (second === null) return null
  const { lastPage, pageBytes } = second.commitNumber > first.commitNumber ? second : first
  return (lastPage + 1) * pageBytes
}

function readHeader(handle: number, at: number): { pageBytes: number; lastPage: number; commitNumber: bigint } | null {
  const bytes = Buffer.alloc(HEADER_BYTES)
  if (readSync(handle, bytes, 0, HEADER_BYTES, at) < HEADER_BYTES) return null
  const words = new DataView(bytes.buffer, bytes.byteOffset)
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
  if (words.getUint32(MAGIC_AT, isLittle) !== MAGIC) return null
  if ((words.getUint32(VERSION_AT, isLittle) & 0xffff) !== VERSION) return null
  return {
    pageBytes: words.getUint32(PAGE_SIZE_AT, isLittle),
    lastPage: Number(words.getBigUint64(LAST_PAGE_AT, isLittle)),
    commitNumber: words.getBigUint64(COMMIT_NUMBER_AT, isLittle),
  }
}

function damagedFile(file: string, folder: string, reason: string): FusionError {
  return new FusionError(
    'LOG_DAMAGED',
    `The log's file ${file} is damaged: it ${reason}; check the disk, then restore the folder from a copy ` +
      'or replay its sources into a new one.',
    { detail: { folder } },
  )
}
