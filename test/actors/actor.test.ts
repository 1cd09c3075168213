import { expect, onTestFinished, test } from 'vitest'
import { type ActorPlan, runActor } from '../../actors/actor.ts'
import { type Behavior, emitOnly } from '../../actors/behavior.ts'
import { KeyedState, type StatePlan } from '../../actors/keyedState.ts'
import { type ChannelMessages, subscribe } from '../../schemas/index.ts'
import { type Log, type LogRecord, type Output, openLog, type Topic } from '../../streams/index.ts'
import { temporaryFolder } from './logFolder.ts'

const kept = { record: 'star', key: 'word', retainBytes: null, retainMs: null } as const
const testTopics: readonly Topic[] = [
  { name: 'words', partitions: 3, keep: 'all', ...kept },
  { name: 'counts', partitions: 3, keep: 'all', ...kept },
  { name: 'count-state', partitions: 3, keep: 'latest', ...kept },
]

async function openTestLog(): Promise<Log> {
  const log = await openLog({ kind: 'embedded', folder: await temporaryFolder(), topics: testTopics })
  onTestFinished(() => log.close())
  return log
}

const text = new TextDecoder()
const bytes = (value: string) => new TextEncoder().encode(value)
const wordOf = (record: LogRecord) => text.decode(record.value ?? undefined)

/** Counts each word; every word gives a record with its count so far. */
const countWords: Behavior<string, number> = {
  name: 'count',
  keysOf: word => [word],
  step(state, word) {
    const count = (state.get(word) ?? 0) + 1
    return {
      changes: new Map([[word, count]]),
      emit: [{ topic: 'counts', key: word, value: bytes(`${word} ${count}`) }],
    }
  },
}

const countState: StatePlan<number> = {
  topicOf: () => 'count-state',
  decode: value => Number(text.decode(value)),
  encode: count => bytes(`${count}`),
  weigh: () => 1,
  maxWeight: 3,
}

const countPlan = (maxBatchRecords: number): ActorPlan<string, number> => ({
  behavior: countWords,
  topics: ['words'],
  group: 'count',
  read: records => records.map(wordOf),
  state: countState,
  maxBatchRecords,
})

const words = Array.from({ length: 200 }, (_, i) => `w${(i * 7) % 11}`)

async function writeWords(log: Log): Promise<void> {
  await log.transact({ outputs: words.map(word => ({ topic: 'words', key: word, value: bytes(word) })) })
}

/** Runs until every word is consumed, or until the actor fails. */
async function runToEnd(log: Log, plan: ActorPlan<string, number>): Promise<void> {
  const stop = new AbortController()
  const isDone = async () => {
    const committed = await log.committed(plan.group)
    const extents = await log.extents('words')
    return extents.every(
      ({ partition, end }) => end === (committed.find(one => one.partition === partition)?.offset ?? 0),
    )
  }
  const onCommit = async () => {
    if (await isDone()) stop.abort()
  }
  await runActor(plan, { log, signal: stop.signal, onCommit })
}

async function readAll(log: Log, topic: string): Promise<string[]> {
  const reader = log.openReader({ topics: [topic] })
  const found: string[] = []
  for (let batch = await reader.poll(); batch !== null; batch = await reader.poll())
    found.push(...batch.records.map(wordOf))
  await reader.close()
  return found.sort()
}

const expected = words
  .map((word, i) => `${word} ${words.slice(0, i + 1).filter(other => other === word).length}`)
  .sort()

for (const batch of [1, 7, 1000]) {
  test(`records out do not depend on batches of ${batch}`, async () => {
    const log = await openTestLog()
    await writeWords(log)
    await runToEnd(log, countPlan(batch))
    expect(await readAll(log, 'counts')).toEqual(expected)
  })
}

