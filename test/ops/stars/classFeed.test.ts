import { afterEach, beforeEach, expect, test } from 'vitest'
import { classFeed, type FeedOptions, parseCondition } from '../../../ops/stars/classFeed.ts'
import { parseCursor } from '../../../ops/stars/cursor.ts'
import { isFusionError } from '../../../schemas/index.ts'
import { makePosterior, openTemporaryLog, posteriorOutputs, type TemporaryLog } from '../starRecords.ts'

let temporary: TemporaryLog
beforeEach(async () => {
  temporary = await openTemporaryLog()
})
afterEach(() => temporary.remove())

async function commit(probabilities: readonly number[], name: string) {
  const outputs = probabilities.flatMap((p, i) => posteriorOutputs(makePosterior(`${name}-${i}`, p)))
  await temporary.log.transact({ outputs })
}

async function collect(options: Partial<FeedOptions>, limit = Number.POSITIVE_INFINITY) {
  const passed: string[] = []
  let cursor = ''
  const whole: FeedOptions = { className: 'young', above: 0.5, from: 'earliest', untilEnd: true, ...options }
  for await (const event of classFeed(temporary.log, whole, new AbortController().signal)) {
    cursor = event.cursor
    if (event.posterior !== null) passed.push(event.posterior.starId)
    if (passed.length === limit) break
  }
  return { passed, cursor }
}

test('only posteriors whose class probability reaches the bound pass', async () => {
  await commit([0.49, 0.5, 0.51, 1, 0], 'star')
  expect((await collect({})).passed.sort()).toEqual(['star-1', 'star-2', 'star-3'])
  expect((await collect({ className: 'giant', above: 0.3 })).passed).toEqual(['star-4'])
})

test('resuming from the cursor of any event sees what is left, each once', async () => {
  const names = Array.from({ length: 40 }, (_, i) => `star-${i}`)
  await commit(
    names.map((_, i) => (i % 3 === 0 ? 0.1 : 0.9)),
    'star',
  )
  const all = (await collect({})).passed
  expect(all).toHaveLength(26)
  for (const limit of [1, 5, 13, 25]) {
    const first = await collect({}, limit)
    const rest = await collect({ from: parseCursor(first.cursor, 'posteriors') })
    expect([...first.passed, ...rest.passed].sort()).toEqual([...all].sort())
  }
})

test('a stretch without a match moves the cursor, so that it is not read again', async () => {
  await commit(Array(50).fill(0.1), 'dull')
  const { passed, cursor } = await collect({})
  expect(passed).toEqual([])
  const offsets = parseCursor(cursor, 'posteriors').map(({ offset }) => offset)
  expect(offsets.reduce((a, b) => a + b, 0)).toBe(50)
})

test('from latest on, only what is committed afterwards is seen, and the signal ends the wait', async () => {
  await commit([0.9], 'old')
  const controller = new AbortController()
  const options: FeedOptions = { className: 'young', above: 0.5, from: 'latest' }
  const seen: (string | undefined)[] = []
  const following = (async () => {
    for await (const { posterior } of classFeed(temporary.log, options, controller.signal)) seen.push(posterior?.starId)
  })()
  // Again and again: nobody is told when it has found where the end is.
  const commitAndLook = async () => {
    await commit([0.9], 'new')
    return new Set(seen)
  }
  await expect.poll(commitAndLook).toEqual(new Set(['new-0']))
  controller.abort()
  await following
})

for (const [cursor, code] of [
  ['9:0', 'QUESTION_INVALID'],
  ['0:99999999.1:0', 'LOG_OFFSET_LOST'],
]) {
  test(`a cursor at ${cursor} ends with ${code} before anything is seen`, async () => {
    await commit([0.9, 0.9, 0.9], 'star')
    await expect(collect({ from: parseCursor(cursor, 'posteriors') })).rejects.toMatchObject({ code })
  })
}

for (const [className, above] of [
  ['youngish', '0.5'],
  ['young', '1.5'],
  ['young', '-0.1'],
  ['young', ''],
  ['young', 'NaN'],
]) {
  test(`a subscription to ${className} above ${above === '' ? 'nothing' : above} is refused`, () => {
    let caught: unknown = null
    try {
      parseCondition(className, above)
    } catch (error) {
      caught = error
    }
    expect(isFusionError(caught) && caught.code).toBe('QUESTION_INVALID')
  })
}
