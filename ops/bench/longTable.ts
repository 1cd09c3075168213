// A table of any length in any format, the same rows for the same count: each tells its own number, so that rows that are
// missing or there twice are found.
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createGzip } from 'node:zlib'
import { createRng } from '../../models/index.ts'
import { openTableWriter, type Row } from '../../streams/index.ts'

export type LongFormat = 'csv' | 'csv.gz' | 'parquet'

const FIRST_ID = 4_000_000_000_000_000_000n
const ROWS_AT_ONCE = 1000
const NOTE_CHARACTERS = 700
/** Bytes of a row as CSV, more or less. */
export const LONG_ROW_BYTES = NOTE_CHARACTERS + 66

/** The id of a row, from 1. */
export function idOfRow(row: number): string {
  return `${FIRST_ID + BigInt(row)}`
}

/** The row of an id; `null` for an id of no row. */
export function rowOfId(id: string): number | null {
  if (!/^\d{19}$/.test(id)) return null
  const row = Number(BigInt(id) - FIRST_ID)
  return row >= 1 ? row : null
}

/** @returns when it is on disk */
export async function writeLongTable(path: string, format: LongFormat, rowCount: number): Promise<void> {
  await (format === 'parquet' ? writeBinary(path, rowCount) : writeText(path, format, rowCount))
}

const names = ['source_id', 'ra', 'dec', 'parallax', 'parallax_error', 'phot_g_mean_mag', 'note'] as const

async function writeText(path: string, format: LongFormat, rowCount: number): Promise<void> {
  const file = createWriteStream(path)
  const gzip = format === 'csv.gz' ? createGzip({ level: 1 }) : null
  gzip?.pipe(file)
  const sink = gzip ?? file
  const note = notes()
  sink.write(`${names.join(',')}\n`)
  for (let row = 1; row <= rowCount; ) {
    let text = ''
    for (const end = Math.min(rowCount, row + ROWS_AT_ONCE - 1); row <= end; row++) {
      const { raDeg, decDeg, parallaxMas, gMag } = valuesOf(row)
      text += `${idOfRow(row)},${raDeg},${decDeg},${parallaxMas},0.04,${gMag},${note(row)}\n`
    }
    if (!sink.write(text)) await once(sink, 'drain')
  }
  sink.end()
  await once(file, 'close')
}

async function writeBinary(path: string, rowCount: number): Promise<void> {
  const types = ['long', 'double', 'double', 'double', 'double', 'double', 'string'] as const
  const writer = await openTableWriter(
    path,
    names.map((name, i) => ({ name, type: types[i] })),
  )
  const note = notes()
  for (let row = 1; row <= rowCount; ) {
    const rows: Row[] = []
    for (const end = Math.min(rowCount, row + ROWS_AT_ONCE - 1); row <= end; row++) {
      const { raDeg, decDeg, parallaxMas, gMag } = valuesOf(row)
      const cells = [BigInt(idOfRow(row)), raDeg, decDeg, parallaxMas, 0.04, gMag, note(row)]
      rows.push(Object.fromEntries(names.map((name, i) => [name, cells[i]])))
    }
    await writer.write(rows)
  }
  await writer.close()
}

/** Spread over the sky by the golden ratio. */
function valuesOf(row: number) {
  const share = (row * 0.618033988749895) % 1
  return {
    raDeg: Number((360 * share).toFixed(8)),
    decDeg: Number((180 * ((row * 0.7548776662466927) % 1) - 90).toFixed(8)),
    parallaxMas: Number((1 + 5 * share).toFixed(4)),
    gMag: Number((8 + 11 * share).toFixed(4)),
  }
}

/** Text that does not pack to nothing, so that a gzip of it is long too. */
function notes(): (row: number) => string {
  const rng = createRng(17)
  const letters = 'abcdefghijklmnopqrstuvwxyz012345'
  const text = Array.from({ length: 64 * 1024 }, () => letters[rng.integer(letters.length)]).join('')
  return row => {
    const at = (row * 7919) % (text.length - NOTE_CHARACTERS)
    return text.slice(at, at + NOTE_CHARACTERS)
  }
}
