import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type OpenOptions, openTable } from '../../../streams/files/tableReader.ts'
import { scratchFile } from './scratchFiles.ts'
import { contentsOf } from './tableContents.ts'

const spectra = join(import.meta.dirname, '..', '..', 'fixtures', 'spectra')

const fields = `<FIELD name="id" datatype="long" ucd="meta.id"><DESCRIPTION>Id &amp; more</DESCRIPTION></FIELD>
<FIELD name="ra" datatype="double" unit="deg"/><FIELD name="n" datatype="short"><VALUES null="-99"/></FIELD>
<FIELD name="ok" datatype="boolean"/><FIELD name="name" datatype="char" arraysize="*"/>
<FIELD name="v" datatype="float" arraysize="2"/><FIELD name="w" datatype="int" arraysize="*"/>`
const documentOf = (data: string, head = fields) =>
  `<?xml version="1.0"?><!-- <TABLE> --><VOTABLE version="1.4"><RESOURCE><DESCRIPTION>all</DESCRIPTION><TABLE>${head}<DATA>${data}</DATA></TABLE></RESOURCE></VOTABLE>`
const rows = `<TABLEDATA>
<TR><TD>9223372036854775807</TD><TD>56.75</TD><TD>3</TD><TD>T</TD><TD>HII &lt;1136&gt; <![CDATA[a<b]]></TD><TD>1 2.5</TD><TD>1 2 3</TD></TR>
<TR><TD/><TD>NaN</TD><TD>-99</TD><TD>?</TD><TD></TD><TD>NaN 4</TD><TD></TD></TR>
</TABLEDATA>`

const wanted = [
  { id: 2n ** 63n - 1n, ra: 56.75, n: 3, ok: true, name: 'HII <1136> a<b', v: [1, 2.5], w: [1, 2, 3] },
  { id: null, ra: null, n: null, ok: null, name: null, v: [null, 4], w: null },
]
const plain = (found: readonly unknown[]) => found.map(row => ({ ...(row as object) }))

test('cells of a TABLEDATA are what their fields say, missing ones null', async () => {
  const { columns, rows: found } = await contentsOf(scratchFile('a.vot', documentOf(rows)))
  expect(plain(found)).toEqual(wanted)
  expect(columns.map(({ name, type, arraySize }) => [name, type, arraySize])).toEqual([
    ['id', 'long', null],
    ['ra', 'double', null],
    ['n', 'int', null],
    ['ok', 'boolean', null],
    ['name', 'string', null],
    ['v', 'float', 2],
    ['w', 'int', '*'],
  ])
  expect(columns[0]).toMatchObject({ description: 'Id & more', ucd: 'meta.id' })
  expect(columns[1].unit).toBe('deg')
})

test('it is the same through gzip, with names of a namespace, and in pieces of any size', async () => {
  const text = documentOf(rows)
  const prefixed = text.replace(/<(\/?)([A-Z])/g, '<$1vot:$2').replace('<!-- <vot:TABLE>', '<!-- <TABLE>')
  expect(plain((await contentsOf(scratchFile('b.xml', gzipSync(prefixed)))).rows)).toEqual(wanted)
  // Beyond the size of a chunk, entities and tags are cut anywhere.
  const many = documentOf(`<TABLEDATA>${rows.replace(/<\/?TABLEDATA>/g, '').repeat(3000)}</TABLEDATA>`)
  const { rows: found } = await contentsOf(scratchFile('c.vot', many))
  expect(found).toHaveLength(6000)
  expect(new Set(found.map(row => row.name))).toEqual(new Set(['HII <1136> a<b', null]))
})

