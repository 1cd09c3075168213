// Tells subscriptions of their stars until it is killed.
import { notifyPlan, runActor } from '../../../dist/actors/index.js'
import { historyTopics } from '../../../dist/ops/bench/subscriptionHistory.js'
import { openLog } from '../../../dist/streams/index.js'

const [brokers, prefix, transactionalId] = process.argv.slice(2)
const config = { kind: 'kafka', brokers: brokers.split(','), prefix, topics: historyTopics, transactionalId }
const log = await openLog({ ...config, sessionTimeoutMs: 2000, transactionTimeoutMs: 5000 })
console.log('open')
for (;;) {
  try {
    await runActor(notifyPlan(log), { log, signal: new AbortController().signal, onCommit: () => {} })
  } catch (error) {
    // What a supervisor does.
    if (error.retryable !== true) throw error
  }
}
