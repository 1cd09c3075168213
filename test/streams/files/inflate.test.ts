import { createWriteStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openByteSource } from '../../../streams/files/byteSource.ts'
import { defaultFileLimits } from '../../../streams/files/fileLimits.ts'
import { openTable } from '../../../streams/files/tableReader.ts'
import { scratchFile, scratchPath } from './scratchFiles.ts'
import { contentsOf } from './tableContents.ts'

const rows = Array.from({ length: 3000 }, (_, i) => `${i},${Math.sin(i)}\n`)
const text = `a,b\n${rows.join('')}`

async function drain(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

test('a gzip of several members is one content', async () => {
  const half = text.length / 2
  const path = scratchFile('members.csv.gz', Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))]))
  const contents = await contentsOf(path)
  expect(contents.failure).toBeNull()
  expect(contents.rows.length).toBe(3000)
})

test('what follows a gzip and is none is passed over', async () => {
  const path = scratchFile('padded.csv.gz', Buffer.concat([gzipSync(text), Buffer.alloc(1000)]))
  expect(await contentsOf(path)).toMatchObject({ failure: null, rows: { length: 3000 } })
})

test('a gzip cut anywhere gives every row it still holds, and is never taken for whole', async () => {
  const whole = gzipSync(text)
  let most = 0
  for (const kept of [0.2, 0.5, 0.9, 0.999]) {
    const path = scratchFile('cut.csv.gz', whole.subarray(0, Math.floor(whole.length * kept)))
    const contents = await contentsOf(path)
    expect(contents.failure).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringMatching(/is cut short/) })
    expect(contents.rows.map(row => `${row.a},${row.b}\n`)).toEqual(rows.slice(0, contents.rows.length))
    // Deflate packs these rows evenly: what is read must keep pace with what is there.
    expect(contents.rows.length).toBeGreaterThan(3000 * kept * 0.8 - 300)
    expect(contents.rows.length).toBeGreaterThan(most)
    most = contents.rows.length
  }
})

test('a gzip whose checksum is wrong is never taken for sound', async () => {
  const bytes = gzipSync(text)
  bytes[bytes.length - 6] ^= 1
  const reading = contentsOf(scratchFile('checksum.csv.gz', bytes)).then(({ failure }) => Promise.reject(failure))
  await expect(reading).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringMatching(/is damaged/) })
})

test('a gzip bomb of rows is stopped by its ratio, long before it is unpacked', async () => {
  const path = scratchPath('bomb.csv.gz')
  const block = Buffer.from(`1,${'2'.repeat(1021)}\n`.repeat(2 ** 10))
  const blocks = function* () {
    yield Buffer.from('a,b\n')
    for (let i = 0; i < 40; i++) yield block
  }
  await pipeline(Readable.from(blocks()), createGzip(), createWriteStream(path))
  const reader = await openTable(path, { inflateGraceBytes: 2 ** 20, maxInflateRatio: 50 })
  let count = 0
  const reading = async () => {
    for await (const batch of reader.batches()) count += batch.rows.length
  }
  await expect(reading()).rejects.toMatchObject({
    code: 'RECORD_TOO_LARGE',
    message: expect.stringMatching(/gzip bomb/),
  })
  expect(count).toBeLessThan(20 * 2 ** 10)
  await reader.close()
})

test('a gzip bomb of one row is stopped while the row is passed over', async () => {
  const path = scratchPath('zeros.csv.gz')
  const zeros = function* () {
    yield Buffer.from('a,b\n1,')
    for (let i = 0; i < 20; i++) yield Buffer.alloc(2 ** 20, '0')
  }
  await pipeline(Readable.from(zeros()), createGzip(), createWriteStream(path))
  const { failure } = await contentsOf(path, { inflateGraceBytes: 2 ** 20 })
  expect(failure).toMatchObject({ code: 'RECORD_TOO_LARGE', message: expect.stringMatching(/gzip bomb/) })
})

test('a bound on unpacked bytes holds for streams and for what is unpacked to disk', async () => {
  const path = scratchFile('bound.csv.gz', gzipSync(text))
  const streamed = await openByteSource(path, { ...defaultFileLimits, maxInflatedBytes: 1000 })
  await expect(drain(streamed.chunks())).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' })
  await streamed.close()
  const spooled = await openByteSource(path, { ...defaultFileLimits, maxSpoolBytes: 1000 })
  await expect(spooled.readAt(0, 10)).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' })
  await spooled.close()
})

test('any piece of a gzip can be read as if it lay unpacked', async () => {
  const source = await openByteSource(scratchFile('pieces.csv.gz', gzipSync(text)), defaultFileLimits)
  expect((await source.readAt(5000, 100)).toString()).toBe(text.slice(5000, 5100))
  expect((await source.readAt(10, 5)).toString()).toBe(text.slice(10, 15))
  expect((await source.readAt(text.length - 3, 100)).toString()).toBe(text.slice(-3))
  expect(await source.size()).toBe(text.length)
  expect((await drain(source.chunks(5000))).toString()).toBe(text.slice(5000))
  await source.close()
})

test('a plain file is read from any position to its end', async () => {
  const path = scratchFile('plain.csv', text)
  const source = await openByteSource(path, defaultFileLimits)
  expect(await drain(source.chunks(5000))).toEqual(readFileSync(path).subarray(5000))
  expect(source.progress).toEqual({ bytesRead: text.length, bytesTotal: text.length })
  await source.close()
})
