import { expect, test } from 'vitest'
import { nonlinearTree } from '../../../models/tasks/tree.ts'

test('draws have the means that sines and squares of a Gaussian have', () => {
  const count = 50_000
  const rows = nonlinearTree.draw(1, 0, count)
  const mean = (k: number, of: (value: number) => number) => {
    let sum = 0
    for (let i = k; i < rows.length; i += 7) sum += of(rows[i])
    return sum / count
  }
  // A leaf is N(0, 2): E sin^2 = (1 - exp(-4)) / 2.
  expect(Math.abs(mean(3, x => x) - (1 - Math.exp(-4)) / 2)).toBeLessThan(0.012)
  expect(Math.abs(mean(6, x => x) - (1 + Math.exp(-4)) / 2)).toBeLessThan(0.012)
  expect(Math.abs(mean(4, x => x) - 0.2)).toBeLessThan(0.01)
  expect(Math.abs(mean(5, x => (x - 0.2) ** 2) - (0.08 + 0.36))).toBeLessThan(0.02)
  expect(Math.abs(mean(1, x => x * x) - 2)).toBeLessThan(0.07)
})
