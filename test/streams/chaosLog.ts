// A log that fails at moments drawn by a seed, as networks and brokers do: before something was done, or after it, so that only its
// acknowledgement is lost.
import type { Rng } from '../../models/index.ts'
import { FusionError } from '../../schemas/index.ts'
import type { Log, LogReader } from '../../streams/log.ts'

export interface Chaos {
  /** How many calls failed so far, of each kind. */
  readonly failures: Readonly<Record<Fault, number>>
  readonly log: Log
}

export type Fault = 'before transact' | 'after transact' | 'next' | 'latest' | 'committed' | 'extents'

/** One call in so many fails, of each kind: those of which one batch has many fail seldom, or no batch would come through. */
const faultShares: Readonly<Record<Fault, number>> = {
  'before transact': 5,
  'after transact': 5,
  next: 8,
  latest: 150,
  committed: 30,
  extents: 100,
}

export function chaosLog(log: Log, rng: Rng): Chaos {
  const failures: Record<Fault, number> = {
    'before transact': 0,
    'after transact': 0,
    next: 0,
    latest: 0,
    committed: 0,
    extents: 0,
  }
  const perhapsFail = (fault: Fault) => {
    if (rng.integer(faultShares[fault]) !== 0) return
    failures[fault] += 1
    throw new FusionError('LOG_UNAVAILABLE', `The log failed on purpose: ${fault}.`)
  }
  return {
    failures,
    log: {
      openReader: options => failingReader(log.openReader(options), () => perhapsFail('next')),
      async transact(transaction) {
        perhapsFail('before transact')
        const positions = await log.transact(transaction)
        perhapsFail('after transact')
        return positions
      },
      async committed(group) {
        perhapsFail('committed')
        return log.committed(group)
      },
      async extents(topic) {
        perhapsFail('extents')
        return log.extents(topic)
      },
      async latest(topic, key) {
        perhapsFail('latest')
        return log.latest(topic, key)
      },
      writer: log.writer,
      keeping: () => log.keeping(),
      close: () => log.close(),
    },
  }
}

function failingReader(reader: LogReader, perhapsFail: () => void): LogReader {
  return {
    async next(signal) {
      perhapsFail()
      const batch = await reader.next(signal)
      // Read, and lost on the way: whoever asked must begin anew from what is committed.
      if (batch !== null) perhapsFail()
      return batch
    },
    async poll() {
      perhapsFail()
      return reader.poll()
    },
    holding: signal => reader.holding(signal),
    close: () => reader.close(),
  }
}
