// How far a group is behind.
import type { Log } from '../streams/index.ts'

/** Records of the topics that the group has not consumed yet. */
export async function groupLag(log: Log, group: string, topics: readonly string[]): Promise<number> {
  const committed = await log.committed(group)
  let lag = 0
  for (const topic of topics) {
    for (const { partition, first, end } of await log.extents(topic)) {
      const position = committed.find(one => one.topic === topic && one.partition === partition)
      lag += end - Math.max(first, position?.offset ?? 0)
    }
  }
  return lag
}
