import { expect, test } from 'vitest'
import { cardText } from '../../../models/training/cardText.ts'

test('each row of numbers stands on one line, and nothing else changes', () => {
  const card = { name: 'a [1,\n 2] b', rows: [[1, -2.5e-7], [], [null]], words: ['x', 'y'], one: { values: [3] } }
  const text = cardText(card)
  expect(JSON.parse(text)).toEqual(card)
  expect(text).toContain('[1, -2.5e-7]')
  expect(text).toContain('"values": [3]')
  expect(text.endsWith('}\n')).toBe(true)
})