for (const name of ['xpText.vot', 'xpBinary.vot', 'xpBinary2.vot']) {
  test(`${name} of astropy holds what its ECSV holds`, async () => {
    const [vot, ecsv] = await Promise.all([name, 'xp.ecsv'].map(file => contentsOf(join(spectra, file))))
    const count = name === 'xpBinary.vot' ? 1 : 2
    expect(vot.rows).toHaveLength(count)
    const flat = (row: unknown) =>
      Object.entries(row as object).map(([key, cell]) => {
        const values = Array.isArray(cell) ? cell : [cell]
        return [
          key,
          values.every(value => value === null)
            ? null
            : values.map(value => (typeof value === 'string' ? value : Number(value))),
        ]
      })
    expect(vot.rows.map(flat)).toEqual(ecsv.rows.slice(0, count).map(flat))
  })
}

test('rows of other widths are refused one by one, numbering goes on', async () => {
  const odd = rows.replace('<TR><TD/>', '<TR><TD>1</TD></TR><TR><TD/>')
  const reader = await openTable(scratchFile('odd.vot', documentOf(odd)))
  const batches = []
  for await (const batch of reader.batches()) batches.push(batch)
  await reader.close()
  expect(batches[0].rowNumbers).toEqual([1, 3])
  expect(batches[0].badRows).toMatchObject([
    { row: 2, reason: expect.stringMatching(/1 cells for 7 columns in row 2/) },
  ])
})

test('reading starts at any row', async () => {
  const { rows: found } = await contentsOf(scratchFile('d.vot', documentOf(rows)), {})
  const reader = await openTable(scratchFile('e.vot', documentOf(rows)))
  for await (const batch of reader.batches({ startRow: 2 })) {
    expect([batch.firstRow, plain(batch.rows)]).toEqual([2, plain(found.slice(1))])
  }
  await reader.close()
})

test('a document that is cut off gives its whole rows, then an error', async () => {
  const text = documentOf(rows)
  const path = scratchFile('cut.vot', text.slice(0, text.indexOf('-99</TD>')))
  const reader = await openTable(path)
  const found: unknown[] = []
  const read = async () => {
    for await (const batch of reader.batches()) found.push(...batch.rows)
  }
  await expect(read()).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: `${path} is cut short within its rows; fetch the file again.`,
  })
  expect(plain(found)).toEqual(wanted.slice(0, 1))
  await reader.close()
})

/** What is readable is not asked for: the failure alone. */
async function failureOf(path: string, options: OpenOptions = {}): Promise<unknown> {
  return (await contentsOf(path, options)).failure
}

const binary = readFileSync(join(spectra, 'xpBinary2.vot'), 'utf8')
for (const [what, text, problem] of [
  ['no table', documentOf('').replace(/<DATA>.*<\/DATA>/, ''), /holds no table with data/],
  ['no columns', documentOf(rows, ''), /has rows but no columns/],
  [
    'a type that is not read',
    documentOf(rows).replace('"short"', '"doubleComplex"'),
    /'n' of the type 'doubleComplex'/,
  ],
  ['FITS inside', documentOf('<FITS><STREAM/></FITS>'), /holds its table as FITS within XML/],
  [
    'data elsewhere',
    binary.replace("encoding='base64'", "href='x'").replace('encoding="base64"', 'href="x"'),
    /outside of the document/,
  ],
  ['a stream cut off', binary.replace(/.{40}(\s*<\/STREAM>)/s, '$1'), /its last row is not whole/],
] as const) {
  test(`${what} is refused with a sentence`, async () => {
    const path = scratchFile('bad.vot', text)
    const failure = await failureOf(path).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringMatching(problem) })
  })
}

test('a cell beyond the limit and a tag without an end are refused', async () => {
  const path = scratchFile('large.vot', documentOf(rows))
  expect(await failureOf(path, { maxRecordBytes: 20 })).toMatchObject({ code: 'RECORD_TOO_LARGE' })
  const endless = scratchFile('endless.vot', `${documentOf('').slice(0, 200)}<TD a="${'x'.repeat(3 * 2 ** 20)}`)
  await expect(openTable(endless)).rejects.toMatchObject({
    code: 'RECORD_TOO_LARGE',
    message: expect.stringMatching(/XML tag/),
  })
})
