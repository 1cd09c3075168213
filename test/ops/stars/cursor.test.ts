import { expect, test } from 'vitest'
import { formatCursor, parseCursor } from '../../../ops/stars/cursor.ts'
import { isFusionError } from '../../../schemas/index.ts'

test('a cursor leads back to the positions it was made of, whatever their order', () => {
  const positions = [
    { topic: 'posteriors', partition: 2, offset: 2 ** 47 },
    { topic: 'posteriors', partition: 0, offset: 0 },
  ]
  const cursor = formatCursor(positions)
  expect(cursor).toBe(`0:0.2:${2 ** 47}`)
  expect(parseCursor(cursor, 'posteriors')).toEqual([positions[1], positions[0]])
})

for (const text of [
  '',
  'latest',
  '0:1,1:2',
  '0:-1',
  '0:1.',
  '0:1e3',
  '0:1.0:2',
  '0:9999999999999999',
  'x'.repeat(10_000),
]) {
  test(`the word ${JSON.stringify(text.slice(0, 20))} is refused as no cursor, in a short sentence`, () => {
    let caught: unknown = null
    try {
      parseCursor(text, 'posteriors')
    } catch (error) {
      caught = error
    }
    expect(isFusionError(caught) && caught.code).toBe('QUESTION_INVALID')
    expect(caught instanceof Error && caught.message.length).toBeLessThan(200)
  })
}
