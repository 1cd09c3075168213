// How much a run adds to the log. The ends of topics would tell where, not how many: on brokers, transactions take offsets too.
import { subscribe } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'

export interface GainCount {
  /** Written by this process since it was opened. */
  readonly posteriors: number
  /** Appended by anybody since it was opened. */
  deadLetters(): Promise<number>
  close(): void
}

/** Counts the dead letters that anybody has appended since this was called. */
export async function openLetterCount(log: Log): Promise<() => Promise<number>> {
  const extents = await log.extents('dead-letters')
  const from = extents.map(({ topic, partition, end }) => ({ topic, partition, offset: end }))
  return async () => {
    const reader = log.openReader({ topics: ['dead-letters'], from })
    let count = 0
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) count += batch.records.length
    await reader.close()
    return count
  }
}

export async function openGainCount(log: Log): Promise<GainCount> {
  const deadLetters = await openLetterCount(log)
  let posteriors = 0
  const close = subscribe('batch', ({ emittedTo }) => {
    posteriors += emittedTo.get('posteriors') ?? 0
  })
  return {
    get posteriors() {
      return posteriors
    },
    deadLetters,
    close,
  }
}
