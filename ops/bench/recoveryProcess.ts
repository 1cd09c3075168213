// One process of recoveryBench.ts: counts until its input ends. node recoveryProcess.js PLACE NAME FOLDER STANDBY, where
// PLACE is JSON. A question is answered once the log is open and the state of all partitions is read.
import { createInterface } from 'node:readline'
import { runActor } from '../../actors/index.ts'
import { isFusionError } from '../../schemas/index.ts'
import { openLog } from '../../streams/index.ts'
import { countPlan, type Place, recoveryLog, STATE } from './recoveryWork.ts'

const [place, name, stateFolder, standby] = process.argv.slice(2)
const isStandby = standby === 'true'
const log = await openLog({
  ...recoveryLog(JSON.parse(place) as Place, name),
  ...{ stateFolder, standby: isStandby ? [STATE] : [] },
})
const stop = new AbortController()
/** Begins anew where it is told to, as a supervisor has an actor do. */
async function count(): Promise<void> {
  while (!stop.signal.aborted) {
    try {
      await runActor(countPlan(name), { log, signal: stop.signal, onCommit: () => {} })
    } catch (error) {
      if (!isFusionError(error) || !error.retryable) throw error
    }
  }
}
const running = count()
for await (const _ of createInterface({ input: process.stdin })) {
  // A process that stands by has read it anyway, sooner or later.
  if (isStandby) await log.latest(STATE, 'star 0')
  process.stdout.write('{}\n')
}
stop.abort()
await running
await log.close()
