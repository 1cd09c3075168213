import { expect, onTestFinished, test } from 'vitest'
import { createDeadLetter, deadLetterOutput } from '../../../actors/deadLetter.ts'
import { buildServer } from '../../../ops/server/server.ts'
import { openTemporaryLog } from '../starRecords.ts'
import { smallServerParts } from './smallServer.ts'

async function build() {
  const temporary = await openTemporaryLog()
  const app = await buildServer(smallServerParts(temporary.log))
  onTestFinished(async () => {
    await app.close()
    await temporary.remove()
  })
  return { app, log: temporary.log }
}

const letter = (row: number, topic: string) =>
  createDeadLetter({
    step: 'ingest',
    code: 'VALUE_OUT_OF_RANGE',
    reason: `Row ${row} is out of range.`,
    origin: `a.csv row ${row}`,
    topic,
    key: 'k',
    bytes: new Uint8Array([row]),
  })

test('refused records come with their reasons, the newest first, and go back onto their way once', async () => {
  const { app, log } = await build()
  const letters = [letter(1, 'observations'), letter(2, '')]
  await log.transact({ outputs: letters.map(deadLetterOutput) })
  const listed = (await app.inject('/v1/dead-letters')).json()
  expect(listed.total).toBe(2)
  expect(listed.letters.map(({ origin }: { origin: string }) => origin)).toEqual(['a.csv row 2', 'a.csv row 1'])
  expect(listed.letters[1]).toMatchObject({ reason: 'Row 1 is out of range.', sizeBytes: 1, state: 'waiting' })
  const redrive = () =>
    app.inject({
      method: 'POST',
      url: '/v1/dead-letters/redrive',
      payload: { ids: letters.map(({ deadLetterId }) => deadLetterId) },
    })
  const before = (await log.extents('observations')).reduce((sum, { end }) => sum + end, 0)
  expect((await redrive()).json()).toEqual({ redriven: 1, skipped: 1 })
  expect((await redrive()).json()).toEqual({ redriven: 0, skipped: 1 })
  expect((await log.extents('observations')).reduce((sum, { end }) => sum + end, 0)).toBe(before + 1)
  expect((await app.inject('/v1/dead-letters')).json().total).toBe(1)
  expect((await app.inject('/v1/dead-letters?all=true&limit=1')).json()).toMatchObject({ total: 2 })
})

test('what is no id, or none at all, is refused', async () => {
  const { app } = await build()
  for (const payload of [{}, { ids: [] }, { ids: [{}] }, { ids: ['x'.repeat(65)] }]) {
    const response = await app.inject({ method: 'POST', url: '/v1/dead-letters/redrive', payload })
    expect([payload, response.statusCode]).toEqual([payload, 400])
  }
})

test('the pipeline tells its stages and topics', async () => {
  const { app } = await build()
  const status = (await app.inject('/v1/status')).json()
  expect(status.stages.map(({ stage }: { stage: string }) => stage)).toContain('infer')
  expect(status.topics.length).toBeGreaterThan(5)
})
