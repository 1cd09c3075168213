// One writer per log. The claim is an entry of the log itself, taken and checked inside LMDB's write transactions,
// which the system serialises and frees when a process dies: no moment exists in which two writers both hold it.
import { FusionError } from '../../schemas/index.ts'
import type { LmdbStore } from './lmdbStore.ts'
import { isHolderAlive, newClaim, type ProcessClaim } from './processClaim.ts'

const claimKey = Buffer.from('writer')
/** Claims of this process that it gave up without being able to write so. */
const abandoned = new Set<string>()

/**
 * Takes the claim, also from a process that is no more. A holder in another container cannot be looked up; it is
 * taken to be gone, and should it live after all, its next transaction is refused by `checkClaim`.
 * Inside a transaction only.
 *
 * @returns the token that `checkClaim` and `releaseClaim` want
 * @throws FusionError LOG_IN_USE while the holder lives
 */
export function takeClaim(store: LmdbStore): string {
  const holder = readClaim(store)
  if (holder !== null && isAlive(holder)) {
    const who = holder.pid === process.pid ? `this very process (${holder.pid})` : `process ${holder.pid}`
    throw new FusionError(
      'LOG_IN_USE',
      `The log in ${store.folder} is being written by ${who}, and a log has one writer; ` +
        'stop that one first, or choose another data folder; commands that only read may run beside it.',
      { detail: { folder: store.folder, pid: holder.pid } },
    )
  }
  const claim = newClaim()
  store.meta.put(claimKey, Buffer.from(JSON.stringify(claim)))
  return claim.token
}

/**
 * Inside a transaction only.
 *
 * @throws FusionError LOG_FENCED when another process has taken the claim over
 */
export function checkClaim(store: LmdbStore, token: string): void {
  const holder = readClaim(store)
  if (holder?.token === token) return
  throw new FusionError(
    'LOG_FENCED',
    `The log in ${store.folder} was taken over by process ${holder?.pid ?? 'unknown'}; ` +
      'this one wrote nothing and must stop.',
    { detail: { folder: store.folder, pid: holder?.pid ?? 0 } },
  )
}

/** Inside a transaction only. */
export function releaseClaim(store: LmdbStore, token: string): void {
  if (readClaim(store)?.token === token) store.meta.remove(claimKey)
}

/** Gives the claim up where the disk takes no more writes: this process may claim again, others once it has ended. */
export function abandonClaim(token: string): void {
  abandoned.add(token)
}

/** The living process that holds the claim, as far as this one can see. */
export function findWriter(store: LmdbStore): number | null {
  const holder = readClaim(store)
  return holder !== null && isAlive(holder) ? holder.pid : null
}

function readClaim(store: LmdbStore): ProcessClaim | null {
  const stored = store.meta.get(claimKey)
  return stored === undefined ? null : JSON.parse(stored.toString())
}

function isAlive(holder: ProcessClaim): boolean {
  return !abandoned.has(holder.token) && isHolderAlive(holder)
}
