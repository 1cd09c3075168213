import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { inTurn, settle } from '../../actors/deliveryTurn.ts'
import { FusionError, subscribe } from '../../schemas/index.ts'
import type { Log } from '../../streams/index.ts'
import { temporaryLog } from './logFolder.ts'

const never = new AbortController().signal

/** A log whose readers hold nothing as often as it says, and whose transactions are refused as often. */
function losing(log: Log, left: { waits: number; losses: number }): Log {
  return new Proxy(log, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (name === 'transact') {
        return async (transaction: Parameters<Log['transact']>[0]) => {
          if (left.losses-- > 0) throw new FusionError('LOG_REASSIGNED', 'The turn is lost.')
          return target.transact(transaction)
        }
      }
      if (name !== 'openReader') return typeof value === 'function' ? value.bind(target) : value
      return (options: Parameters<Log['openReader']>[0]) => {
        const reader = target.openReader(options)
        const holding = reader.holding.bind(reader)
        reader.holding = async signal => (left.waits-- > 0 ? [] : holding(signal))
        return reader
      }
    },
  })
}

const output = { topic: 'raw', key: 'key', value: new Uint8Array([1]) }
const countOf = async (log: Log) => (await log.extents('raw'))[0].end

test('in a log in a folder it is always the turn of whoever asks, one after the other', async () => {
  const log = await temporaryLog()
  await settle(log, 'dead-letters', never)
  for (const name of ['first', 'second']) {
    expect(await inTurn(log, never, turn => turn.transact([output]).then(() => name))).toBe(name)
  }
  expect(await countOf(log)).toBe(2)
})

test('work whose turn is lost begins anew in the next one, and no other error is taken for that', async () => {
  const log = await temporaryLog()
  let begun = 0
  const work = inTurn(losing(log, { waits: 0, losses: 2 }), never, async turn => {
    begun++
    await turn.transact([output])
    return begun
  })
  expect(await work).toBe(3)
  expect(await countOf(log)).toBe(1)
  const full = new FusionError('LOG_FULL', 'The disk is full.')
  await expect(inTurn(log, never, () => Promise.reject(full))).rejects.toBe(full)
})

test('whoever waits for the turn is told so once, and stops waiting when asked to', async () => {
  const log = await temporaryLog()
  const told: string[] = []
  onTestFinished(subscribe('notice', ({ message }) => told.push(message)))
  expect(await inTurn(losing(log, { waits: 2, losses: 0 }), never, async () => 'done')).toBe('done')
  expect(told).toEqual([expect.stringMatching(/^Another process takes files in/)])
  const stop = new AbortController()
  const waiting = inTurn(losing(log, { waits: 1e9, losses: 0 }), stop.signal, async () => 'never')
  await sleep(20)
  stop.abort()
  expect(await waiting).toBeNull()
})
