// What the disk and LMDB report, as our codes.
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { FusionError, isFusionError } from '../../schemas/index.ts'

/** ENOSPC, EFBIG, EDQUOT by number (Linux, macOS, BSD) as LMDB gives them, and by name as Node does. */
const fullCodes: ReadonlySet<unknown> = new Set([28, 27, 122, 69, 'ENOSPC', 'EFBIG', 'EDQUOT'])
/** MDB_PAGE_NOTFOUND, MDB_CORRUPTED, MDB_VERSION_MISMATCH, MDB_INVALID; MDB_BAD_TXN is what follows the first two. */
const damageCodes: ReadonlySet<unknown> = new Set([-30797, -30796, -30794, -30793, -30782])
/** LMDB reports a write that the disk took only half of as EIO. */
const EIO = 5
const PROBE_BYTES = 65_536

/**
 * @param cause what LMDB or Node threw while writing
 * @param dataFile the file that was written
 * @param wantedBytes the size of what was refused
 */
export function asWriteError(cause: unknown, folder: string, dataFile: string, wantedBytes: number): unknown {
  if (isOurs(cause)) return cause
  const code = codeOf(cause)
  if (fullCodes.has(code) || (code === EIO && refusesToGrow(folder, dataFile, wantedBytes))) {
    return new FusionError(
      'LOG_FULL',
      `The disk under ${folder} has no room for ${wantedBytes > 0 ? `${wantedBytes} more bytes of` : 'a'} log; ` +
        'nothing of this was written. Free some space, or move the data folder to a larger disk and name it with --data, and start again.',
      { cause, detail: { folder, wantedBytes } },
    )
  }
  return asReadError(cause, folder)
}

/** LOG_DAMAGED where LMDB finds pages that are not what they should be, else LOG_UNAVAILABLE; ours stays ours. */
export function asReadError(cause: unknown, folder: string): unknown {
  if (isOurs(cause)) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  if (damageCodes.has(codeOf(cause))) {
    return new FusionError(
      'LOG_DAMAGED',
      `The log in ${folder} is damaged on disk (${reason}); check the disk, then restore the folder from a copy ` +
        'or replay its sources into a new one.',
      { cause, detail: { folder } },
    )
  }
  return new FusionError(
    'LOG_UNAVAILABLE',
    `The log in ${folder} cannot be used: ${reason}. Check the folder's disk and permissions, then open it again.`,
    { cause, detail: { folder } },
  )
}

function isOurs(cause: unknown): boolean {
  return isFusionError(cause) || cause instanceof RangeError || cause instanceof TypeError
}

/** Whether a file as long as the log's may not grow here: tried with a file that holds only its own end. */
function refusesToGrow(folder: string, dataFile: string, wantedBytes: number): boolean {
  const probe = join(folder, 'probe.tmp')
  try {
    const end = statSync(dataFile).size + wantedBytes
    const file = openSync(probe, 'w')
    try {
      const bytes = Buffer.alloc(PROBE_BYTES)
      return writeSync(file, bytes, 0, PROBE_BYTES, end) < PROBE_BYTES
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return fullCodes.has(codeOf(error))
  } finally {
    rmSync(probe, { force: true })
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
