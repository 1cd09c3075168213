import { expect, test } from 'vitest'
import { costKinds, groundCost } from '../../../models/alignment/groundCost.ts'
import { pairLoss } from '../../../models/alignment/pairLoss.ts'
import { normalMatrix } from './pointSets.ts'
import { expectSlopes, slopesOf } from './slopes.ts'

const inputs = (isPair: number[]) => [
  { name: 'x', shape: [4, 3], data: normalMatrix(4, 3, 61).values, isMoved: true },
  { name: 'y', shape: [4, 3], data: normalMatrix(4, 3, 62).values, isMoved: true },
  { name: 'isPair', shape: [4], data: Float64Array.from(isPair), isMoved: false },
]

test('value and slopes are the mean cost of the pairs that are there', async () => {
  for (const kind of costKinds) {
    await expectSlopes(
      inputs([1, 0, 1, 1]),
      t => pairLoss(t.x, t.y, t.isPair, kind),
      v => {
        const points = (values: Float64Array) => ({ rows: 4, columns: 3, values })
        const cost = groundCost(points(v.x), points(v.y), kind).values
        return (cost[0] + cost[10] + cost[15]) / 3
      },
    )
  }
})

test('no pair: 0 and no slope', async () => {
  for (const kind of costKinds)
    for (const values of Object.values(await slopesOf(inputs([0, 0, 0, 0]), t => pairLoss(t.x, t.y, t.isPair, kind))))
      expect(values.every(value => value === 0)).toBe(true)
})
