// Sentences for files that cannot be read or written: what, where, what to do.
import { FusionError } from '../../schemas/index.ts'

type Detail = Readonly<Record<string, string | number>>

/** A broken, foreign or truncated file. `problem` goes on from the file's name. */
export function unreadable(path: string, problem: string, cause?: unknown, detail: Detail = {}): FusionError {
  return new FusionError('FILE_UNREADABLE', `${path} ${problem}.`, { cause, detail: { path, ...detail } })
}

export function tooLarge(path: string, problem: string, detail: Detail = {}): FusionError {
  return new FusionError('RECORD_TOO_LARGE', `${path} ${problem}.`, { detail: { path, ...detail } })
}

const readRemedies = new Map([
  ['ENOENT', 'does not exist; check the path'],
  ['ENOTDIR', 'does not exist, because part of its path is a file; check the path'],
  ['EACCES', 'may not be read; check its permissions'],
  ['EPERM', 'may not be read; check its permissions'],
  ['EISDIR', 'is a directory; name a file'],
  ['EMFILE', 'cannot be opened, too many files are open; raise the limit of open files'],
])

const writeRemedies = new Map([
  ['ENOENT', 'cannot be written, its folder does not exist; make the folder or choose another'],
  ['ENOTDIR', 'cannot be written, because part of its path is a file; check the path'],
  ['EACCES', "cannot be written; check its folder's permissions"],
  ['EPERM', "cannot be written; check its folder's permissions"],
  ['EISDIR', 'cannot be written, a directory has its name; choose another'],
  ['EEXIST', 'is a file; name a folder'],
  ['ENOSPC', 'cannot be written, the disk is full; free space or choose another place'],
  ['EDQUOT', 'cannot be written, the disk quota is used up; free space or choose another place'],
  ['EROFS', 'cannot be written, the disk is read-only; choose another place'],
])

function systemProblem(error: unknown, remedies: ReadonlyMap<string, string>): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = error instanceof Error ? error.message : String(error)
  return remedies.get(code) ?? `cannot be used (${reason}); check the disk`
}

export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

/** For a system call that failed in reading. */
export function notRead(path: string, cause: unknown): FusionError {
  return unreadable(path, systemProblem(cause, readRemedies), cause)
}

/** For a system call that failed in writing. */
export function notWritten(path: string, cause: unknown): FusionError {
  return new FusionError('FILE_UNWRITABLE', `${path} ${systemProblem(cause, writeRemedies)}.`, {
    cause,
    detail: { path },
  })
}

/** For something that a format or a map cannot do. */
export function configInvalid(path: string, problem: string): FusionError {
  return new FusionError('CONFIG_INVALID', `${path} ${problem}.`, { detail: { path } })
}
