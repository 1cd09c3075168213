import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ActorPlan, runActor } from '../../actors/actor.ts'
import { Mailbox } from '../../actors/mailbox.ts'
import { openLog, type Topic } from '../../streams/index.ts'
import { temporaryFolder } from '../actors/logFolder.ts'

const kept = { record: 'star', key: 'word', retainBytes: null, retainMs: null } as const
const testTopics: readonly Topic[] = [
  { name: 'words', partitions: 2, keep: 'all', ...kept },
  { name: 'counts', partitions: 2, keep: 'all', ...kept },
  { name: 'count-state', partitions: 2, keep: 'latest', ...kept },
]
const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array | null) => new TextDecoder().decode(bytes ?? undefined)

/** Counts each word; a step that looks at another word's count wants it first. */
const plan = (group: string, maxBatchRecords: number, maxWeight: number): ActorPlan<string, number> => ({
  behavior: {
    name: 'count',
    keysOf: word => [word],
    step(state, word) {
      const other = `${word}!`
      if (!state.has(other)) return { wants: [other] }
      const count = (state.get(word) ?? 0) + 1
      const emit = [{ topic: 'counts', key: word, value: bytesOf(`${word} ${count} ${state.get(other) ?? 0}`) }]
      return { changes: new Map([[word, count % 5 === 0 ? null : count]]), emit }
    },
  },
  topics: ['words'],
  group,
  read: records => records.map(record => textOf(record.value)),
  state: {
    topicOf: () => 'count-state',
    decode: value => Number(textOf(value)),
    encode: count => bytesOf(`${count}`),
    weigh: () => 1,
    maxWeight,
  },
  maxBatchRecords,
})

/** What comes out of each word, in order. */
async function countsOf(words: readonly string[], runs: readonly number[], maxWeight: number): Promise<string[][]> {
  const log = await openLog({ kind: 'embedded', folder: await temporaryFolder(), topics: testTopics })
  try {
    await log.transact({ outputs: words.map(word => ({ topic: 'words', key: word, value: bytesOf(word) })) })
    let consumed = 0
    // Stopped after a batch and begun anew with other batches, as after a restart.
    for (let i = 0; consumed < words.length; i++) {
      const stop = new AbortController()
      await runActor(plan('count', runs[i % runs.length], maxWeight), {
        log,
        signal: stop.signal,
        onCommit: ({ records }) => {
          consumed += records.length
          if (consumed === words.length || i < runs.length) stop.abort()
        },
      })
    }
    const reader = log.openReader({ topics: ['counts'] })
    const found = new Map<string, string[]>()
    for (let batch = await reader.poll(); batch !== null; batch = await reader.poll()) {
      for (const { key, value } of batch.records) found.set(`${key}`, [...(found.get(`${key}`) ?? []), textOf(value)])
    }
    await reader.close()
    return [...found.keys()].sort().map(key => found.get(key) ?? [])
  } finally {
    await log.close()
  }
}

test('batches and restarts wherever they fall give the same records', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e!', 'e'), { minLength: 1, maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(1, 3, 100),
      async (words, runs, maxWeight) => {
        expect(await countsOf(words, runs, maxWeight)).toEqual(await countsOf(words, [1000], 100))
      },
    ),
    { seed: 59, numRuns: 12 },
  )
})

test('a mailbox hands over everything, in order and never above its capacity, however the two sides are timed', async () => {
  const pauses = fc.infiniteStream(fc.nat(2))
  await fc.assert(
    fc.asyncProperty(
      fc.nat(30),
      fc.integer({ min: 1, max: 4 }),
      pauses,
      pauses,
      async (count, capacity, slow, quick) => {
        const mailbox = new Mailbox<number>(capacity)
        const { signal } = new AbortController()
        const pause = async (turns: number) => {
          for (let i = 0; i < turns; i++) await null
        }
        const taken: number[] = []
        const put = async () => {
          for (let i = 0; i < count; i++) {
            await pause(slow.next().value)
            expect(await mailbox.put(i, signal)).toBe(true)
            expect(mailbox.depth).toBeLessThanOrEqual(capacity)
          }
        }
        const take = async () => {
          for (let i = 0; i < count; i++) {
            await pause(quick.next().value)
            taken.push((await mailbox.take(signal)) ?? -1)
          }
        }
        await Promise.all([put(), take()])
        expect(taken).toEqual(Array.from({ length: count }, (_, i) => i))
      },
    ),
    { seed: 61, numRuns: 100 },
  )
})
