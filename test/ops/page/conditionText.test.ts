import { expect, test } from 'vitest'
import { conditionKinds, watchedIds, withCondition } from '../../../ops/page/conditionText.ts'
import { parseFilter } from '../../../schemas/index.ts'

test('whatever the builder can put together is a filter that is understood', () => {
  let where = ''
  for (const kind of conditionKinds) {
    for (const [i, field] of kind.fields.entries()) {
      for (const value of field.choices ?? [field.start]) {
        const condition = kind.write(kind.fields.map((one, k) => (k === i ? value : one.start)))
        expect(() => parseFilter({ where: condition, moc: null, watchlist: [] }), condition).not.toThrow()
      }
    }
    where = withCondition(where, kind.write(kind.fields.map(({ start }) => start)))
  }
  expect(where.split(' and ')).toHaveLength(conditionKinds.length)
  expect(() => parseFilter({ where, moc: null, watchlist: [] })).not.toThrow()
})

test('a watchlist is a line each, or the first column, each id once', () => {
  expect(watchedIds('# mine\nGaia DR3 12, a\r\n\n2MASS J1\nGaia DR3 12\n')).toEqual(['Gaia DR3 12', '2MASS J1'])
  expect(watchedIds('')).toEqual([])
})
