import { expect, test } from 'vitest'
import { createPacer } from '../../../ops/simulation/pacer.ts'

test('as many come as are due since the first was asked for, at most a transaction of them', async () => {
  let atMs = 5000
  const pacer = createPacer(200, () => atMs, new AbortController().signal)
  expect(pacer.behind(40)).toBe(0)
  const first = pacer.nextCount(40)
  atMs += 250
  expect(await first).toBe(50)
  expect(pacer.behind(60)).toBe(30)
  expect(await pacer.nextCount(60)).toBe(30)
  atMs += 60_000
  expect(await pacer.nextCount(90)).toBe(1000)
  expect(pacer.behind(90)).toBe(12_000)
  expect(pacer.behind(20_000)).toBe(0)
})

test('less than one a second waits for its time, and ends at once where it is aborted', async () => {
  let atMs = 0
  const stop = new AbortController()
  const pacer = createPacer(0.5, () => atMs, stop.signal)
  let isThere = false
  const one = pacer.nextCount(0).then(count => {
    isThere = true
    return count
  })
  atMs = 1900
  await new Promise(resolve => setTimeout(resolve, 250))
  expect(isThere).toBe(false)
  atMs = 2000
  expect(await one).toBe(1)
  const next = pacer.nextCount(1)
  stop.abort()
  expect(await next).toBe(0)
})
