// Every version of a star against the posteriors that were made of it.
import type { Log } from '../../streams/index.ts'
import { readTopic } from './logFolder.ts'

export interface PosteriorCount {
  /** Versions of stars that are to have a posterior. */
  readonly versions: number
  /** Versions with another number of posteriors than there are of them in the log: sentences. */
  readonly faults: readonly string[]
  /** Posteriors by the fingerprint of their model. */
  readonly byModel: ReadonlyMap<string, number>
}

export async function countPosteriors(log: Log): Promise<PosteriorCount> {
  const counts = new Map<string, { wanted: number; found: number }>()
  const at = (starId: string, version: string) => {
    const key = `${starId} ${version}`
    const count = counts.get(key) ?? { wanted: 0, found: 0 }
    counts.set(key, count)
    return count
  }
  for (const { value } of await readTopic(log, 'stars', 'star')) {
    if (value !== null && !value.isRetired) at(value.starId, value.version).wanted++
  }
  const byModel = new Map<string, number>()
  for (const { value } of await readTopic(log, 'posteriors', 'posterior')) {
    if (value === null) continue
    at(value.starId, value.starVersion).found++
    byModel.set(value.model, (byModel.get(value.model) ?? 0) + 1)
  }
  const faults = [...counts].flatMap(([key, { wanted, found }]) =>
    wanted === found ? [] : [`${key}: ${wanted} in the log, ${found} posteriors`],
  )
  return { versions: counts.size, faults, byModel }
}
