import { expect, test } from 'vitest'
import { Mailbox } from '../../actors/mailbox.ts'

const never = new AbortController().signal

test('a full mailbox makes its source wait until an item is taken, and loses none', async () => {
  const mailbox = new Mailbox<number>(2)
  const put: number[] = []
  const source = (async () => {
    for (let i = 0; i < 6; i++) {
      await mailbox.put(i, never)
      put.push(i)
    }
  })()
  await new Promise(setImmediate)
  expect(put).toEqual([0, 1])
  expect(mailbox.isFull).toBe(true)
  expect(await mailbox.take(never)).toBe(0)
  await new Promise(setImmediate)
  expect(put).toEqual([0, 1, 2])
  const taken: (number | null)[] = []
  while (taken.length < 5) taken.push(await mailbox.take(never))
  await source
  expect(taken).toEqual([1, 2, 3, 4, 5])
  expect(mailbox.depth).toBe(0)
})

test('who waits for an item gets the next one that is put', async () => {
  const mailbox = new Mailbox<string>(1)
  const waiting = mailbox.take(never)
  await mailbox.put('first', never)
  expect(await waiting).toBe('first')
})

test('an abort ends both waits, and the item that found no room is not taken', async () => {
  const stop = new AbortController()
  const empty = new Mailbox<number>(1)
  const full = new Mailbox<number>(1)
  await full.put(1, stop.signal)
  const waits = [empty.take(stop.signal), full.put(2, stop.signal)]
  stop.abort()
  expect(await Promise.all(waits)).toEqual([null, false])
  expect(full.depth).toBe(1)
})

test('a capacity that holds nothing is refused', () => {
  expect(() => new Mailbox(0)).toThrow(RangeError)
})
