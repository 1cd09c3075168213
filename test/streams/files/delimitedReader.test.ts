import { open } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { openTable } from '../../../streams/files/tableReader.ts'
import { scratchFile, scratchPath } from './scratchFiles.ts'
import { contentsOf } from './tableContents.ts'

test('malformed rows are values with row, code, reason and bytes, and the rows around them are read', async () => {
  const lines = ['a,b,c', '1,2,3', '4,5', '6,7,8,9', '10,1\0,12', '13,"x"y,15', '16,17,18']
  const bad = Buffer.concat([
    Buffer.from(`${lines.join('\n')}\n19,`),
    Buffer.of(0xff, 0xfe),
    Buffer.from(',21\n22,23,24\n'),
  ])
  const path = scratchFile('ragged.csv', bad)
  const { rows, rowNumbers, badRows, failure } = await contentsOf(path)
  expect(failure).toBeNull()
  expect(rows.map(row => row.a)).toEqual(['1', '16', '22'])
  expect(rowNumbers).toEqual([1, 6, 8])
  expect(badRows.map(({ row, code }) => [row, code])).toEqual([
    [2, 'SCHEMA_MISMATCH'],
    [3, 'SCHEMA_MISMATCH'],
    [4, 'FILE_UNREADABLE'],
    [5, 'SCHEMA_MISMATCH'],
    [7, 'FILE_UNREADABLE'],
  ])
  expect(badRows[0].reason).toBe(
    `${path} has 2 cells for 3 columns in row 2 (line 3); repair the row and read it again.`,
  )
  expect(Buffer.from(badRows[0].bytes).toString()).toBe('4,5')
  expect(Buffer.from(badRows[4].bytes)).toEqual(Buffer.from([0x31, 0x39, 0x2c, 0xff, 0xfe, 0x2c, 0x32, 0x31]))
  expect(badRows.map(({ reason }) => reason).join()).toMatch(/NUL bytes.*closing quote.*not UTF-8/)
})

const unclosed =
  'opens a quote in row 3 (line 4) that never closes; close it, or fetch the file again if its end is missing.'

test('a quote that the header opens is told as such', async () => {
  const path = scratchFile('open.csv', '"a,b,c\n1,2,3\n')
  await expect(contentsOf(path)).rejects.toThrow('opens a quote in its header (line 1) that never closes')
})

for (const [what, tail, problem] of [
  ['within a row', '5,6', 'is cut short within row 3 (line 4); fetch the file again.'],
  ['within a quoted cell', '5,6,"seven', unclosed],
  ['in a quote that nobody closed', '"5,6,7\n8,9,10\n11,12,13\n', unclosed],
]) {
  test(`a file that ends ${what} gives the rows before, then says so and where`, async () => {
    const path = scratchFile('cut.csv', `a,b,c\n1,2,3\n4,5,6\n${tail}`)
    const { rows, badRows, failure } = await contentsOf(path)
    expect(rows.map(row => row.c)).toEqual(['3', '6'])
    expect(badRows).toEqual([])
    expect(failure).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `${path} ${problem}`,
      detail: { row: 3 },
    })
  })
}

test('a row of 100 MB is a bad row of which the beginning is kept, and the rows around it are read', async () => {
  const path = scratchPath('long.csv')
  const file = await open(path, 'w')
  await file.write('a,b\n1,2\n3,')
  // Sparse: the disk holds nothing of it.
  await file.write('4\n5,6\n', 100 * 2 ** 20)
  await file.close()
  const { rows, badRows, failure } = await contentsOf(path)
  expect([rows, failure]).toEqual([
    [
      { a: '1', b: '2' },
      { a: '5', b: '6' },
    ],
    null,
  ])
  const [{ row, code, reason, bytes }] = badRows
  expect([row, code, bytes.length]).toEqual([2, 'RECORD_TOO_LARGE', 65_536])
  expect(reason).toMatch(
    /104857593 bytes \(sha256 [0-9a-f]{64}\), of which the first 65536 are kept, in row 2 \(line 3\)/,
  )
})

test('a quote that never closes is refused once it has swallowed more than a row may hold', async () => {
  const path = scratchFile('quote.csv', `a,b\n1,2\n3,"${'x,y\n'.repeat(1000)}`)
  const { rows, failure } = await contentsOf(path, { maxRecordBytes: 1000 })
  expect(rows).toEqual([{ a: '1', b: '2' }])
  expect(failure).toMatchObject({
    code: 'RECORD_TOO_LARGE',
    message: expect.stringMatching(/quote in it never closes/),
  })
})

test('a header longer than a row may be is refused', async () => {
  const path = scratchPath('header.csv')
  const file = await open(path, 'w')
  await file.write('a,b,')
  await file.write(Buffer.alloc(20 * 2 ** 20, 'c'))
  await file.close()
  await expect(contentsOf(path)).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' })
})

test('reading resumes at any row, bad rows counted, and gives what one reading gives', async () => {
  const lines = Array.from({ length: 50 }, (_, i) => (i % 7 === 3 ? 'bad' : `${i},"q${i}\nq"`))
  const path = scratchFile('resume.csv', `a,b\n${lines.join('\n')}\n`)
  const whole = await contentsOf(path)
  for (const batchRows of [1, 4, 50]) {
    const reader = await openTable(path)
    const seen: number[] = []
    let startRow = 1
    for (;;) {
      const { value: batch } = await reader.batches({ startRow, batchRows }).next()
      if (batch === undefined) break
      expect(batch.firstRow).toBe(startRow)
      seen.push(...batch.rowNumbers)
      startRow = batch.nextRow
    }
    expect(seen).toEqual(whole.rowNumbers)
    expect(startRow).toBe(51)
    await reader.close()
  }
})

test('a batch has no more rows than asked for, and ends early where rows are long', async () => {
  const path = scratchFile('batches.csv', `a,b\n${`${'x'.repeat(1e6)},1\n`.repeat(12)}`)
  const reader = await openTable(path)
  const sizes: number[] = []
  for await (const batch of reader.batches()) sizes.push(batch.rows.length)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(5)
  expect(sizes.reduce((a, b) => a + b)).toBe(12)
  await expect(reader.batches({ batchRows: 0 }).next()).rejects.toThrow(RangeError)
  await reader.close()
})

test('progress ends at the size of the file, and an abort ends the reading with its reason', async () => {
  const path = scratchFile('progress.csv', `a,b\n${'1,2\n'.repeat(5000)}`)
  const reader = await openTable(path)
  for await (const batch of reader.batches()) expect(batch.rows.length).toBe(1000)
  expect(reader.progress).toEqual({ bytesRead: 20_004, bytesTotal: 20_004 })
  const control = new AbortController()
  let count = 0
  const reading = async () => {
    for await (const batch of reader.batches({ signal: control.signal })) {
      count += batch.rows.length
      control.abort(new Error('enough'))
    }
  }
  await expect(reading()).rejects.toThrow('enough')
  expect(count).toBe(1000)
  await reader.close()
})
