// How belief about one star changed: every posterior that was committed for it, under any id it had.
import { decode, decodeKnown, type Posterior, type Star } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { recordAt } from './recordPlace.ts'
import { idsOfStar } from './starIds.ts'

/** All posteriors of a star, those under its earliest id first, the oldest first; each is looked up where it lies. */
export async function starHistory(log: Log, star: Star): Promise<readonly Posterior[]> {
  const history: Posterior[] = []
  for (const id of idsOfStar(star)) {
    const record = await log.latest('posterior-places', id)
    if (record === null || record.value === null) continue
    const { partition, offsets } = decode('posteriorPlaces', record.value)
    for (const offset of offsets) history.push(...(await posteriorAt(log, partition, Number(offset))))
  }
  return history
}

/** The posterior at an offset; none where retention has taken it, or a newer birthline has written it. */
async function posteriorAt(log: Log, partition: number, offset: number): Promise<readonly Posterior[]> {
  const found = await recordAt(log, 'posteriors', partition, offset)
  const posterior = found === null || found.value === null ? null : decodeKnown('posterior', found.value, found)
  return posterior === null ? [] : [posterior]
}
