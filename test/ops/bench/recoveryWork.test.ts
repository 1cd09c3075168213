import { expect, test } from 'vitest'
import { runActor } from '../../../actors/index.ts'
import {
  countPlan,
  ENTRY_BYTES,
  INPUT,
  inputRecord,
  OUTPUT,
  recoveryLog,
  STATE,
  stateRecord,
} from '../../../ops/bench/recoveryWork.ts'
import { openLog } from '../../../streams/index.ts'
import { temporaryFolder } from '../../actors/logFolder.ts'

test('a process counts on from the state that is there, and its outputs say who made them', async () => {
  const { topics = [] } = recoveryLog({ brokers: [], prefix: '', sessionTimeoutMs: 1000 }, 'one')
  const log = await openLog({ kind: 'embedded', folder: await temporaryFolder(), topics })
  await log.transact({ outputs: [stateRecord(7, 41), inputRecord(7), inputRecord(7), inputRecord(8)] })
  const stop = new AbortController()
  await runActor(countPlan('one'), { log, signal: stop.signal, onCommit: () => stop.abort() })
  const totalOf = async (key: string) => Buffer.from((await log.latest(STATE, key))?.value ?? []).readDoubleBE(0)
  expect([await totalOf('star 7'), await totalOf('star 8')]).toEqual([43, 1])
  const reader = log.openReader({ topics: [OUTPUT] })
  const outputs = (await reader.poll())?.records ?? []
  expect(outputs.map(({ key, value }) => [key, Buffer.from(value ?? []).toString()])).toEqual([
    ['star 7', 'one'],
    ['star 7', 'one'],
    ['star 8', 'one'],
  ])
  await log.close()
})

test('an entry has the size that is told, and every process an id of its own', () => {
  expect(stateRecord(1, 1).value?.length).toBe(ENTRY_BYTES)
  expect(stateRecord(3, 1).key).toBe(inputRecord(3).key)
  expect(inputRecord(3).topic).toBe(INPUT)
  const place = { brokers: ['127.0.0.1:1'], prefix: 'a.', sessionTimeoutMs: 1000 }
  expect(recoveryLog(place, 'one').transactionalId).not.toBe(recoveryLog(place, 'two').transactionalId)
})
