import { expect, test } from 'vitest'
import { createManualClock, systemClock } from '../../actors/clock.ts'

const never = new AbortController().signal

test('a manual clock wakes sleepers when their time has come, the earliest first', async () => {
  const clock = createManualClock()
  const woken: string[] = []
  const late = clock.sleep(200, never).then(() => woken.push('late'))
  const early = clock.sleep(100, never).then(() => woken.push('early'))
  clock.advance(99)
  await Promise.resolve()
  expect(woken).toEqual([])
  clock.advance(200)
  await Promise.all([late, early])
  expect(woken).toEqual(['early', 'late'])
  expect(clock.nowMs()).toBe(299)
  expect(clock.sleeping).toEqual([])
})

test('an aborted sleep ends at once, on either clock', async () => {
  const clock = createManualClock()
  const stop = new AbortController()
  const sleeps = [clock.sleep(1e9, stop.signal), systemClock.sleep(1e9, stop.signal)]
  stop.abort()
  await Promise.all(sleeps)
  await clock.sleep(1e9, stop.signal)
  expect(clock.sleeping).toEqual([])
})
