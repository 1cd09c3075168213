// One contender of kafkaBench.ts in a process of its own: node kafkaContender.js NAME BROKERS, then questions, a line each.
import { createInterface } from 'node:readline'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type ActorPlan, runActor } from '../../actors/index.ts'
import { type LogRecord, openLog } from '../../streams/index.ts'
import { copyWithKafkaJs } from './kafkaJsRival.ts'
import {
  INPUT,
  logConfig,
  outputOf,
  PARTITIONS,
  type Question,
  type RoundAnswer,
  Stopwatch,
  stateTopic,
  transform,
} from './kafkaWork.ts'

const [name, addresses = ''] = process.argv.slice(2)
const brokers = addresses.split(',')
const MAX_BATCH_BYTES = 8 * 1024 * 1024

/** Batches of all partitions under way at once, as lanes of an actor would have them; the log commits them together. */
async function copyWithLog({ group, records, batchRecords }: Question): Promise<RoundAnswer> {
  const log = await openLog(logConfig(brokers, 'copy'))
  const reader = log.openReader({ topics: [INPUT], group, maxRecords: batchRecords, maxBytes: MAX_BATCH_BYTES })
  const watch = new Stopwatch()
  const never = new AbortController().signal
  const underWay = new Set<Promise<unknown>>()
  let done = 0
  while (done < records) {
    const batch = await reader.next(never)
    if (batch === null) throw new TypeError('the reader ended')
    watch.begin()
    const outputs = batch.records.map(({ key, value }) => ({
      topic: outputOf('log'),
      key,
      value: value && transform(value),
    }))
    done += outputs.length
    const work: Promise<unknown> = log
      .transact({ outputs, group, offsets: [batch.next] })
      .then(() => underWay.delete(work))
    underWay.add(work)
    while (underWay.size >= PARTITIONS) await Promise.race(underWay)
  }
  await Promise.all(underWay)
  const answer = watch.end(done)
  await log.close()
  return answer
}

interface Total {
  readonly count: number
  readonly sum: number
}

const totalBytes = ({ count, sum }: Total): Uint8Array => {
  const bytes = Buffer.allocUnsafe(16)
  bytes.writeDoubleBE(count, 0)
  bytes.writeDoubleBE(sum, 8)
  return bytes
}

const readTotal = (bytes: Uint8Array): Total => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { count: view.getFloat64(0), sum: view.getFloat64(8) }
}

/** A behaviour with keyed state, run by the runtime of the pipeline. */
async function countWithActor({ group, records, batchRecords }: Question): Promise<RoundAnswer> {
  const state = stateTopic(group)
  const log = await openLog(logConfig(brokers, 'count', [state]))
  const watch = new Stopwatch()
  const stop = new AbortController()
  const topic = outputOf('actors')
  const plan: ActorPlan<LogRecord, Total> = {
    behavior: {
      name: 'count',
      keysOf: ({ key }) => [`${key}`],
      step(totals, { key, value }) {
        const before = totals.get(`${key}`) ?? { count: 0, sum: 0 }
        const total = { count: before.count + 1, sum: before.sum + (value?.[0] ?? 0) }
        return { changes: new Map([[`${key}`, total]]), emit: [{ topic, key, value: totalBytes(total) }] }
      },
    },
    topics: [INPUT],
    group,
    read(found) {
      watch.begin()
      return found
    },
    state: { topicOf: () => state.name, decode: readTotal, encode: totalBytes, weigh: () => 1, maxWeight: 1_000_000 },
    maxBatchRecords: batchRecords,
  }
  let done = 0
  let answer: RoundAnswer | null = null
  const onCommit = ({ records: found }: { readonly records: readonly LogRecord[] }) => {
    done += found.length
    if (done < records) return
    answer = watch.end(done)
    stop.abort()
  }
  await runActor(plan, { log, signal: stop.signal, onCommit })
  await log.close()
  if (answer === null) throw new TypeError('the actor ended early')
  return answer
}

const works: Readonly<Record<string, (question: Question) => Promise<RoundAnswer>>> = {
  log: copyWithLog,
  kafkajs: question => copyWithKafkaJs(brokers, question),
  actors: countWithActor,
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await works[name](JSON.parse(line) as Question))}\n`)
  await nextTurn()
}