test('an actor whose log fails again and again writes each record once, its state included', async () => {
  const log = await openTestLog()
  await writeWords(log)
  let transactions = 0
  const failing: Log = new Proxy(log, {
    get(target, name) {
      if (name === 'transact') {
        return async (transaction: Parameters<Log['transact']>[0]) => {
          // Before the write, or after it as when an answer is lost on the way.
          const turn = ++transactions % 3
          if (turn === 0) throw new Error('refused')
          const positions = await target.transact(transaction)
          if (turn === 1) throw new Error('answer lost')
          return positions
        }
      }
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  let failures = 0
  for (;;) {
    try {
      await runToEnd(failing, countPlan(9))
      break
    } catch {
      failures++
    }
    const consumed = (await log.committed('count')).reduce((sum, { offset }) => sum + offset, 0)
    if (consumed === words.length) break
  }
  expect(failures).toBeGreaterThan(5)
  expect(await readAll(log, 'counts')).toEqual(expected)
})

test('a failing step writes nothing of its batch, and the actor fails with its error', async () => {
  const log = await openTestLog()
  await writeWords(log)
  const mistake = new RangeError('ours')
  const broken: Behavior<string, number> = {
    ...countWords,
    step(state, word) {
      if (word === 'w5') throw mistake
      return countWords.step(state, word)
    },
  }
  await expect(runToEnd(log, { ...countPlan(1000), behavior: broken })).rejects.toBe(mistake)
  const counts = await readAll(log, 'counts')
  // All of a partition came in one batch: none of those beside w5 was written, in other partitions all were or none.
  expect(counts.filter(line => line.startsWith('w5 '))).toEqual([])
  for (const word of new Set(counts.map(line => line.split(' ')[0]))) {
    expect(counts.filter(line => line.startsWith(`${word} `))).toEqual(
      expected.filter(line => line.startsWith(`${word} `)),
    )
  }
})

test('what a batch made is counted by topic, and a tombstone is nothing made', async () => {
  const log = await openTestLog()
  await writeWords(log)
  const made = { emitted: 0, counts: 0 }
  onTestFinished(
    subscribe('batch', ({ emitted, emittedTo }) => {
      made.emitted += emitted
      made.counts += emittedTo.get('counts') ?? 0
    }),
  )
  const keepsW0: Behavior<string, number> = {
    name: 'keepsW0',
    keysOf: () => [],
    step: (_, word) => emitOnly({ topic: 'counts', key: word, value: word === 'w0' ? bytes(word) : null }),
  }
  await runToEnd(log, { ...countPlan(50), behavior: keepsW0 })
  expect(made).toEqual({ emitted: words.length, counts: words.filter(word => word === 'w0').length })
})

test('a slow behaviour pauses its reader: no more than two batches of a partition are ever in memory', async () => {
  const log = await openTestLog()
  await writeWords(log)
  const heard: ChannelMessages['mailbox'][] = []
  onTestFinished(subscribe('mailbox', message => heard.push(message)))
  let inMemory = 0
  let most = 0
  const plan: ActorPlan<string, number> = {
    ...countPlan(4),
    async read(records) {
      await new Promise(setImmediate)
      return records.map(wordOf)
    },
  }
  const watched: Log = new Proxy(log, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name !== 'openReader') return typeof value === 'function' ? value.bind(target) : value
      return (options: Parameters<Log['openReader']>[0]) => {
        const reader = target.openReader(options)
        const next = reader.next.bind(reader)
        reader.next = async signal => {
          const batch = await next(signal)
          inMemory += batch?.records.length ?? 0
          most = Math.max(most, inMemory)
          return batch
        }
        return reader
      }
    },
  })
  const stop = new AbortController()
  const onCommit = ({ records }: { readonly records: readonly LogRecord[] }) => {
    inMemory -= records.length
    if (inMemory === 0) stop.abort()
  }
  await runActor(plan, { log: watched, signal: stop.signal, onCommit })
  // Per partition one at work and one waiting, and one that the reader holds.
  expect(most).toBeLessThanOrEqual(3 * 2 * 4 + 4)
  expect(heard.some(message => message.isPaused)).toBe(true)
  expect(heard.at(-1)?.isPaused).toBe(false)
})

test('a behaviour that reads state it did not name is a mistake that is told', async () => {
  const log = await openTestLog()
  await writeWords(log)
  const careless: Behavior<string, number> = { ...countWords, keysOf: () => [] }
  await expect(runToEnd(log, { ...countPlan(1000), behavior: careless })).rejects.toThrow(/is not loaded/)
  const stateless = { ...countPlan(1000), state: null }
  await expect(runToEnd(log, { ...stateless, group: 'other' })).rejects.toThrow(/without state/)
})

test('stopping finishes the batch at hand and leaves the rest for the next run', async () => {
  const log = await openTestLog()
  await writeWords(log)
  const stop = new AbortController()
  await runActor(countPlan(10), { log, signal: stop.signal, onCommit: () => stop.abort() })
  const some = await readAll(log, 'counts')
  expect(some.length).toBeGreaterThanOrEqual(10)
  expect(some.length).toBeLessThan(words.length)
  await runToEnd(log, countPlan(10))
  expect(await readAll(log, 'counts')).toEqual(expected)
})

test('state that is not used lately leaves memory and comes back from the log as it was', async () => {
  const log = await openTestLog()
  const state = new KeyedState(log, countState)
  for (let i = 0; i < 10; i++) {
    await state.load([`k${i}`])
    expect(state.get(`k${i}`)).toBeNull()
    state.apply(new Map([[`k${i}`, i]]))
    const outputs: Output[] = state.outputs()
    await log.transact({ outputs })
    state.committed()
    expect(state.weight).toBeLessThanOrEqual(countState.maxWeight)
  }
  expect(() => state.get('k0')).toThrow(RangeError)
  await state.load(['k0', 'k9'])
  expect([state.get('k0'), state.get('k9')]).toEqual([0, 9])
  state.apply(new Map([['k0', null]]))
  await log.transact({ outputs: state.outputs() })
  state.committed()
  const fresh = new KeyedState(log, countState)
  await fresh.load(['k0'])
  expect(fresh.get('k0')).toBeNull()
})

test('a step that only emits changes no state', () => {
  expect(emitOnly({ topic: 'counts', key: null, value: null })).toEqual({
    changes: new Map(),
    emit: [{ topic: 'counts', key: null, value: null }],
  })
})
