// How belief about one star changed: the posteriors that were committed for it, under any id it had.
import { readLatest } from '../../actors/index.ts'
import { decodeKnown, type Posterior, type Star } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { recordAt } from './recordPlace.ts'
import { idsOfStar } from './starIds.ts'

export interface HistoryEntry {
  /** Its place among all posteriors that the star ever had, from 1; it stays, whatever comes later. */
  readonly index: number
  readonly posterior: Posterior
}

/**
 * Posteriors of a star, those under its earliest id first, the oldest first; each is looked up where it lies. Of each id
 * the places of the newest are known; indexes leave room for those before, which lie in the topic `posteriors` as ever.
 */
export async function starHistory(log: Log, star: Star): Promise<readonly HistoryEntry[]> {
  const history: HistoryEntry[] = []
  let index = 0
  for (const id of idsOfStar(star)) {
    const places = await readLatest(log, 'posterior-places', id, 'posteriorPlaces')
    if (places === null) continue
    const { partition, offsets, leftOut = 0 } = places
    index += leftOut
    for (const offset of offsets) {
      index++
      const posterior = await posteriorAt(log, partition, Number(offset))
      if (posterior !== null) history.push({ index, posterior })
    }
  }
  return history
}

/** The posterior at an offset; none where retention has taken it, or a newer birthline has written it. */
async function posteriorAt(log: Log, partition: number, offset: number): Promise<Posterior | null> {
  const found = await recordAt(log, 'posteriors', partition, offset)
  return found === null || found.value === null ? null : decodeKnown('posterior', found.value, found)
}
