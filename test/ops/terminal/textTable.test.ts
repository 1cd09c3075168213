import { expect, test } from 'vitest'
import { renderTable } from '../../../ops/terminal/textTable.ts'

test('columns are as wide as their widest cell, numbers stand right, lines end without spaces', () => {
  const lines = renderTable(
    [{ title: 'Cluster' }, { title: 'n', align: 'right' }, { title: '' }],
    [
      ['Pleiades', '7', ''],
      ['M67', '1234', ''],
    ],
  )
  expect(lines).toEqual(['Cluster      n', '--------  ----', 'Pleiades     7', 'M67       1234'])
})

test('a table without rows still has its titles', () => {
  expect(renderTable([{ title: 'a' }], [])).toEqual(['a', '-'])
})

test('a missing cell is empty, and a letter outside ASCII is one column wide', () => {
  expect(renderTable([{ title: 'μ' }, { title: 'x' }], [['ϖϖ']])).toEqual(['μ   x', '--  -', 'ϖϖ'])
})
