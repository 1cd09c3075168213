// Sentences for files that cannot be read or written: what, where, what to do.
import { FusionError } from '../../schemas/index.ts'

type Detail = Readonly<Record<string, string | number>>

/** A broken, foreign or truncated file. `problem` goes on from the file's name. */
export function unreadable(path: string, problem: string, cause?: unknown, detail: Detail = {}): FusionError {
  return new FusionError('FILE_UNREADABLE', `${path} ${problem}`, { cause, detail: { path, ...detail } })
}

export function tooLarge(path: string, problem: string, detail: Detail = {}): FusionError {
  return new FusionError('RECORD_TOO_LARGE', `${path} ${problem}`, { detail: { path, ...detail } })
}

const remedies = new Map([
  ['ENOENT', 'does not exist; check the path'],
  ['EACCES', 'may not be accessed; check its permissions'],
  ['EPERM', 'may not be accessed; check its permissions'],
  ['EISDIR', 'is a directory; name a file'],
  ['ENOTDIR', 'does not exist, because part of its path is a file; check the path'],
  ['EMFILE', 'cannot be opened, too many files are open; raise the limit of open files'],
  ['ENOSPC', 'cannot be written, the disk is full; free space or choose another place'],
  ['EDQUOT', 'cannot be written, the disk quota is used up; free space or choose another place'],
  ['EROFS', 'cannot be written, the disk is read-only; choose another place'],
])

/** The sentence for a failed system call. */
export function systemProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return (
    remedies.get(code) ?? `cannot be used (${error instanceof Error ? error.message : String(error)}); check the disk`
  )
}
