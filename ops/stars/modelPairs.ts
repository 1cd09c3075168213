// The same version of each star as the model in force sees it and as its candidate does, star by star.
import { readLatest } from '../../actors/index.ts'
import { decodeKnown, isProbeStar, type Posterior } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'

export interface ModelPair {
  readonly before: Posterior
  readonly after: Posterior
}

/** Stars that are no pair, counted. */
export interface Unpaired {
  /** The candidate's model has not come to them, or to their newest version. */
  waiting: number
  /** Their newest posterior is of neither model in question, or of the candidate's already. */
  otherModel: number
}

/**
 * @param serving and candidate are fingerprints
 * @param unpaired is counted up on the way
 */
export async function* readModelPairs(
  log: Log,
  { serving, candidate }: { readonly serving: string; readonly candidate: string },
  unpaired: Unpaired,
): AsyncGenerator<ModelPair, void, undefined> {
  const reader = log.openReader({ topics: ['latest-posteriors'] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      // Asked together: on brokers such questions share what they cost.
      const found = await Promise.all(
        batch.records.map(async record => {
          const { key, value, offset } = record
          if (key === null || value === null || isProbeStar(key)) return null
          const newest = await log.latest('latest-posteriors', key)
          const before = newest?.offset === offset ? decodeKnown('posterior', value, record) : null
          return before === null ? null : { before, after: await readLatest(log, 'candidates', key, 'posterior') }
        }),
      )
      for (const pair of found) {
        if (pair === null) continue
        const { before, after } = pair
        if (before.model !== serving) unpaired.otherModel++
        else if (after?.model !== candidate || after.starVersion !== before.starVersion) unpaired.waiting++
        else yield { before, after }
      }
    }
  } finally {
    await reader.close()
  }
}
