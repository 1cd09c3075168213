import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { type CsvRecord, csvRecords, splitCells } from '../../../streams/files/csvRecords.ts'

const bound = { maxRecordBytes: 1e6, beyond: 'refuse' } as const

async function* pieces(text: string, lengthOf: () => number): AsyncGenerator<Buffer, void, undefined> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf()
    yield bytes.subarray(at, at + length)
    at += length
  }
}

async function cellsOf(text: string, lengthOf: () => number): Promise<(string[] | null)[]> {
  const rows: (string[] | null)[] = []
  const dialect = { delimiter: ',', comments: 'none' } as const
  for await (const records of csvRecords(pieces(text, lengthOf), dialect, 'fuzz.csv', bound)) {
    for (const { bytes, hasQuote } of records) {
      rows.push(splitCells(bytes.toString('utf8'), ',', hasQuote)?.map(cell => cell ?? '') ?? null)
    }
  }
  return rows
}

/** Numerical Recipes' quick generator: the same texts every time. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test('500 random tables are cut as csv-parse cuts them, however the bytes arrive', async () => {
  const next = generator(7)
  const letters = ['a', 'Å', '1', ' ', '"', ',', '\n', '\r\n', '#']
  for (let table = 0; table < 500; table++) {
    const width = 1 + next(3)
    const rows = Array.from({ length: 1 + next(4) }, () =>
      Array.from({ length: width }, () =>
        Array.from({ length: next(4) }, () => letters[next(letters.length)]).join(''),
      ),
    )
    const lineEnd = next(2) === 0 ? '\n' : '\r\n'
    const isQuoted = (cell: string) => /["\r\n,]/.test(cell) || cell === '' || next(4) === 0
    const text = rows
      .map(row => row.map(cell => (isQuoted(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','))
      .join(lineEnd)
    const expected = parse(text, { relax_column_count: true, record_delimiter: lineEnd })
    expect(expected, JSON.stringify(text)).toEqual(rows)
    expect(await cellsOf(text, () => 3 + next(5)), JSON.stringify(text)).toEqual(rows)
  }
})

test('text after a closing quote makes a record nobody can read', () => {
  expect(splitCells('1,"a"b,2', ',', true)).toBeNull()
  expect(splitCells('1,"a""b",2', ',', true)).toEqual(['1', 'a"b', '2'])
})

test('a quote within a cell is a quote', () => {
  expect(splitCells('5\'10",x', ',', true)).toEqual(['5\'10"', 'x'])
})

test('lines are counted through quoted line ends, comments and blank lines', async () => {
  const lines: number[] = []
  const text = '# note "\n\na,b\n1,"x\ny"\n\n2,z\n'
  const dialect = { delimiter: ',', comments: 'leading' } as const
  for await (const records of csvRecords(
    pieces(text, () => 100),
    dialect,
    'lines.csv',
    bound,
  )) {
    lines.push(...records.map(record => record.line))
  }
  expect(lines).toEqual([3, 4, 7])
})

test('records that are too long are passed over where csv-parse ends them, however the bytes arrive', async () => {
  const next = generator(11)
  const letters = ['a', ' ', '"', ',', '\n', '\r\n', '#']
  for (let table = 0; table < 200; table++) {
    const rows = Array.from({ length: 4 }, (_, i) => [
      `${i}`,
      Array.from({ length: next(40) }, () => letters[next(letters.length)]).join(''),
    ])
    const lines = rows.map(([id, text]) => `${id},"${text.replaceAll('"', '""')}"`)
    const dialect = { delimiter: ',', comments: 'none' } as const
    const chunks = pieces(`${lines.join('\n')}\n`, () => 1 + next(9))
    const found: CsvRecord[] = []
    for await (const records of csvRecords(chunks, dialect, 'long.csv', { maxRecordBytes: 20, beyond: 'passOver' })) {
      found.push(...records)
    }
    let line = 1
    lines.forEach((text, i) => {
      expect([found[i].bytes.toString(), found[i].line]).toEqual([text, line])
      const size = Buffer.byteLength(text)
      const sha256 = createHash('sha256').update(text).digest('hex')
      expect(found[i].oversize).toEqual(size > 20 ? { sizeBytes: size, sha256 } : null)
      line += text.split('\n').length
    })
    expect(found).toHaveLength(lines.length)
  }
})
