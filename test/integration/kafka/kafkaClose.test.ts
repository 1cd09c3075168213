import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { COPIERS, COUNTS, SOURCE } from '../../../ops/bench/proof/proofRoles.ts'
import { openScene } from '../../../ops/bench/proof/scene.ts'
import { openLog } from '../../../streams/openLog.ts'
import { output } from '../../streams/logRecords.ts'

const never = new AbortController().signal
/** Of a request; far longer than the patience of the scene. */
const REQUEST_TIMEOUT_MS = 30_000

test('a log closes though its brokers do not answer any more, whatever it waits for', async () => {
  const scene = await openScene('broker')
  onTestFinished(() => scene.close())
  const log = await openLog(scene.configs(0)('process'))
  const reader = log.openReader({ topics: [SOURCE], group: COPIERS })
  await log.transact({ outputs: [output(SOURCE, 'key', 'text')] })
  const batch = await reader.next(never)
  if (batch === null) throw new Error('a batch was due')
  for (const proxy of scene.proxies) proxy.set('silent')
  const work = [
    log.transact({ outputs: [output(COUNTS, 'key', 'one')], group: COPIERS, offsets: [batch.next] }),
    log.latest(COUNTS, 'key'),
  ]
  const refused = Promise.all(work.map(one => expect(one).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })))
  const waiting = reader.next(never)
  const late = new AbortController()
  onTestFinished(() => late.abort())
  const inTime = await Promise.race([
    log.close().then(() => true),
    sleep(REQUEST_TIMEOUT_MS / 2, false, { signal: late.signal, ref: false }),
  ])
  expect(inTime).toBe(true)
  expect(await waiting).toBeNull()
  await refused
})
