import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { doubleFromText, parseLong } from '../../../streams/files/cellNumbers.ts'
import type { ColumnType, Row, TableFormat, Value } from '../../../streams/files/table.ts'
import { openTable } from '../../../streams/files/tableReader.ts'
import { openTableWriter, type WritableColumn } from '../../../streams/files/tableWriter.ts'
import { scratchPath } from './scratchFiles.ts'
import { contentsOf, fixture } from './tableContents.ts'
import { writeTable, writtenColumns, writtenFiles, writtenMeta, writtenRows } from './writtenTable.ts'

type Json = string | number | boolean | null | readonly Json[]

function read(name: string) {
  return JSON.parse(readFileSync(fixture(name), 'utf8'))
}

/** A row as the Python script prints it. */
function printed(row: Row, isFloat32Kept = true): Json[] {
  const json = (value: Value, type: ColumnType): Json => {
    if (value === null) return null
    if (Array.isArray(value)) return value.map(item => json(item, type))
    if (type === 'long' || type === 'unsignedLong' || type === 'int') return String(value)
    if (value === Number.POSITIVE_INFINITY) return 'inf'
    if (type === 'float' && !isFloat32Kept) return Number(Number(value).toPrecision(7))
    return value as Json
  }
  return writtenColumns.map(({ name, type }) => json(row[name], type))
}

for (const name of writtenFiles) {
  test(`${name} is written byte for byte as it was when other programs read it`, async () => {
    const path = scratchPath(name)
    await writeTable(path)
    expect(readFileSync(path).equals(readFileSync(fixture(name)))).toBe(true)
  })

  test(`${name} reads back as what was written`, async () => {
    const { columns, rows, failure } = await contentsOf(fixture(name))
    expect(failure).toBeNull()
    expect(columns.map(column => column.name)).toEqual(writtenColumns.map(column => column.name))
    if (name === 'written.csv') return
    const format = name === 'written.fits' ? 'fits' : 'parquet'
    expect(rows).toEqual(storedRows(writtenRows, writtenColumns, format))
    const facts = ({ unit = null, description = null, ucd = null }: Partial<WritableColumn>) => ({
      unit,
      description,
      ucd,
    })
    expect(columns.map(facts)).toEqual(writtenColumns.map(facts))
  })
}

test('astropy reads the ECSV: cells, types, units, descriptions, UCDs and meta', () => {
  const { columns, meta, rows } = read('written.ecsv.json')
  expect(rows).toEqual(writtenRows.map(row => printed(row)))
  expect(meta).toEqual(writtenMeta)
  expect(columns.map((column: { type: string }) => column.type)).toEqual([
    'i8',
    'f8',
    'f8',
    'f4',
    'i8',
    'u8',
    'i4',
    'b1',
    'U8',
    'f8',
  ])
  expectDescribed(columns)
})

test('astropy reads the FITS: cells, types, units, descriptions, UCDs and meta', () => {
  const { columns, meta, rows } = read('written.fits.json')
  // astropy knows no missing boolean and warns of it; it compares TNULL with unsigned integers as they are unpacked; a
  // logarithm that is missing is NaN to it, not masked.
  const expected = writtenRows.map(row =>
    printed({
      ...row,
      is_variable: row.is_variable ?? false,
      object_id: row.object_id ?? 2n ** 64n - 1n,
      log_age: row.log_age ?? [null, null, null],
    }),
  )
  expect(rows).toEqual(expected)
  expect(meta).toEqual(writtenMeta)
  expectDescribed(columns)
})

