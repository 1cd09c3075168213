// manifest.json says what a log folder is and which version of the format it has, before LMDB is touched.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError } from '../../schemas/index.ts'
import { asReadError, asWriteError } from './diskErrors.ts'

const FORMAT = 'birthline log'
/** Raised by every change that an older program would misread. */
export const FORMAT_VERSION = 1

export function manifestFile(folder: string): string {
  return join(folder, 'manifest.json')
}

/** The one file of the log's data; LMDB keeps its lock file beside it. */
export function dataFile(folder: string): string {
  return join(folder, 'log.mdb')
}

/**
 * Creates the folder and its manifest where there is none yet.
 *
 * @throws FusionError CONFIG_INVALID when the folder's data is not ours, LOG_FULL or LOG_UNAVAILABLE when it cannot be
 * written
 */
export function ensureManifest(folder: string): void {
  if (existsSync(manifestFile(folder))) return
  if (existsSync(dataFile(folder))) throw notALog(folder, 'it holds log.mdb but no manifest.json')
  try {
    mkdirSync(folder, { recursive: true })
    const draft = `${manifestFile(folder)}.${process.pid}`
    const file = openSync(draft, 'w')
    writeSync(file, `${JSON.stringify({ format: FORMAT, version: FORMAT_VERSION })}\n`)
    fsyncSync(file)
    closeSync(file)
    renameSync(draft, manifestFile(folder))
    syncFolder(folder)
  } catch (cause) {
    throw asWriteError(cause, folder, dataFile(folder), 0)
  }
}

/**
 * @throws FusionError LOG_UNAVAILABLE where there is no log, CONFIG_INVALID where it is something else,
 * LOG_TOO_NEW where a later version of the program wrote it
 */
export function checkManifest(folder: string): void {
  if (!existsSync(manifestFile(folder))) {
    throw new FusionError(
      'LOG_UNAVAILABLE',
      `There is no log in ${folder} yet; start what writes it, or name the folder it is in.`,
      { detail: { folder } },
    )
  }
  const manifest = readManifest(folder)
  if (manifest.version > FORMAT_VERSION) {
    throw new FusionError(
      'LOG_TOO_NEW',
      `The log in ${folder} has format version ${manifest.version}, and this program knows up to ${FORMAT_VERSION}; ` +
        'use the newer program that wrote it, or choose another folder.',
      { detail: { folder, version: manifest.version, known: FORMAT_VERSION } },
    )
  }
}

function readManifest(folder: string): { version: number } {
  let text: string
  try {
    text = readFileSync(manifestFile(folder), 'utf8')
  } catch (cause) {
    throw asReadError(cause, folder)
  }
  try {
    const manifest: unknown = JSON.parse(text)
    if (typeof manifest === 'object' && manifest !== null && 'format' in manifest && 'version' in manifest) {
      const { format, version } = manifest
      if (format === FORMAT && typeof version === 'number') return { version }
    }
  } catch {
    // Not JSON: the sentence below says so.
  }
  throw notALog(folder, 'its manifest.json is not one of ours')
}

/** Makes a created or renamed entry survive a power cut, where the system has such a call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function notALog(folder: string, reason: string): FusionError {
  return new FusionError(
    'CONFIG_INVALID',
    `${folder} is not a birthline log: ${reason}. Choose another folder for the log.`,
    { detail: { folder } },
  )
}
