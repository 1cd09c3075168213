import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openTableWriter } from '../../../streams/files/tableWriter.ts'
import { printVotable, type VotableSerialization } from '../../../streams/files/votableWriter.ts'
import { printVotable as printed } from '../../../streams/index.ts'
import { scratchFile, scratchPath } from './scratchFiles.ts'
import { contentsOf, fixture } from './tableContents.ts'
import { votableColumns, writeVotable, writtenMeta, writtenRows, writtenVotables } from './writtenTable.ts'

/** The rows that are meant, without the column that VOTable has no type for. */
const meantRows = writtenRows.map(row => Object.fromEntries(votableColumns.map(({ name }) => [name, row[name]])))

for (const [name, options] of writtenVotables) {
  test(`astropy reads in ${name} what was meant: cells, nulls, exact ids, units, descriptions, UCDs`, async () => {
    const path = scratchPath(name)
    await writeVotable(path, options)
    expect(readFileSync(path).equals(readFileSync(fixture(name)))).toBe(true)
    const { rows, columns } = JSON.parse(readFileSync(fixture(`${name}.json`), 'utf8'))
    const plain = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(plain)
      return typeof value === 'bigint' ? String(value) : value === Number.POSITIVE_INFINITY ? 'inf' : value
    }
    const expected = meantRows.map(row =>
      votableColumns.map(({ name: column, type }) => {
        const cell = row[column]
        if (type === 'int' && cell !== null) return String(cell)
        // astropy has no missing text: an empty one is all it knows.
        return type === 'string' && cell === null ? '' : plain(cell)
      }),
    )
    expect(rows).toEqual(expected)
    expect(columns.map(({ type: _type, ...facts }: { type: string }) => facts)).toEqual(
      votableColumns.map(({ name: column, unit = null, description = null, ucd = null }) => ({
        name: column,
        unit,
        description,
        ucd,
      })),
    )
  })

  test(`${name} reads back here as what was written`, async () => {
    const { rows, columns, failure } = await contentsOf(fixture(name))
    expect(failure).toBeNull()
    expect(rows).toEqual(meantRows)
    expect(columns.map(({ unit, ucd, description }) => [unit, ucd, description])).toEqual(
      votableColumns.map(({ unit = null, ucd = null, description = null }) => [unit, ucd, description]),
    )
  })
}

test('a document in memory is the file of the same rows, gzipped or not', async () => {
  for (const serialization of ['TABLEDATA', 'BINARY2'] as const) {
    const text = printVotable(votableColumns, writtenRows, writtenMeta, serialization)
    expect(printed(votableColumns, writtenRows, writtenMeta, serialization)).toBe(text)
    const { rows } = await contentsOf(scratchFile('memory.vot', text))
    expect(rows).toEqual(meantRows)
    const path = scratchPath('zipped.vot.gz')
    await writeVotable(path, { serialization })
    expect((await contentsOf(path)).rows).toEqual(meantRows)
  }
})

test('texts that look like XML stay texts, and what XML has no character for is marked', async () => {
  const texts = ['<TD>&amp;</TD>', ']]>', ' a\r\nb ', 'Å β 😀', 'bell\u0007']
  const columns = [{ name: 'a "b" <c>', type: 'string', description: '1 < 2 & 3' }] as const
  const text = printVotable(
    columns,
    texts.map(one => ({ [columns[0].name]: one })),
  )
  const { rows, columns: read } = await contentsOf(scratchFile('texts.vot', text))
  expect(rows.map(row => row[columns[0].name])).toEqual([...texts.slice(0, 4), 'bell\ufffd'])
  expect(read[0]).toMatchObject({ name: 'a "b" <c>', description: '1 < 2 & 3' })
})

test('what VOTable has no room for is refused with the column and the row, and nothing is left behind', async () => {
  const path = scratchPath('refused.vot')
  const texts = { name: 'names', type: 'string', arraySize: '*' } as const
  await expect(openTableWriter(path, [texts])).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  const cases = [
    [{ name: 'n', type: 'unsignedLong' }, 2n ** 63n],
    [{ name: 'n', type: 'long', arraySize: 1 }, [-(2n ** 63n)]],
    [{ name: 'n', type: 'int', arraySize: '*' }, [-(2 ** 31)]],
  ] as const
  for (const serialization of ['TABLEDATA', 'BINARY2'] satisfies VotableSerialization[]) {
    for (const [column, n] of cases) {
      const writer = await openTableWriter(path, [column], { serialization })
      await expect(writer.write([{ n: null }, { n }])).rejects.toMatchObject({
        code: 'VALUE_OUT_OF_RANGE',
        message: expect.stringMatching(/column 'n' in row 2/),
      })
      await writer.abandon()
    }
  }
  expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false)
  const lone = printVotable([{ name: 'n', type: 'long' }], [{ n: -(2n ** 63n) }])
  expect((await contentsOf(scratchFile('least.vot', lone))).rows[0].n).toBe(-(2n ** 63n))
})
