import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isFusionError } from '../../schemas/index.ts'
import { openTable } from '../../streams/files/tableReader.ts'
import { scratchFile } from '../streams/files/scratchFiles.ts'
import { fixture } from '../streams/files/tableContents.ts'

/** Numerical Recipes' quick generator: the same damage every time. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function damaged(bytes: Buffer, next: (below: number) => number): Buffer {
  const copy = Buffer.from(bytes)
  switch (next(3)) {
    case 0:
      return copy.subarray(0, next(copy.length))
    case 1: {
      const start = next(copy.length)
      return copy.fill(next(256), start, Math.min(copy.length, start + next(200)))
    }
    default:
      for (let i = next(5); i >= 0; i--) copy[next(copy.length)] = next(256)
      return copy
  }
}

for (const file of [
  'types.fits',
  'types.parquet',
  'typesV2.parquet',
  'sources.ecsv',
  'sources.fits.gz',
  'quotes.csv',
]) {
  test(`${file} damaged in 25 ways is read in part or refused with a sentence, and never gives NaN`, async () => {
    const whole = readFileSync(fixture(file))
    const next = generator(file.length)
    for (let i = 0; i < 25; i++) {
      const path = scratchFile('damaged', damaged(whole, next))
      try {
        const reader = await openTable(path)
        try {
          for await (const batch of reader.batches()) {
            const cells = batch.rows.flatMap(row => Object.values(row))
            expect(cells.some(cell => cell === undefined || Number.isNaN(cell))).toBe(false)
          }
        } finally {
          await reader.close()
        }
      } catch (error) {
        if (!isFusionError(error)) throw error
        expect(error.message).toContain(path)
        expect(['FILE_UNREADABLE', 'RECORD_TOO_LARGE']).toContain(error.code)
      }
    }
  })
}
