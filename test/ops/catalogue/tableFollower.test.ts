import { afterEach, beforeEach, expect, test } from 'vitest'
import { followTable } from '../../../ops/catalogue/tableFollower.ts'
import { encode, FusionError } from '../../../schemas/index.ts'
import type { Log, Output } from '../../../streams/index.ts'
import { openTemporaryLog, posteriorOutputs, starOutputs, type TemporaryLog } from '../starRecords.ts'
import { type PlacedStar, placedStar, randomSky } from './placedStars.ts'

let temporary: TemporaryLog
let ending: AbortController
beforeEach(async () => {
  temporary = await openTemporaryLog()
  ending = new AbortController()
})
afterEach(async () => {
  ending.abort()
  await temporary.remove()
})

const outputsOf = ({ star, posterior }: PlacedStar): readonly Output[] => [
  ...starOutputs(star),
  ...posteriorOutputs(posterior),
]
const write = (outputs: readonly Output[]) => temporary.log.transact({ outputs })
const fail = (error: unknown) => {
  throw error
}

test('what is in the log is there once it is up to date, and what comes later follows', async () => {
  await write(randomSky(450).flatMap(outputsOf))
  const followed = followTable(temporary.log, ending.signal, fail)
  expect(await followed.upToDate(10_000)).toBe(true)
  expect(followed.table.listedCount).toBe(450)
  const { version } = followed
  const { star, posterior } = placedStar('7', 1, 2, 0.5, null)
  await write(outputsOf({ star, posterior }))
  await expect.poll(() => followed.table.listedCount).toBe(451)
  expect(followed.version).not.toBe(version)
  await write([{ topic: 'latest-posteriors', key: star.starId, value: null }])
  await expect.poll(() => followed.table.listedCount).toBe(450)
  await write(starOutputs({ ...placedStar('1000', 0, 0, 0, null).star, isRetired: true }))
  await expect.poll(() => followed.table.listedCount).toBe(449)
})

test('an empty log is up to date at once', async () => {
  const followed = followTable(temporary.log, ending.signal, fail)
  expect(await followed.upToDate(10_000)).toBe(true)
  expect(followed.table.listedCount).toBe(0)
})

test('a record that is damaged is told, and those behind it are read', async () => {
  const { star, posterior } = placedStar('7', 1, 2, 0.5, null)
  const damaged = encode('posterior', posterior).slice(0, 40)
  await write([{ topic: 'latest-posteriors', key: 'gaiaDr3:6', value: damaged }, ...outputsOf({ star, posterior })])
  const reported: unknown[] = []
  const followed = followTable(temporary.log, ending.signal, error => void reported.push(error))
  expect(await followed.upToDate(10_000)).toBe(true)
  expect(followed.table.listedCount).toBe(1)
  expect(reported).toEqual([expect.objectContaining({ code: 'SCHEMA_MISMATCH' })])
})

test('a log that fails is told, and read on from where it stood', async () => {
  await write(randomSky(3).flatMap(outputsOf))
  let hasFailed = false
  const { log } = temporary
  const broken = {
    extents: topic => log.extents(topic),
    openReader(options) {
      if (hasFailed) return log.openReader(options)
      hasFailed = true
      throw new FusionError('LOG_UNAVAILABLE', 'The brokers are gone: start them.')
    },
  } as Pick<Log, 'extents' | 'openReader'> as Log
  const reported: unknown[] = []
  const followed = followTable(broken, ending.signal, error => void reported.push(error))
  expect(await followed.upToDate(1)).toBe(false)
  expect(await followed.upToDate(15_000)).toBe(true)
  expect([followed.table.listedCount, reported.length]).toEqual([3, 1])
})
