import { expect, test } from 'vitest'
import { hiddenMarkov } from '../../../models/tasks/hmm.ts'

test('draws have the moments of a random walk and of its squares', () => {
  const count = 50_000
  const rows = hiddenMarkov.draw(1, 0, count)
  for (const k of [0, 4, 9]) {
    const variance = 0.25 * (k + 1)
    let [square, mean, spread] = [0, 0, 0]
    for (let i = 0; i < rows.length; i += 20) {
      square += rows[i + k] ** 2 / count
      mean += rows[i + 10 + k] / count
      spread += (rows[i + 10 + k] - variance) ** 2 / count
    }
    const error = variance * Math.sqrt(2 / count)
    expect(Math.abs(square - variance)).toBeLessThan(5 * error)
    expect(Math.abs(mean - variance)).toBeLessThan((5 * Math.sqrt(2 * variance ** 2 + 0.25)) / Math.sqrt(count))
    expect(Math.abs(spread / (2 * variance ** 2 + 0.25) - 1)).toBeLessThan(0.12)
  }
})

test('the posterior has two signs as often, and the size that the data say', () => {
  const data = [0, 0.2, 1, 2, 3, 4, 4, 4, 4, 4]
  const rows = hiddenMarkov.posterior?.(data, 2, 4000) ?? new Float64Array(0)
  let [positive, size] = [0, 0]
  for (let i = 9; i < rows.length; i += 10) {
    positive += rows[i] > 0 ? 1 : 0
    size += Math.abs(rows[i])
  }
  expect(Math.abs(positive / 4000 - 0.5)).toBeLessThan(0.04)
  expect(Math.abs(size / 4000 - 2)).toBeLessThan(0.06)
})
