import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FilledColumn, writeColumnFile } from '../../../streams/files/columnFile.ts'
import type { Row } from '../../../streams/files/table.ts'
import { openTable } from '../../../streams/files/tableReader.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-columns-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const columns: readonly FilledColumn[] = [
  { name: 'id', type: 'string', values: ['a', 'b', 'c', 'd'], ucd: 'meta.id' },
  {
    ...{ name: 'gMag', type: 'float', unit: 'mag', description: 'Gaia G' },
    ...{ values: Float32Array.of(1.5, -0, 0, 3e-40), present: Uint8Array.of(1, 1, 0, 1) },
  },
  { name: 'raDeg', type: 'double', unit: 'deg', values: Float64Array.of(0.1, 1 / 3, 359.9, 1e-300) },
  { name: 'n', type: 'int', values: Int32Array.of(-1, 2, 3, 2 ** 31 - 1) },
  { name: 'none', type: 'float', values: new Float32Array(4), present: new Uint8Array(4) },
]

async function rowsOf(path: string): Promise<readonly Row[]> {
  const table = await openTable(path)
  const rows: Row[] = []
  for await (const batch of table.batches()) rows.push(...batch.rows)
  await table.close()
  return rows
}

test('what is written is read back, with units, gaps and signs of zero', async () => {
  const path = join(folder, 'a.parquet')
  const written = await writeColumnFile(path, columns, { seed: '7' })
  const bytes = await readFile(path)
  expect(written).toEqual({ sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
  const table = await openTable(path)
  expect(table.columns.map(({ name, type, unit }) => [name, type, unit])).toEqual([
    ['id', 'string', null],
    ['gMag', 'float', 'mag'],
    ['raDeg', 'double', 'deg'],
    ['n', 'int', null],
    ['none', 'float', null],
  ])
  expect(table.columns[1].description).toBe('Gaia G')
  await table.close()
  const rows = await rowsOf(path)
  expect(rows.map(row => row.gMag)).toEqual([1.5, -0, null, Math.fround(3e-40)])
  expect(rows.map(row => row.raDeg)).toEqual([0.1, 1 / 3, 359.9, 1e-300])
  expect(rows.map(row => row.n)).toEqual([-1, 2, 3, 2 ** 31 - 1])
  expect(rows.map(row => row.none)).toEqual([null, null, null, null])
  expect(rows.map(row => row.id)).toEqual(['a', 'b', 'c', 'd'])
})

test('rows of several numbers are lists of that length, or missing as a whole', async () => {
  const path = join(folder, 'lists.parquet')
  const list = {
    ...{ name: 'bpCoefficients', type: 'float' as const, unit: 'electron/s', arraySize: 3 },
    ...{ values: Float32Array.of(1, 2, 3, Number.NaN, 0, 0, -0, 5.5, 6), present: Uint8Array.of(1, 0, 1) },
  }
  const own = { name: 'i', type: 'int' as const, values: Int32Array.of(7, 8, 9) }
  const whole = { name: 'pairs', type: 'double' as const, arraySize: 2, values: Float64Array.of(1, 2, 3, 4, 5, 6) }
  await writeColumnFile(path, [own, list, whole], {})
  const table = await openTable(path)
  expect(table.columns.map(({ name, unit, arraySize }) => [name, unit, arraySize])).toEqual([
    ['i', null, null],
    ['bpCoefficients', 'electron/s', 3],
    ['pairs', null, 2],
  ])
  await table.close()
  expect((await rowsOf(path)).map(row => [row.i, row.bpCoefficients, row.pairs])).toEqual([
    [7, [1, 2, 3], [1, 2]],
    [8, null, [3, 4]],
    [9, [-0, 5.5, 6], [5, 6]],
  ])
  const bad = { ...list, present: Uint8Array.of(1, 1, 1) }
  await expect(writeColumnFile(path, [bad], {})).rejects.toThrow(/NaN in bpCoefficients, row 2/)
  await expect(writeColumnFile(path, [own, { ...list, arraySize: 4 }], {})).rejects.toThrow(RangeError)
})

test('lists of more rows than a group and a page hold are all there, in order', async () => {
  const path = join(folder, 'manyLists.parquet')
  const count = 20_000
  const values = Float32Array.from({ length: 5 * count }, (_, k) => k)
  const present = Uint8Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 0 : 1))
  await writeColumnFile(path, [{ name: 'x', type: 'float', arraySize: 5, values, present }], {})
  const rows = await rowsOf(path)
  expect(rows.length).toBe(count)
  expect(rows.filter(({ x }, i) => (x === null) !== (i % 3 === 0))).toEqual([])
  expect(rows[19_999].x).toEqual([99_995, 99_996, 99_997, 99_998, 99_999])
  expect(rows.filter(({ x }, i) => x !== null && (x as number[])[2] !== 5 * i + 2)).toEqual([])
})

test('more rows than a group holds are all there, in order', async () => {
  const path = join(folder, 'long.parquet')
  const count = 70_000
  await writeColumnFile(
    path,
    [{ name: 'i', type: 'float', values: Float32Array.from({ length: count }, (_, i) => i) }],
    {},
  )
  const rows = await rowsOf(path)
  expect(rows.length).toBe(count)
  expect(rows.every((row, i) => row.i === i)).toBe(true)
})

test('the same columns give the same bytes', async () => {
  const [a, b] = [join(folder, 'b.parquet'), join(folder, 'c.parquet')]
  await writeColumnFile(a, columns, { x: '1' })
  await writeColumnFile(b, columns, { x: '1' })
  expect((await readFile(a)).equals(await readFile(b))).toBe(true)
})

test('a NaN and columns of different lengths are our own mistakes, and leave nothing behind', async () => {
  const path = join(folder, 'bad.parquet')
  const bad = { name: 'x', type: 'float' as const, values: Float32Array.of(1, Number.NaN) }
  await expect(writeColumnFile(path, [bad], {})).rejects.toThrow(RangeError)
  // What is missing may be anything.
  await writeColumnFile(join(folder, 'good.parquet'), [{ ...bad, present: Uint8Array.of(1, 0) }], {})
  await expect(writeColumnFile(path, [{ ...bad, present: Uint8Array.of(1) }], {})).rejects.toThrow(/lengths 2,1/)
  expect((await readdir(folder)).filter(name => name.startsWith('bad'))).toEqual([])
})

test('a folder that is not there is one sentence', async () => {
  await expect(writeColumnFile(join(folder, 'no', 'a.parquet'), columns, {})).rejects.toMatchObject({
    code: 'FILE_UNWRITABLE',
    message: expect.stringContaining('its folder does not exist'),
  })
})