test('a FITS names no unit of logarithms in TUNIT, which the standard does not know', () => {
  const text = readFileSync(fixture('written.fits'), 'latin1')
  expect(text).toMatch(/TUNIT\d+ *= 'mas/)
  expect(text).not.toMatch(/TUNIT\d+ *= 'dex/)
  expect(text).toMatch(/TCOMM\d+ *= 'Samples of the posterior \[dex\(yr\)\]/)
  expect(text).toContain('!astropy.units.Unit {"unit": "dex(yr)"}')
})

test('PyArrow reads the Parquet: cells and types; astropy its units, as VOParquet too', () => {
  const { arrow, astropy, votable } = read('written.parquet.json')
  expect(arrow.rows).toEqual(writtenRows.map(row => printed(row)))
  expect(arrow.columns.map((column: { type: string }) => column.type)).toEqual([
    'int64',
    'double',
    'double',
    'float',
    'int64',
    'uint64',
    'int32',
    'bool',
    'string',
    'list<element: double>',
  ])
  expect(astropy.meta).toEqual(writtenMeta)
  expectDescribed(astropy.columns)
  expectDescribed(votable)
})

test('PyArrow reads the CSV: cells, missing ones apart from empty ones', () => {
  const { rows } = read('written.csv.json')
  const expected = writtenRows.map(row => {
    const cells = printed(row, false)
    const list = row.log_age
    const last = list === null ? null : `[${(list as number[]).map(x => (x === null ? 'null' : String(x))).join(',')}]`
    return [...cells.slice(0, -1), last]
  })
  expect(rows).toEqual(expected)
})

function expectDescribed(columns: readonly { name: string; unit: string; description: string; ucd: string }[]): void {
  expect(columns.map(({ name, unit, description, ucd }) => ({ name, unit, description, ucd }))).toEqual(
    writtenColumns.map(({ name, unit = null, description = null, ucd = null }) => ({ name, unit, description, ucd })),
  )
}

/** Numerical Recipes' quick generator: the same tables every time. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const makers: Readonly<Record<ColumnType, (next: (below: number) => number) => Value>> = {
  text: next => ['', 'a', 'b,c', '"', 'x\ny', ' z ', '#', 'null', 'Å β'][next(9)],
  string: next => ['', 'a', 'b,c', '"', 'x\r\ny', ' z ', '#', '[1]', 'Å β'][next(9)],
  boolean: next => next(2) === 1,
  int: next => [0, -1, 2 ** 31 - 1, -(2 ** 31) + 1, next(1000)][next(5)],
  long: next => [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n) + 1n, 2n ** 53n + 1n, BigInt(next(1000))][next(6)],
  unsignedLong: next => [0n, 2n ** 64n - 2n, 2n ** 63n, 2n ** 53n + 1n][next(4)],
  float: next => [0, -0, 0.1, 3.4e38, 1e-45, Number.NEGATIVE_INFINITY, next(1000) / 7, 16777217][next(8)],
  double: next => [0, -0, 0.1 + 0.2, 1.7e308, 5e-324, Number.POSITIVE_INFINITY, next(1000) / 7][next(7)],
}

function randomTable(seed: number, format: TableFormat): { columns: WritableColumn[]; rows: Row[] } {
  const next = generator(seed)
  const types = Object.keys(makers) as ColumnType[]
  const columns = Array.from({ length: 1 + next(6) }, (_, i): WritableColumn => {
    const type = types[next(types.length)]
    const isText = type === 'string' || type === 'text'
    const sizes = format === 'fits' ? [null, null, isText ? null : 3] : [null, null, 3, '*' as const]
    return { name: `c ${i}`, type, arraySize: sizes[next(sizes.length)], unit: [null, 'mas', 'km/s'][next(3)] }
  })
  const randomValue = ({ type }: WritableColumn): Value => {
    const value = makers[type](next)
    if (type === 'float') return Math.fround(value as number)
    // FITS has no empty text apart from a missing one, and no blanks at the end of one.
    return format === 'fits' && typeof value === 'string' ? value.trimEnd() || 'e' : value
  }
  const cellOf = (column: WritableColumn): Value => {
    if (next(5) === 0) return null
    if (column.arraySize === null) return randomValue(column)
    const length = column.arraySize === '*' ? next(4) : 3
    return Array.from({ length }, () => (next(5) === 0 ? null : randomValue(column)))
  }
  const rows = Array.from({ length: next(20) }, () =>
    Object.fromEntries(columns.map(column => [column.name, cellOf(column)])),
  )
  return { columns, rows }
}

for (const format of ['parquet', 'ecsv', 'fits'] as const) {
  test(`30 random tables come back from ${format} value for value`, async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { columns, rows } = randomTable(seed, format)
      const path = scratchPath(`random.${format}`)
      const writer = await openTableWriter(path, columns)
      await writer.write(rows.slice(0, 3))
      await writer.write(rows.slice(3))
      expect(writer.rowCount).toBe(rows.length)
      await writer.close()
      const contents = await contentsOf(path)
      expect(contents.failure).toBeNull()
      expect(contents.columns.map(({ name, unit }) => [name, unit])).toEqual(
        columns.map(({ name, unit }) => [name, unit]),
      )
      const expected = storedRows(rows, columns, format)
      expect(contents.rows, `seed ${seed}`).toEqual(expected)
    }
  })
}

/** FITS cannot tell an array that is missing from an array of missing values. */
function storedRows(rows: readonly Row[], columns: readonly WritableColumn[], format: TableFormat): Row[] {
  const stored = (value: Value, { arraySize = null }: WritableColumn) =>
    format === 'fits' && value === null && typeof arraySize === 'number' ? Array(arraySize).fill(null) : value
  return rows.map(row => Object.fromEntries(columns.map(column => [column.name, stored(row[column.name], column)])))
}

test('numbers and texts come back from CSV, TSV and their gzips', async () => {
  const columns: WritableColumn[] = [
    { name: 'id', type: 'long' },
    { name: 'x', type: 'double' },
    { name: 's', type: 'string' },
  ]
  const next = generator(3)
  const rows = Array.from({ length: 200 }, () => ({
    id: makers.long(next),
    x: makers.double(next),
    s: makers.string(next),
  }))
  for (const ending of ['csv', 'tsv', 'csv.gz', 'tsv.gz', 'ecsv.gz']) {
    const path = scratchPath(`text.${ending}`)
    const writer = await openTableWriter(path, columns)
    await writer.write([...rows, { id: null, x: null, s: null }])
    await writer.close()
    const contents = await contentsOf(path)
    expect(readFileSync(path).subarray(0, 2).equals(Buffer.of(0x1f, 0x8b))).toBe(ending.endsWith('.gz'))
    const back = contents.rows.map(({ id, x, s }) => ({
      id: parseLong(id),
      x: typeof x === 'string' ? doubleFromText(x) : x,
      s,
    }))
    expect(back).toEqual([...rows, { id: null, x: null, s: null }])
  }
})

test('columns go out as typed arrays too, NaN being missing', async () => {
  const path = scratchPath('typed.parquet')
  const writer = await openTableWriter(path, [
    { name: 'id', type: 'long' },
    { name: 'x', type: 'float' },
  ])
  await writer.writeColumns({ id: BigInt64Array.of(1n, 2n ** 63n - 1n), x: Float32Array.of(0.5, Number.NaN) })
  await expect(writer.writeColumns({ id: BigInt64Array.of(1n), x: new Float32Array(2) })).rejects.toThrow(RangeError)
  await writer.close()
  expect((await contentsOf(path)).rows).toEqual([
    { id: 1n, x: 0.5 },
    { id: 2n ** 63n - 1n, x: null },
  ])
})

test('texts that grow while a FITS is written all come back', async () => {
  const path = scratchPath('growing.fits')
  const writer = await openTableWriter(path, [
    { name: 'a', type: 'string' },
    { name: 'n', type: 'int' },
    { name: 'b', type: 'string' },
  ])
  const rows = Array.from({ length: 300 }, (_, i) => ({ a: 'x'.repeat(i), n: i, b: `${i}` }))
  for (let i = 0; i < 300; i += 50) await writer.write(rows.slice(i, i + 50))
  await writer.close()
  const { rows: back } = await contentsOf(path)
  expect(back).toEqual([{ a: null, n: 0, b: '0' }, ...rows.slice(1)])
})

test('a Parquet of several row groups comes back whole', async () => {
  const path = scratchPath('groups.parquet')
  const writer = await openTableWriter(path, [{ name: 'n', type: 'int' }])
  await writer.writeColumns({ n: Int32Array.from({ length: 150_000 }, (_, i) => i) })
  await writer.close()
  const reader = await openTable(path)
  expect(reader.rowCount).toBe(150_000)
  let expected = 131_000
  for await (const batch of reader.batches({ startRow: 131_001 })) {
    for (const row of batch.rows) if (row.n !== expected++) throw new Error(`row ${expected} holds ${row.n}`)
  }
  expect(expected).toBe(150_000)
  await reader.close()
})

test('nothing stands under the name before the writer closes, nor after it gives up', async () => {
  const path = scratchPath('half.csv')
  const writer = await openTableWriter(path, [{ name: 'n', type: 'int' }])
  await writer.write([{ n: 1 }])
  expect(existsSync(path)).toBe(false)
  await writer.abandon()
  expect(readdirSync(dirname(path)).filter(name => path.endsWith(name.replace(/\.part$/, '')))).toEqual([])
})

test('what a killed writer left is overwritten, and an older file stays until the new one is whole', async () => {
  const path = scratchPath('again.csv')
  writeFileSync(path, 'old')
  writeFileSync(`${path}.part`, 'left behind, and longer than what is to come')
  const writer = await openTableWriter(path, [{ name: 'n', type: 'int' }])
  await writer.write([{ n: 1 }])
  expect(readFileSync(path, 'utf8')).toBe('old')
  await writer.close()
  expect(readFileSync(path, 'utf8')).toBe('n\n1\n')
  expect(existsSync(`${path}.part`)).toBe(false)
})

test('a file that cannot be put in its place says so and leaves nothing behind', async () => {
  const path = scratchPath('taken.csv')
  const writer = await openTableWriter(path, [{ name: 'n', type: 'int' }])
  mkdirSync(path)
  await expect(writer.close()).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE',
    message: `${path} cannot be written, a directory has its name; choose another.`,
  })
  expect(existsSync(`${path}.part`)).toBe(false)
})

test('a place that cannot be written and a name that says no format are refused with a sentence', async () => {
  const columns: WritableColumn[] = [{ name: 'n', type: 'int' }]
  const absent = scratchPath('absent/out.csv')
  await expect(openTableWriter(absent, columns)).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE',
    message: `${absent} cannot be written, its folder does not exist; make the folder or choose another.`,
  })
  for (const name of ['out.xlsx', 'out.parquet.gz', 'out']) {
    await expect(openTableWriter(scratchPath(name), columns, {})).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  }
})

