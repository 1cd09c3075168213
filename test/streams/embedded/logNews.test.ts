import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { LogNews } from '../../../streams/embedded/logNews.ts'

test('an announcement wakes everyone who waits, once, and leaves nothing on their signals', async () => {
  const news = new LogNews()
  const { signal } = new AbortController()
  let woken = 0
  const waits = Array.from({ length: 3 }, () => news.wait([signal], null).then(() => (woken += 1)))
  news.announce()
  await Promise.all(waits)
  expect(woken).toBe(3)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('either signal ends the waiting, also when it was given before', async () => {
  const news = new LogNews()
  for (const which of [0, 1]) {
    const stops = [new AbortController(), new AbortController()]
    const signals = stops.map(stop => stop.signal)
    const waiting = news.wait(signals, null)
    stops[which].abort()
    await waiting
    await news.wait(signals, null)
    expect(signals.flatMap(signal => getEventListeners(signal, 'abort'))).toEqual([])
  }
})

test('a limited wait ends by itself', async () => {
  await new LogNews().wait([], 1)
})
