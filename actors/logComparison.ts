// Whether two logs say the same: for each key its newest record or, where all are kept, all of them in order. Keys are looked
// at in as many passes as keep the memory bounded.
import { createHash } from 'node:crypto'
import { type Log, type LogRecord, type Topic, topics } from '../streams/index.ts'

export interface ComparisonOptions {
  readonly signal: AbortSignal
  /** Told of records of the first log, each once. */
  readonly advance: (records: number) => void
  /** Of one pass, as far as hashes spread evenly. Default 400,000, which is about 100 MB. */
  readonly keysAtOnce?: number
}

const KEYS_AT_ONCE = 400_000
const DIGEST_DIGITS = 24
const NO_KEY = '\0none'

/**
 * @param movedValue what a record of the first log must be in the second one
 * @returns how many keys were compared, and sentences on those that differ, a few for each topic
 */
export async function compareKeys(
  one: Log,
  other: Log,
  movedValue: (record: LogRecord) => Uint8Array | null,
  options: ComparisonOptions,
): Promise<{ readonly keys: number; readonly differences: readonly string[] }> {
  const { signal, advance, keysAtOnce = KEYS_AT_ONCE } = options
  const differences: string[] = []
  let keys = 0
  for (const topic of topics) {
    const held = (await one.extents(topic.name)).reduce((sum, { first, end }) => sum + end - first, 0)
    const passes = Math.max(1, Math.ceil(held / keysAtOnce))
    for (let pass = 0; pass < passes; pass++) {
      const isWanted = (key: string) => passes === 1 || bucketOf(key, passes) === pass
      const expected = await digestsOf(one, topic, movedValue, isWanted, signal, pass === 0 ? advance : () => {})
      const actual = await digestsOf(
        other,
        topic,
        ({ value }) => value,
        isWanted,
        signal,
        () => {},
      )
      keys += expected.size
      const differing = [...new Set([...expected.keys(), ...actual.keys()])].filter(
        key => expected.get(key) !== actual.get(key),
      )
      differences.push(...differing.slice(0, 3).map(key => `${topic.name}: key ${JSON.stringify(key)} differs`))
      if (differing.length > 3) differences.push(`${topic.name}: ${differing.length - 3} more keys differ`)
    }
  }
  return { keys, differences }
}

async function digestsOf(
  log: Log,
  { name, keep }: Topic,
  movedValue: (record: LogRecord) => Uint8Array | null,
  isWanted: (key: string) => boolean,
  signal: AbortSignal,
  advance: (records: number) => void,
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>()
  const reader = log.openReader({ topics: [name] })
  try {
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      signal.throwIfAborted()
      for (const record of batch.records) {
        const key = record.key ?? NO_KEY
        if (!isWanted(key)) continue
        const value = movedValue(record)
        if (keep === 'latest' && value === null) digests.delete(key)
        else if (keep === 'latest') digests.set(key, digestOf('', value))
        // What has no key has no order among partitions either.
        else if (record.key === null) digests.set(key, together(digests.get(key), digestOf('', value)))
        else digests.set(key, digestOf(digests.get(key) ?? '', value))
      }
      advance(batch.records.length)
    }
  } finally {
    await reader.close()
  }
  return digests
}

function digestOf(before: string, value: Uint8Array | null): string {
  const hash = createHash('sha256').update(before)
  hash.update(value === null ? 'tombstone' : 'value')
  return hash
    .update(value ?? '')
    .digest('hex')
    .slice(0, DIGEST_DIGITS)
}

function together(sum: string | undefined, digest: string): string {
  const total = BigInt(`0x${sum ?? '0'}`) + BigInt(`0x${digest}`)
  return BigInt.asUintN(4 * DIGEST_DIGITS, total).toString(16)
}

function bucketOf(key: string, buckets: number): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) % buckets
}