test('FITS refuses what it has no room for: lists of any length, and the integer that means missing', async () => {
  const path = scratchPath('refused.fits')
  await expect(openTableWriter(path, [{ name: 'l', type: 'double', arraySize: '*' }])).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/column 'l', whose cells are lists/),
  })
  const accented: WritableColumn[] = ['a\u0308', 'a'].map(name => ({ name, type: 'int' }))
  await expect(openTableWriter(path, accented)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  const writer = await openTableWriter(path, [{ name: 'n', type: 'long' }])
  await expect(writer.write([{ n: -(2n ** 63n) }])).rejects.toMatchObject({
    code: 'VALUE_OUT_OF_RANGE',
    message: expect.stringMatching(/column 'n' in row 1/),
  })
  await writer.abandon()
  expect(existsSync(`${path}.part`)).toBe(false)
})

test('a value that its column cannot hold is our own mistake', async () => {
  const writer = await openTableWriter(scratchPath('wrong.csv'), [
    { name: 'n', type: 'int' },
    { name: 'id', type: 'long' },
    { name: 'v', type: 'double', arraySize: 2 },
  ])
  for (const row of [
    { n: 1.5 },
    { n: 2 ** 31 },
    { n: 'a' },
    { id: 2 ** 53 },
    { id: 2n ** 63n },
    { v: 1 },
    { v: [1] },
    { v: ['a', 1] },
  ]) {
    await expect(writer.write([row])).rejects.toThrow(/cannot hold .* in row 1/)
  }
  await writer.abandon()
  await expect(openTableWriter(scratchPath('none.csv'), [])).rejects.toThrow(RangeError)
  const twice: WritableColumn[] = ['a', 'a'].map(name => ({ name, type: 'int' }))
  await expect(openTableWriter(scratchPath('twice.csv'), twice)).rejects.toThrow(RangeError)
})
