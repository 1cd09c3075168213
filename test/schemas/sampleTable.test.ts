import { tableFromIPC } from 'apache-arrow'
import { expect, test } from 'vitest'
import { encodeSampleTable, type StarSamples } from '../../schemas/index.ts'

const stars: readonly StarSamples[] = [
  {
    starId: 'gaiaDr3:9223372036854775807',
    posteriorId: 'a',
    samples: { names: ['logAgeYr', 'avMag'], count: 2, values: Float32Array.of(6.5, 7, 0.25, 0.5) },
  },
  { starId: 'gaiaDr3:2', posteriorId: 'b', samples: null },
  { starId: 'gaiaDr3:3', posteriorId: 'c', samples: { names: ['avMag'], count: 1, values: Float32Array.of(3) } },
]

test('each star is a row, each quantity a list, and what the log holds no more is null', () => {
  const table = tableFromIPC(encodeSampleTable(stars, new Map([['record', 'samples of stars']])))
  const lists = (name: string) =>
    Array.from({ length: table.numRows }, (_, i) => {
      const list = table.getChild(name)?.get(i)
      return list === null ? null : [...list]
    })
  expect([...(table.getChild('starId') ?? [])]).toEqual(stars.map(({ starId }) => starId))
  expect([...(table.getChild('posteriorId') ?? [])]).toEqual(['a', 'b', 'c'])
  expect(lists('logAgeYr')).toEqual([[6.5, 7], null, null])
  expect(lists('avMag')).toEqual([[0.25, 0.5], null, [3]])
  expect(table.schema.fields.map(({ metadata }) => metadata.get('unit'))).toEqual([
    undefined,
    undefined,
    'dex(yr)',
    'mag',
  ])
  expect(table.schema.metadata.get('record')).toBe('samples of stars')
})

test('no stars are a table without rows', () => {
  expect(tableFromIPC(encodeSampleTable([], new Map())).numRows).toBe(0)
})
