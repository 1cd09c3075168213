// One table with everything a writer must get right. Run as a program, it writes it in each format into a folder,
// as test/fixtures/tables/ORIGIN.md tells.
import { fileURLToPath } from 'node:url'
import type { Row } from '../../../streams/files/table.ts'
import { openTableWriter, type WritableColumn, type WriteOptions } from '../../../streams/files/tableWriter.ts'

export const writtenFiles = ['written.parquet', 'written.ecsv', 'written.csv', 'written.fits'] as const

export const writtenMeta = { model: 'pilot 1', note: 'a "quoted" note: with, marks' }

export const writtenColumns: readonly WritableColumn[] = [
  { name: 'source_id', type: 'long', description: 'Unique source identifier', ucd: 'meta.id;meta.main' },
  { name: 'ra', type: 'double', unit: 'deg', description: 'Right ascension, ICRS', ucd: 'pos.eq.ra' },
  { name: 'parallax', type: 'double', unit: 'mas', description: 'May be "negative": it\'s legal' },
  { name: 'phot_g', type: 'float', unit: 'mag' },
  { name: 'neighbour_id', type: 'long', description: 'Nearest other source, where there is one' },
  { name: 'object_id', type: 'unsignedLong', description: 'Id of all 64 bits' },
  { name: 'n_obs', type: 'int' },
  { name: 'is_variable', type: 'boolean' },
  { name: 'designation', type: 'string', description: 'Name, as text' },
  { name: 'log_age', type: 'double', unit: 'dex(yr)', arraySize: 3, description: 'Samples of the posterior' },
]

export const writtenRows: readonly Row[] = [
  {
    source_id: 2n ** 53n + 1n,
    ra: 56.75,
    parallax: 7.364,
    phot_g: Math.fround(0.1),
    neighbour_id: 2n ** 63n - 1n,
    object_id: 2n ** 64n - 2n,
    n_obs: 1,
    is_variable: true,
    designation: 'HII 1136',
    log_age: [6.5, 7.25, 8],
  },
  {
    source_id: 2n ** 63n - 1n,
    ra: 0.1 + 0.2,
    parallax: -3.25,
    phot_g: null,
    neighbour_id: null,
    object_id: null,
    n_obs: null,
    is_variable: null,
    designation: null,
    log_age: [6.5, null, 8],
  },
  {
    source_id: -(2n ** 63n) + 1n,
    ra: 5e-324,
    parallax: null,
    phot_g: Number.POSITIVE_INFINITY,
    neighbour_id: -(2n ** 53n) - 1n,
    object_id: 2n ** 63n,
    n_obs: 2 ** 31 - 1,
    is_variable: false,
    designation: 'a,b "c"',
    log_age: [1e300, -1e-300, 0.1],
  },
  {
    source_id: 0n,
    ra: -0,
    parallax: -999,
    phot_g: Math.fround(3.4e38),
    neighbour_id: 0n,
    object_id: 2n ** 53n + 1n,
    n_obs: -(2 ** 31) + 1,
    is_variable: true,
    designation: '0007',
    log_age: null,
  },
]

export async function writeTable(path: string): Promise<void> {
  const writer = await openTableWriter(path, writtenColumns, { meta: writtenMeta })
  await writer.write(writtenRows)
  await writer.close()
}

/** VOTable has no unsigned 64-bit integer. */
export const votableColumns = writtenColumns.filter(({ type }) => type !== 'unsignedLong')
export const writtenVotables: readonly (readonly [name: string, options: WriteOptions])[] = [
  ['written.vot', {}],
  ['writtenBinary2.vot', { serialization: 'BINARY2' }],
]

export async function writeVotable(path: string, options: WriteOptions): Promise<void> {
  const writer = await openTableWriter(path, votableColumns, { meta: writtenMeta, ...options })
  await writer.write(writtenRows.slice(0, 2))
  await writer.write(writtenRows.slice(2))
  await writer.close()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of writtenFiles) await writeTable(`${process.argv[2]}/${name}`)
  for (const [name, options] of writtenVotables) await writeVotable(`${process.argv[2]}/${name}`, options)
}
