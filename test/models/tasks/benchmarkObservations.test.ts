import { expect, test } from 'vitest'
import { benchmarkObservations } from '../../../models/tasks/benchmarkObservations.ts'
import { taskTable } from '../../../models/tasks/taskTable.ts'

test('every observation has one value a datum, and ten each', () => {
  expect([...benchmarkObservations.keys()]).toEqual(['gaussian_linear', 'gaussian_mixture', 'two_moons', 'slcp'])
  for (const [name, rows] of benchmarkObservations) {
    expect(rows).toHaveLength(10)
    const data = taskTable.get(name)?.variables.filter(({ role }) => role === 'data')
    for (const row of rows) expect(row).toHaveLength(data?.length ?? 0)
  }
})

test('every observation has posterior draws of finite density', () => {
  for (const [name, rows] of benchmarkObservations) {
    const task = taskTable.get(name)
    for (const row of rows) {
      const draws = task?.posterior?.(row, 1, 5)
      if (draws === undefined) continue
      for (let i = 0; i < 5; i++) {
        const parameters = draws.subarray((i * draws.length) / 5, ((i + 1) * draws.length) / 5)
        expect(task?.logJoint([...parameters, ...row])).toBeGreaterThan(-Infinity)
      }
    }
  }
})
