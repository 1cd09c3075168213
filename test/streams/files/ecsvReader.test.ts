import { expect, test } from 'vitest'
import { openTable } from '../../../streams/files/tableReader.ts'
import { scratchFile } from './scratchFiles.ts'
import { contentsOf } from './tableContents.ts'

const header = (columns: string, extra = '') =>
  `# %ECSV 1.0\n# ---\n# datatype:\n${columns}${extra}# schema: astropy-2.0\n`

test('a cell that is not what its column declares is its text, and the row is kept', async () => {
  const columns = '# - {name: a, datatype: int64}\n# - {name: b, datatype: float64}\n# - {name: c, datatype: bool}\n'
  const path = scratchFile(
    'misfit.ecsv',
    `${header(columns)}a b c\n1 2.5 True\nx y z\nnull NaN ""\n9223372036854775808 inf 0\n`,
  )
  const { rows, badRows } = await contentsOf(path)
  expect(badRows).toEqual([])
  expect(rows).toEqual([
    { a: 1n, b: 2.5, c: true },
    { a: 'x', b: 'y', c: 'z' },
    { a: null, b: null, c: null },
    { a: '9223372036854775808', b: Number.POSITIVE_INFINITY, c: false },
  ])
})

test('arrays are flat, exact, and of the length they declare', async () => {
  const columns =
    "# - {name: a, datatype: string, subtype: 'int64[2]'}\n# - {name: b, datatype: string, subtype: 'float64[null]'}\n"
  const rows = ['[9007199254740993,null],"[[1,NaN],[Infinity]]"', '"[1]",[]', '"""text""",', '"[1,2]","[1e5]"']
  const path = scratchFile(
    'arrays.ecsv',
    `${header(columns, "# delimiter: ','\n")}a,b\n"[9007199254740993,null]","[[1,NaN],[Infinity]]"\n${rows.slice(1).join('\n')}\n`,
  )
  const contents = await contentsOf(path)
  expect(contents.columns.map(({ type, arraySize }) => [type, arraySize])).toEqual([
    ['long', 2],
    ['double', '*'],
  ])
  expect(contents.rows).toEqual([
    { a: [9007199254740993n, null], b: [1, null, Number.POSITIVE_INFINITY] },
    { a: '[1]', b: [] },
    { a: '"text"', b: null },
    { a: [1n, 2n], b: [1e5] },
  ])
})

test('columns of masks are folded into the columns they mask', async () => {
  const columns = '# - {name: s, datatype: string}\n# - {name: s.mask, datatype: bool}\n'
  const meta = [
    '# meta: !!omap',
    '# - __serialized_columns__:',
    '#     s:',
    '#       __class__: astropy.table.column.MaskedColumn',
    '#       data: !astropy.table.SerializedColumn {name: s}',
    '#       mask: !astropy.table.SerializedColumn {name: s.mask}',
  ]
  const path = scratchFile(
    'masked.ecsv',
    `${header(columns, `${meta.join('\n')}\n`)}s s.mask\na False\n"" False\nc True\n`,
  )
  const { columns: read, rows } = await contentsOf(path)
  expect(read.map(column => column.name)).toEqual(['s'])
  expect(rows).toEqual([{ s: 'a' }, { s: null }, { s: null }])
})

test('comments among the rows are none of them, and a UCD is read where Gaia and astropy put it', async () => {
  const columns =
    '# - {name: a, datatype: string, ucd: meta.id}\n# - name: b\n#   datatype: float64\n#   meta: !!omap\n#   - {ucd: pos.eq.ra}\n'
  const { columns: read, rows } = await contentsOf(
    scratchFile('notes.ecsv', `${header(columns)}a b\n1 2\n# a "note\n3 4\n`),
  )
  expect(read.map(column => column.ucd)).toEqual(['meta.id', 'pos.eq.ra'])
  expect(rows.map(row => row.a)).toEqual(['1', '3'])
})

test('a broken header, names that differ from it, and a header without end are refused', async () => {
  const good = '# - {name: a, datatype: int64}\n'
  for (const [content, problem] of [
    [`${header('# - {name: [}\n')}a\n1\n`, /broken ECSV header/],
    ['# %ECSV 1.0\n# ---\n# columns: 3\na\n1\n', /broken ECSV header/],
    [`${header(good)}b\n1\n`, /declares the columns a.*line of names reads 'b'/],
    [header(good), /ends within its ECSV header/],
    [`${header(good + good)}a a\n1 2\n`, /names columns 1 and 2 both 'a'/],
  ] as const) {
    await expect(openTable(scratchFile('broken.ecsv', content))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(problem),
    })
  }
})

test('a header of YAML aliases that multiply without end is refused', async () => {
  const bomb = ['# meta:', '#   a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (let i = 1; i < 9; i++) {
    const [from, to] = ['abcdefghij'[i - 1], 'abcdefghij'[i]]
    bomb.push(`#   ${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`)
  }
  const path = scratchFile(
    'aliases.ecsv',
    `${header('# - {name: a, datatype: int64}\n', `${bomb.join('\n')}\n`)}a\n1\n`,
  )
  await expect(openTable(path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})
