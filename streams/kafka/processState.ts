// What a process has of its own beside the log: a slot in its data folder, the state of that slot, and the transactional
// id that goes with it.
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isFusionError } from '../../schemas/index.ts'
import { asWriteError } from '../embedded/diskErrors.ts'
import { type KeyStore, MemoryKeyStore } from '../state/keyStore.ts'
import { placeName } from '../state/placeName.ts'
import { type Slot, takeSlot } from '../state/slotClaim.ts'
import { StateStore } from '../state/stateStore.ts'

export interface ProcessState {
  readonly transactionalId: string
  /** Ids that dead processes of this folder wrote under, to be fenced before `settle`. */
  readonly orphans: readonly string[]
  settle(): void
  keys(partition: string, identity: string): Promise<KeyStore>
  close(): Promise<void>
}

export interface StateOptions {
  /** Of the state; null keeps none. */
  readonly folder: string | null
  readonly isReadOnly: boolean
  readonly prefix: string
  /** Instead of the slot's own. */
  readonly transactionalId: string | null
}

/**
 * Readers whose folder cannot be written keep their state in memory.
 *
 * @throws FusionError LOG_FULL or LOG_UNAVAILABLE where a writer's folder cannot be written
 */
export function openProcessState(options: StateOptions): ProcessState {
  const { folder, isReadOnly } = options
  // Looking must not leave a data folder where there was none.
  if (folder === null || (isReadOnly && !existsSync(dirname(folder)))) return inMemory(options)
  let slot: Slot | null = null
  try {
    mkdirSync(folder, { recursive: true })
    const idOf = (number: number) => options.transactionalId ?? `${options.prefix}${placeName(folder)}-${number}`
    slot = takeSlot(folder, isReadOnly ? 'reader' : 'writer', idOf)
    return onDisk(slot, idOf(slot.number))
  } catch (cause) {
    slot?.release().catch(() => {})
    const error = asWriteError(cause, folder, folder, 0)
    if (isReadOnly && isFusionError(error)) return inMemory(options)
    throw error
  }
}

function onDisk(slot: Slot, transactionalId: string): ProcessState {
  const store = new StateStore(join(slot.folder, 'state.mdb'))
  return {
    transactionalId,
    orphans: slot.orphans,
    settle: () => slot.settleOrphans(),
    keys: (partition, identity) => store.keys(partition, identity),
    close: async () => {
      await store.close()
      await slot.release()
    },
  }
}

function inMemory({ prefix, transactionalId }: StateOptions): ProcessState {
  return {
    transactionalId: transactionalId ?? `${prefix}birthline`,
    orphans: [],
    settle: () => {},
    keys: async () => new MemoryKeyStore(),
    close: async () => {},
  }
}
