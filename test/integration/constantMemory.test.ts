import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createGzip } from 'node:zlib'
import { expect, test } from 'vitest'
import { openTable } from '../../streams/files/tableReader.ts'
import { openTableWriter } from '../../streams/files/tableWriter.ts'
import { scratchPath } from '../streams/files/scratchFiles.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function heldBytes(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const MIB = 2 ** 20

/** The most that is held while a table is read, beyond what was held before. */
async function growthOfReading(path: string): Promise<{ readonly rowCount: number; readonly growthBytes: number }> {
  const reader = await openTable(path)
  const before = heldBytes()
  let growthBytes = 0
  let rowCount = 0
  let batches = 0
  for await (const batch of reader.batches()) {
    rowCount += batch.rows.length
    if (++batches % 25 === 0) growthBytes = Math.max(growthBytes, heldBytes() - before)
  }
  await reader.close()
  return { rowCount, growthBytes }
}

test('32 MB of gzipped CSV stream through less than 12 MB', async () => {
  const path = scratchPath('long.csv.gz')
  const block = Array.from({ length: 1000 }, (_, i) => `${i},${'0123456789abcdef'.repeat(20)},${Math.cos(i)}\n`).join(
    '',
  )
  const blocks = function* () {
    yield 'id,text,x\n'
    for (let i = 0; i < 95; i++) yield block
  }
  await pipeline(Readable.from(blocks()), createGzip({ level: 1 }), createWriteStream(path))
  const { rowCount, growthBytes } = await growthOfReading(path)
  expect(rowCount).toBe(95_000)
  expect(growthBytes).toBeLessThan(12 * MIB)
})

for (const format of ['fits', 'parquet'] as const) {
  test(`24 MB of ${format} are written and read through less than 16 MB`, async () => {
    const path = scratchPath(`long.${format}`)
    const writer = await openTableWriter(path, [
      { name: 'id', type: 'long' },
      { name: 'samples', type: 'double', arraySize: 256 },
    ])
    const before = heldBytes()
    let growthBytes = 0
    for (let i = 0; i < 48; i++) {
      const id = BigInt64Array.from({ length: 250 }, (_, k) => BigInt(i * 250 + k))
      const samples = Array.from({ length: 250 }, (_, k) =>
        Array.from({ length: 256 }, (_, s) => Math.sin(i * 250 + k + s)),
      )
      await writer.writeColumns({ id, samples })
      if (i % 8 === 7) growthBytes = Math.max(growthBytes, heldBytes() - before)
    }
    await writer.close()
    const reading = await growthOfReading(path)
    expect(reading.rowCount).toBe(12_000)
    expect(reading.growthBytes).toBeLessThan(16 * MIB)
    expect(growthBytes).toBeLessThan(16 * MIB)
  })
}
