// What tells one delivery from another: the content of the file, hashed once, and known again by the file's stamp.
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { FusionError } from '../schemas/index.ts'
import type { ColumnMap, Log, OpenOptions } from '../streams/index.ts'
import { deliveryOfStamp } from './deliveries.ts'

export interface FileDelivery {
  readonly path: string
  /** The survey whose release the table is; `spectra` for a file of spectra, whose content tells its survey. */
  readonly survey: string
  /** What a file of spectra is said to be of: one of another is refused. It decides nothing of what is read. */
  readonly spectraOf?: string
  /** Where the table's columns are not named as the survey names them. */
  readonly map?: ColumnMap
  readonly open?: OpenOptions
}

export interface Fingerprints {
  /** Of all that decides what the rows say. */
  readonly fingerprint: string
  /** Of the table alone. */
  readonly content: string
  /** Of the file as it lies on this machine; empty where it cannot be trusted. */
  readonly stamp: string
}

/** A file that was changed less than this before it is hashed may change again without its times telling. */
const SETTLED_MS = 2000

/**
 * The content is hashed unless a delivery knows the stamp: machine, place, device, inode, size, and the times of the last
 * change of content and of the file, which no program sets back without setting the clock.
 * @throws FusionError FILE_UNREADABLE
 */
export async function fingerprintsOf(log: Log, file: FileDelivery, nowMs: number): Promise<Fingerprints> {
  const stamp = await stampOf(file, nowMs)
  const known = stamp === '' ? null : await deliveryOfStamp(log, stamp)
  if (known !== null && known.content !== undefined && known.content !== '') {
    return { fingerprint: known.fingerprint, content: known.content, stamp }
  }
  const content = await hashOf(file)
  const fingerprint = shortDigest(createHash('sha256').update(JSON.stringify([...readingOf(file), content])))
  // What was written to while it was hashed is known by its content alone.
  return { fingerprint, content, stamp: (await stampOf(file, nowMs)) === stamp ? stamp : '' }
}

function readingOf({ survey, map }: FileDelivery): readonly unknown[] {
  return [survey, map === undefined ? null : [...map.columns]]
}

async function hashOf({ path, open }: FileDelivery): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([open?.hdu ?? null]))
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch (cause) {
    throw unreadable(path, cause)
  }
  return shortDigest(hash)
}

async function stampOf(file: FileDelivery, nowMs: number): Promise<string> {
  const { path, open } = file
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = await stat(path, { bigint: true })
    if (Math.max(Number(mtimeMs), Number(ctimeMs)) > nowMs - SETTLED_MS) return ''
    const place = [hostname(), await realpath(path), ...[dev, ino, size, mtimeNs, ctimeNs].map(String)]
    const told = JSON.stringify([place, open?.hdu ?? null, ...readingOf(file)])
    return shortDigest(createHash('sha256').update(told))
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): FusionError {
  return new FusionError('FILE_UNREADABLE', `${path} cannot be read: give the path of a table.`, {
    cause,
    detail: { path },
  })
}

function shortDigest(hash: Hash): string {
  return hash.digest('hex').slice(0, 32)
}
