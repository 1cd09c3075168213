import { expect, test } from 'vitest'
import { openTable } from '../../../streams/files/tableReader.ts'
import { contentsOf, fixture, golden, jsonRows } from './tableContents.ts'

const described = ({ name, unit, description }: { name: string; unit: string | null; description: string | null }) => ({
  name,
  unit,
  description,
})

for (const [file, json] of [
  ['sources.ecsv', 'sources.ecsv.json'],
  ['sourcesComma.ecsv.gz', 'sources.ecsv.json'],
  ['sources.fits', 'sources.fits.json'],
  ['sources.fits.gz', 'sources.fits.json'],
  ['sourcesAstropy.parquet', 'sourcesAstropy.parquet.json'],
]) {
  test(`${file} holds the columns, units, descriptions and cells that astropy reads in it`, async () => {
    const contents = await contentsOf(fixture(file))
    const expected = golden(json)
    expect(contents.failure).toBeNull()
    expect(contents.columns.map(described)).toEqual(expected.columns)
    expect(jsonRows(contents)).toEqual(expected.rows)
  })
}

test('every type of FITS column is read as astropy reads it, behind a picture and another table', async () => {
  const contents = await contentsOf(fixture('types.fits'), { hdu: 'types' })
  expect(contents.failure).toBeNull()
  const expected = golden('types.fits.json')
  expect(contents.columns.map(({ name, unit }) => ({ name, unit, description: null }))).toEqual(expected.columns)
  expect(jsonRows(contents)).toEqual(expected.rows)
})

for (const file of ['types.parquet', 'typesV2.parquet']) {
  test(`every type of Parquet column in ${file} is read as PyArrow reads it`, async () => {
    const contents = await contentsOf(fixture(file))
    const expected = golden('types.parquet.json')
    expect(contents.failure).toBeNull()
    const place = new Map(contents.columns.map(({ name }, i) => [name, i]))
    expect([...place.keys()].sort()).toEqual(expected.columns.map(({ name }) => name).sort())
    const rows = jsonRows(contents).map(row => expected.columns.map(({ name }) => row[place.get(name) ?? -1]))
    for (let i = 0; i < rows.length; i++) expect(rows[i], `row ${i + 1}`).toEqual(expected.rows[i])
    expect(rows.length).toBe(expected.rows.length)
  })
}

for (const file of ['quotes.csv', 'quotesCrlf.csv']) {
  test(`quotes, line ends and empty cells of ${file} are cut as Python's csv cuts them`, async () => {
    const contents = await contentsOf(fixture(file))
    const [header, ...rows] = golden('quotes.csv.json').rows
    expect(contents.failure).toBeNull()
    expect(contents.badRows).toEqual([])
    expect(contents.columns.map(column => column.name)).toEqual(header)
    expect(jsonRows(contents).map(row => row.map(cell => cell ?? ''))).toEqual(rows)
  })
}

test('astropy opens', async () => {
  const reader = await openTable(fixture('sources.csv'))
  expect(reader.format).toBe('csv')
  await reader.close()
})
