import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { encodeTable } from '../../../streams/files/tableBytes.ts'
import { scratchPath } from './scratchFiles.ts'
import { writeTable, writtenColumns, writtenMeta, writtenRows } from './writtenTable.ts'

const values = Object.fromEntries(writtenColumns.map(({ name }) => [name, writtenRows.map(row => row[name])]))

for (const format of ['parquet', 'fits', 'csv', 'ecsv'] as const) {
  test(`a ${format} in memory has the bytes that a file of it has`, async () => {
    const path = scratchPath(`written.${format}`)
    await writeTable(path)
    const bytes = await encodeTable('written', format, writtenColumns, values, writtenMeta)
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })
}

test('columns must be of one length, and have names of their own', async () => {
  const columns = [
    { name: 'a', type: 'int' },
    { name: 'b', type: 'int' },
  ] as const
  await expect(encodeTable('t', 'csv', columns, { a: [1], b: [1, 2] })).rejects.toThrow(RangeError)
  await expect(encodeTable('t', 'csv', [columns[0], columns[0]], { a: [1] })).rejects.toThrow(RangeError)
})
