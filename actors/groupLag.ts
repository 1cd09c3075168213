// How far a group is, and how far behind.
import type { Log } from '../streams/index.ts'

export interface GroupProgress {
  /** Offsets that it has passed, of all partitions together. */
  readonly consumed: number
  /** Records that it has not consumed yet, of all its topics and of each. */
  readonly lag: number
  readonly lags: ReadonlyMap<string, number>
}

export async function groupProgress(log: Log, group: string, topics: readonly string[]): Promise<GroupProgress> {
  const committed = await log.committed(group)
  const lags = new Map<string, number>()
  for (const topic of topics) {
    let lag = 0
    for (const { partition, first, end } of await log.extents(topic)) {
      const position = committed.find(one => one.topic === topic && one.partition === partition)
      lag += end - Math.max(first, position?.offset ?? 0)
    }
    lags.set(topic, lag)
  }
  const consumed = committed.reduce((sum, { offset }) => sum + offset, 0)
  return { consumed, lag: [...lags.values()].reduce((sum, lag) => sum + lag, 0), lags }
}

/** Records of the topics that the group has not consumed yet. */
export async function groupLag(log: Log, group: string, topics: readonly string[]): Promise<number> {
  return (await groupProgress(log, group, topics)).lag
}
