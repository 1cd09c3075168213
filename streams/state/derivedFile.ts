// LMDB files whose content can be had again from the log: what is damaged is thrown away, not repaired.
import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { isFusionError } from '../../schemas/index.ts'
import { checkDataFile, checkRoomForNew } from '../embedded/dataFileCheck.ts'
import { asWriteError } from '../embedded/diskErrors.ts'

export interface DerivedFile {
  readonly path: string
  readonly root: RootDatabase<Buffer, Buffer>
  /** It was damaged, and begins anew. */
  readonly isRenewed: boolean
  close(): Promise<void>
}

/** A process opens a file at most once: closing a second handle would drop the locks that the first one holds. */
const opened = new Map<string, { file: DerivedFile; users: number }>()

/**
 * Opens the file, and makes it where it is missing, condemned or damaged.
 *
 * @throws FusionError LOG_FULL or LOG_UNAVAILABLE where it cannot be written
 */
export function openDerivedFile(wanted: string): DerivedFile {
  const folder = dirname(wanted)
  let isRenewed = false
  try {
    mkdirSync(folder, { recursive: true })
    const path = `${realpathSync(folder)}/${wanted.slice(folder.length + 1)}`
    const shared = opened.get(path)
    if (shared !== undefined) {
      shared.users += 1
      return shared.file
    }
    isRenewed = isDamaged(path, folder)
    if (isRenewed) for (const one of [path, `${path}-lock`, condemnedMark(path)]) rmSync(one, { force: true })
    checkRoomForNew(path, folder)
    const root = openRoot(path)
    const file = { path, root, isRenewed, close: () => close(path) }
    opened.set(path, { file, users: 1 })
    return file
  } catch (cause) {
    throw asWriteError(cause, folder, wanted, 0)
  }
}

/** Leaves a word for the next opening that the file must not be believed. */
export function condemn({ path }: DerivedFile): void {
  try {
    writeFileSync(condemnedMark(path), '')
  } catch {
    // Then the damage is found again where it is.
  }
}

async function close(path: string): Promise<void> {
  const shared = opened.get(path)
  if (shared === undefined) return
  shared.users -= 1
  if (shared.users > 0) return
  opened.delete(path)
  await shared.file.root.close()
}

function condemnedMark(path: string): string {
  return `${path}-damaged`
}

function isDamaged(path: string, folder: string): boolean {
  if (existsSync(condemnedMark(path))) return true
  try {
    checkDataFile(path, folder, false)
    return false
  } catch (error) {
    if (isFusionError(error) && error.code === 'LOG_DAMAGED') return true
    throw error
  }
}

function openRoot(path: string): RootDatabase<Buffer, Buffer> {
  return open<Buffer, Buffer>({ path, overlappingSync: false, encoding: 'binary', keyEncoding: 'binary' })
}
