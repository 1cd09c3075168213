// Copies the records of `in` to `out`, with a running number of each key kept in `counts`, until it is killed.
import { openLog } from '../../../dist/streams/index.js'

const [brokers, prefix, topicsText, transactionalId] = process.argv.slice(2)
const topics = JSON.parse(topicsText)
const config = { kind: 'kafka', brokers: brokers.split(','), prefix, topics, transactionalId }
const log = await openLog({ ...config, sessionTimeoutMs: 2000, transactionTimeoutMs: 5000 })

async function copy(batch) {
  const outputs = []
  const counts = new Map()
  for (const { key, value } of batch.records) {
    if (!counts.has(key)) {
      const last = await log.latest('counts', key)
      counts.set(key, last === null ? 0 : Number(Buffer.from(last.value).toString()))
    }
    const count = counts.get(key) + 1
    counts.set(key, count)
    outputs.push({ topic: 'out', key, value: Buffer.from(`${Buffer.from(value)} is number ${count}`) })
  }
  for (const [key, count] of counts) outputs.push({ topic: 'counts', key, value: Buffer.from(String(count)) })
  await log.transact({ outputs, group: 'copy', offsets: [batch.next] })
}

/** Partitions side by side, each in order, until one of them fails: as an actor does. */
async function session(never) {
  const reader = log.openReader({ topics: ['in'], group: 'copy', maxRecords: 7 })
  const lanes = new Map()
  try {
    for (;;) {
      const batch = await reader.next(never)
      const lane = batch.next.partition
      await lanes.get(lane)
      const work = copy(batch)
      work.catch(() => {})
      lanes.set(lane, work)
    }
  } finally {
    await Promise.allSettled(lanes.values())
    await reader.close()
  }
}

console.log('open')
for (;;) {
  try {
    await session(new AbortController().signal)
  } catch (error) {
    // What a supervisor does.
    if (error.retryable !== true) throw error
  }
}
