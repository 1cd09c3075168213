// How belief about one star changed: every posterior that was committed for it, under any id it had.
import { decode, decodeKnown, type Posterior, type Star } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
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
  const extents = await log.extents('posteriors')
  if (offset < extents[partition].first) return []
  // The other partitions have nothing to say: they are read from their ends on.
  const from = extents.map(one => ({ topic: one.topic, partition: one.partition, offset: one.end }))
  from[partition] = { ...from[partition], offset }
  const reader = log.openReader({ topics: ['posteriors'], from, maxRecords: 1 })
  try {
    // A partition that has grown meanwhile may come first.
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      const found = batch.records.find(record => record.partition === partition && record.offset === offset)
      if (found === undefined) continue
      const posterior = found.value === null ? null : decodeKnown('posterior', found.value, found)
      return posterior === null ? [] : [posterior]
    }
    return []
  } finally {
    await reader.close()
  }
}
