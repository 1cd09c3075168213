import { expect, test } from 'vitest'
import { scratchFile } from './scratchFiles.ts'
import { contentsOf, jsonRows } from './tableContents.ts'

test("cells stay text: leading zeros, long integers and words for nothing are the reader's to judge", async () => {
  const path = scratchFile('ids.csv', 'id,name,x\n007,9223372036854775807,nan\n1e3,"",\n')
  const { columns, rows } = await contentsOf(path)
  expect(columns.map(column => column.type)).toEqual(['text', 'text', 'text'])
  expect(rows).toEqual([
    { id: '007', name: '9223372036854775807', x: 'nan' },
    { id: '1e3', name: '', x: null },
  ])
})

for (const [what, content] of [
  ['line feeds', 'a,b\n1,2\n3,4\n'],
  ['carriage returns and line feeds', 'a,b\r\n1,2\r\n3,4\r\n'],
  ['no line end after the last row', 'a,b\n1,2\n3,4'],
  ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n'],
  ['comments before the header', '# from, somewhere "odd\n#\na,b\n1,2\n3,4\n'],
  ['blank lines', '\na,b\n\n1,2\n\n\n3,4\n\n'],
  ['semicolons', 'a;b\n1;2\n3;4\n'],
  ['bars', 'a|b\n1|2\n3|4\n'],
  ['tabs', 'a\tb\n1\t2\n3\t4\n'],
  ['quotes around everything', '"a","b"\n"1","2"\n"3","4"\n'],
]) {
  test(`a table with ${what} is the same table`, async () => {
    const { columns, rows, badRows, failure } = await contentsOf(scratchFile('same.csv', content))
    expect(failure).toBeNull()
    expect(badRows).toEqual([])
    expect(columns.map(column => column.name)).toEqual(['a', 'b'])
    expect(rows).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ])
  })
}

test('the units and the ruler that VizieR puts under the names are no rows', async () => {
  const content = '#\n#Table\tJ/A+A\n_RAJ2000\tName\n deg\t \n---\t-----\n 56.75\tHII 1\n\n'
  const { columns, rows } = await contentsOf(scratchFile('asu.tsv', content))
  expect(columns.map(({ name, unit }) => ({ name, unit }))).toEqual([
    { name: '_RAJ2000', unit: 'deg' },
    { name: 'Name', unit: null },
  ])
  expect(rows).toEqual([{ _RAJ2000: ' 56.75', Name: 'HII 1' }])
})

test('a column may have any name, that of a prototype included', async () => {
  const contents = await contentsOf(scratchFile('names.csv', '__proto__,constructor,,a b\n1,2,3,4\n'))
  expect(contents.columns.map(column => column.name)).toEqual(['__proto__', 'constructor', 'column_3', 'a b'])
  expect(jsonRows(contents)).toEqual([['1', '2', '3', '4']])
})

test('a table of one column and one of no rows are tables', async () => {
  expect((await contentsOf(scratchFile('one.csv', 'source_id\n1\n2\n'))).rows).toEqual([
    { source_id: '1' },
    { source_id: '2' },
  ])
  const none = await contentsOf(scratchFile('none.csv', 'a,b\n'))
  expect(none).toMatchObject({ rows: [], failure: null })
})

test('a header that names a column twice is refused with the name and both places', async () => {
  await expect(contentsOf(scratchFile('twice.csv', 'ra,dec,ra\n1,2,3\n'))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: expect.stringMatching(/names columns 1 and 3 both 'ra'; rename one/),
  })
})

test('a header of more columns than the limit is refused', async () => {
  const header = Array.from({ length: 11 }, (_, i) => `c${i}`).join(',')
  await expect(contentsOf(scratchFile('wide.csv', `${header}\n`), { maxColumns: 10 })).rejects.toMatchObject({
    code: 'RECORD_TOO_LARGE',
    message: expect.stringMatching(/11 columns/),
  })
})
