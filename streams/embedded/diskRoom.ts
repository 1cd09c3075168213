// Room in the log's file before LMDB writes to it: a disk that is full is met by an append of zeros, which may fail, and not by
// LMDB, which notes a failed write in a buffer that is too small for the note and harms the process's memory.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import { readUsedBytes } from './dataFileCheck.ts'
import { asWriteError } from './diskErrors.ts'
import { dataFile } from './logManifest.ts'

const PAGE_BYTES = 4096
/** Of every table a way from its root to a leaf, split all along, and the list of free pages. */
const BASE_BYTES = 64 * PAGE_BYTES
/** A changed entry moves its leaf, and its share of what is above and beside it. */
const ENTRY_BYTES = 4 * PAGE_BYTES
/** Entries share leaves, so a commit that changes very many takes no more than this for them. */
const MAX_ENTRIES_BYTES = 64 * 1024 * 1024
/** The file grows by an eighth of what it holds, within these. */
const MIN_STEP_BYTES = 64 * 1024
const MAX_STEP_BYTES = 4 * 1024 * 1024

const zeros = Buffer.alloc(MIN_STEP_BYTES)

export class DiskRoom {
  readonly #folder: string
  /** The file has at least this much that no page takes. */
  #spareBytes = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * At the end of a write transaction, before anything of it is written.
   *
   * @param recordBytes of the records that the transaction adds
   * @param entries that it changes besides
   * @throws FusionError LOG_FULL, LOG_UNAVAILABLE: the transaction must end with it
   */
  ensure(recordBytes: number, entries: number): void {
    // Pages are at least half full.
    const needBytes = BASE_BYTES + 2 * recordBytes + Math.min(entries * ENTRY_BYTES, MAX_ENTRIES_BYTES)
    if (this.#spareBytes < needBytes) this.#spareBytes = this.#extend(needBytes, recordBytes)
    this.#spareBytes -= needBytes
  }

  /** How much is spare, now that the file has at least `needBytes` or all that its pages could move to. */
  #extend(needBytes: number, recordBytes: number): number {
    const file = dataFile(this.#folder)
    try {
      const handle = openSync(file, 'a+')
      try {
        const { size } = fstatSync(handle)
        const usedBytes = readUsedBytes(handle) ?? size
        const stepBytes = Math.min(Math.max(usedBytes / 8, MIN_STEP_BYTES), MAX_STEP_BYTES)
        // No more pages can move than there are.
        const leastBytes = Math.min(needBytes, BASE_BYTES + 2 * recordBytes + usedBytes)
        if (size < usedBytes + leastBytes) append(handle, usedBytes + leastBytes, usedBytes + leastBytes + stepBytes)
        return Math.max(needBytes, fstatSync(handle).size - usedBytes)
      } finally {
        closeSync(handle)
      }
    } catch (cause) {
      throw asWriteError(cause, this.#folder, file, recordBytes)
    }
  }
}

/** Goes on up to `mostBytes`, and fails only where it does not come to `leastBytes`. */
function append(handle: number, leastBytes: number, mostBytes: number): void {
  let { size } = fstatSync(handle)
  try {
    while (size < mostBytes) size += writeSync(handle, zeros, 0, Math.min(zeros.length, Math.ceil(mostBytes - size)))
  } catch (cause) {
    if (size < leastBytes) throw cause
  }
}
