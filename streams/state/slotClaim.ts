// A place of its own for each process that uses a data folder: the lowest that no living process has. With it come the
// state that its last holder left, and the transactional id, so that what a killed process left open ends at once.
import { join } from 'node:path'
import { isHolderAlive, newClaim, type ProcessClaim } from '../embedded/processClaim.ts'
import { openDerivedFile } from './derivedFile.ts'

/** Readers need no transactional id, and must not take the place that a writer's restart looks for. */
export type SlotKind = 'writer' | 'reader'

export interface Slot {
  /** Counted from 0. */
  readonly number: number
  readonly folder: string
  /** Ids under which dead processes may have left a transaction open; nobody else takes them until `settleOrphans`. */
  readonly orphans: readonly string[]
  settleOrphans(): void
  release(): Promise<void>
}

interface SlotClaim extends ProcessClaim {
  readonly id: string
}

/**
 * @param idOf the id that a slot's holder writes under
 * @throws FusionError LOG_FULL or LOG_UNAVAILABLE where the folder cannot be written
 */
export function takeSlot(folder: string, kind: SlotKind, idOf: (slot: number) => string): Slot {
  const file = openDerivedFile(join(folder, 'slots.mdb'))
  const { root } = file
  const keyOf = (slot: number) => Buffer.from(`${kind}-${slot}`)
  const read = (slot: number): SlotClaim | null => {
    const stored = root.get(keyOf(slot))
    return stored === undefined ? null : JSON.parse(stored.toString())
  }
  const claim = newClaim()
  const take = (slot: number) =>
    root.put(keyOf(slot), Buffer.from(JSON.stringify({ ...claim, id: idOf(slot) } satisfies SlotClaim)))
  const free = (slots: readonly number[]) =>
    root.transactionSync(() => {
      for (const slot of slots) if (read(slot)?.token === claim.token) root.remove(keyOf(slot))
    })
  const { number, orphans } = root.transactionSync(() => {
    const dead: number[] = []
    let lowest: number | null = null
    let slot = 0
    for (let held = read(slot), gap = 0; gap < MAX_GAP; slot++, held = read(slot)) {
      gap = held === null ? gap + 1 : 0
      const isDead = held !== null && !isHolderAlive(held)
      if (isDead && held?.id === idOf(slot)) dead.push(slot)
      if (held === null || isDead) lowest ??= slot
    }
    // One that a process died in comes first: it is full of state, and may hold a transaction open.
    const [first = lowest ?? slot, ...others] = dead
    for (const one of [first, ...others]) take(one)
    return { number: first, orphans: others }
  })
  let isReleased = false
  return {
    number,
    folder: join(folder, `${kind}-${number}`),
    orphans: orphans.map(idOf),
    settleOrphans: () => free(orphans),
    release: async () => {
      if (isReleased) return
      isReleased = true
      free([number, ...orphans])
      await file.close()
    },
  }
}

/** Slots above a gap this wide are not looked for. */
const MAX_GAP = 64
