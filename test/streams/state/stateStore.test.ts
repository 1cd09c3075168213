import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { subscribe } from '../../../schemas/index.ts'
import { type KeyEntry, MemoryKeyStore } from '../../../streams/state/keyStore.ts'
import { StateStore } from '../../../streams/state/stateStore.ts'
import { temporaryFolder } from '../../actors/logFolder.ts'

const notices: string[] = []
let stop = () => {}

beforeEach(() => {
  notices.length = 0
  stop = subscribe('notice', ({ message }) => notices.push(message))
})

afterEach(() => stop())

const entry = (offset: number, text: string | null): KeyEntry => ({
  offset,
  value: text === null ? null : new Uint8Array(Buffer.from(text)),
})

async function storePath(): Promise<string> {
  return join(await temporaryFolder(), 'writer-0', 'state.mdb')
}

test('entries and mark are found again, each partition by itself', async () => {
  const path = await storePath()
  const store = new StateStore(path)
  const one = await store.keys('topic/0', 'log a')
  expect(one.mark).toBeNull()
  await one.write(
    new Map([
      ['a', entry(3, 'text')],
      ['b', entry(4, null)],
      ['c', entry(5, '')],
    ]),
    { offset: 6, freshMs: 7 },
  )
  const two = await store.keys('topic/1', 'log a')
  await two.write(new Map([['a', entry(1, 'other')]]), { offset: 2, freshMs: 8 })
  await store.close()
  const again = new StateStore(path)
  const found = await again.keys('topic/0', 'log a')
  expect(found.mark).toEqual({ offset: 6, freshMs: 7 })
  expect(['a', 'b', 'c', 'd'].map(key => found.get(key))).toEqual([
    entry(3, 'text'),
    entry(4, null),
    entry(5, ''),
    null,
  ])
  await found.write(new Map([['a', null]]), { offset: 9, freshMs: 9 })
  expect(found.get('a')).toBeNull()
  expect((await again.keys('topic/1', 'log a')).get('a')).toEqual(entry(1, 'other'))
  await found.clear()
  expect(found.get('b')).toBeNull()
  expect((await again.keys('topic/0', 'log a')).mark).toBeNull()
  await again.close()
  expect(notices).toEqual([])
})

test('what is of another log of that name is left, and told', async () => {
  const store = new StateStore(await storePath())
  const before = await store.keys('topic/0', 'log a')
  await before.write(new Map([['a', entry(3, 'text')]]), { offset: 4, freshMs: 0 })
  const after = await store.keys('topic/0', 'log b')
  expect([after.mark, after.get('a')]).toEqual([null, null])
  expect(notices).toEqual([expect.stringMatching(/topic\/0 .*is of another log/)])
  await store.close()
})

test('a file that is cut short, overwritten or condemned is made anew, and told', async () => {
  const path = await storePath()
  const breakers: readonly ((store: StateStore) => void)[] = [
    () => writeFileSync(path, readFileSync(path).subarray(0, 100)),
    () => writeFileSync(path, Buffer.alloc(20_000, 7)),
    store => store.condemn(),
  ]
  for (const damage of breakers) {
    const store = new StateStore(path)
    const keys = await store.keys('topic/0', 'log a')
    await keys.write(new Map([['a', entry(3, 'text')]]), { offset: 4, freshMs: 0 })
    await store.close()
    damage(store)
    const again = new StateStore(path)
    expect((await again.keys('topic/0', 'log a')).mark).toBeNull()
    await again.close()
  }
  expect(notices).toHaveLength(3)
  expect(notices[0]).toMatch(/was damaged; it is read anew/)
})

test('an entry whose bytes have changed is damage, not an answer', async () => {
  const path = await storePath()
  const store = new StateStore(path)
  const keys = await store.keys('topic/0', 'log a')
  await keys.write(new Map([['a', entry(3, 'the value itself')]]), { offset: 4, freshMs: 0 })
  await store.close()
  const bytes = readFileSync(path)
  const at = bytes.indexOf('the value itself')
  expect(at).toBeGreaterThan(0)
  for (let i = at; i > 0; i = bytes.indexOf('the value itself', i + 1)) bytes[i] ^= 1
  writeFileSync(path, bytes)
  const again = new StateStore(path)
  const found = await again.keys('topic/0', 'log a')
  expect(() => found.get('a')).toThrow(expect.objectContaining({ code: 'LOG_DAMAGED' }))
  await found.condemn()
  expect(found.get('a')).toBeNull()
  await again.close()
  await new StateStore(path).close()
  expect(notices).toEqual([expect.stringMatching(/was damaged/)])
})

test('whoever opens a store last is its only writer', async () => {
  const path = await storePath()
  const first = new StateStore(path)
  const keys = await first.keys('topic/0', 'log a')
  const second = new StateStore(path)
  await expect(keys.write(new Map(), { offset: 1, freshMs: 0 })).rejects.toMatchObject({ code: 'LOG_FENCED' })
  await second.close()
  await first.close()
})

test('in memory the values have a bound, the offsets are all there', async () => {
  const store = new MemoryKeyStore()
  const value = new Uint8Array(1024 * 1024)
  for (let i = 0; i < 40; i++) await store.write(new Map([[`key ${i}`, { offset: i, value }]]))
  const found = Array.from({ length: 40 }, (_, i) => store.get(`key ${i}`))
  expect(found.map(one => one?.offset)).toEqual(Array.from({ length: 40 }, (_, i) => i))
  expect(found.filter(one => one?.value !== null)).toHaveLength(32)
  expect(found[39]?.value).toHaveLength(value.length)
  await store.write(new Map([['key 39', null]]))
  expect(store.get('key 39')).toBeNull()
})
