// Spectra of BOSS of the stars of a made-up table of Gaia, a file each, as the archive has them; the same bytes for the same seed.
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRng, type Rng } from '../../models/index.ts'
import type { SampleTable } from './sampleSurveys.ts'

/** Of a file of BOSS, about. */
const PIXELS = 4600
const BLOCK_BYTES = 2880
const CARD_BYTES = 80
/** With the letter of their type. */
const columns = [
  ['flux', 'E'],
  ['loglam', 'E'],
  ['ivar', 'E'],
  ['and_mask', 'J'],
  ['or_mask', 'J'],
] as const
const CELL_BYTES = 4

/** A file, and the id of its star in Gaia. */
export interface SampleSpectrum extends SampleTable {
  readonly source: string
}

/** Spectra of one of so many stars of a table, from one of them on. @returns what `ingest` takes */
export async function writeSamplePixels(
  folder: string,
  gaia: SampleTable,
  { every, from, seed }: { readonly every: number; readonly from: number; readonly seed: number },
): Promise<readonly SampleSpectrum[]> {
  const stars = readFileSync(gaia.path, 'utf8')
    .split('\n')
    .map(line => line.split(','))
    .filter(([id, ra, dec]) => /^\d+$/.test(id) && Number(ra) < 360 && Math.abs(Number(dec)) <= 90)
  const rng = createRng(seed)
  const files: SampleSpectrum[] = []
  for (const [i, [source, raDeg, decDeg]] of stars.entries()) {
    if (i % every !== from) continue
    const path = join(folder, `spec${i}.fits`)
    await writeFile(path, specFile(i, raDeg, decDeg, rng))
    files.push({ path, survey: 'spectra', source })
  }
  return files
}

function specFile(fibre: number, raDeg: string, decDeg: string, rng: Rng): Uint8Array {
  const primary = ['SIMPLE  = T', 'BITPIX  = 8', 'NAXIS   = 0', 'EXTEND  = T', "RUN2D   = 'v5_7_0  '"]
  const star = ['PLATEID = 4068', 'MJD     = 55445', `FIBERID = ${fibre}`, `PLUG_RA = ${raDeg}`, `PLUG_DEC= ${decDeg}`]
  const rowBytes = CELL_BYTES * columns.length
  const layout = ["XTENSION= 'BINTABLE'", 'BITPIX  = 8', 'NAXIS   = 2', `NAXIS1  = ${rowBytes}`, `NAXIS2  = ${PIXELS}`]
  const table = ['PCOUNT  = 0', 'GCOUNT  = 1', `TFIELDS = ${columns.length}`, "EXTNAME = 'COADD   '"]
  const fields = columns.flatMap(([name, type], i) => [
    `TTYPE${i + 1}  = '${name.padEnd(8)}'`,
    `TFORM${i + 1}  = '${type.padEnd(8)}'`,
  ])
  const data = Buffer.alloc(Math.ceil((PIXELS * rowBytes) / BLOCK_BYTES) * BLOCK_BYTES)
  const level = 10 * (1 + rng.uniform())
  for (let i = 0; i < PIXELS; i++) {
    const values = [level + rng.normal(), 3.55 + 1e-4 * i, 1]
    for (const [k, value] of values.entries()) data.writeFloatBE(value, i * rowBytes + k * CELL_BYTES)
  }
  return Buffer.concat([headerOf([...primary, ...star]), headerOf([...layout, ...table, ...fields]), data])
}

function headerOf(cards: readonly string[]): Buffer {
  const text = [...cards, 'END'].map(card => card.padEnd(CARD_BYTES)).join('')
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1')
}
