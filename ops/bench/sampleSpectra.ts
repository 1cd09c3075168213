// XP coefficients of the stars of a made-up table of Gaia, as the archive's tables have them; the same bytes for the same seed.
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createRng, type Rng } from '../../models/index.ts'
import type { SampleTable } from './sampleSurveys.ts'

const COUNT = 55
const bands = [
  { name: 'bp', basis: 56 },
  { name: 'rp', basis: 57 },
] as const
const columns = [
  'basis_function_id',
  'coefficients',
  'coefficient_errors',
  'coefficient_correlations',
  'n_relevant_bases',
]
const correlations = `"(${Array.from({ length: (COUNT * (COUNT - 1)) / 2 }, () => '0.0').join(',')})"`

/**
 * Writes spectra of one of so many stars of a table, from one of them on.
 * @returns what `ingest` takes
 */
export async function writeSampleSpectra(
  path: string,
  gaia: SampleTable,
  { every, from, seed }: { readonly every: number; readonly from: number; readonly seed: number },
): Promise<SampleTable> {
  const ids = readFileSync(gaia.path, 'utf8')
    .split('\n')
    .map(line => line.slice(0, line.indexOf(',')))
    .filter(id => /^\d+$/.test(id))
  const rng = createRng(seed)
  const rows = ids
    .filter((_, i) => i % every === from)
    .map(id => [id, ...bands.map(({ basis }) => bandText(basis, rng))].join(','))
  const header = ['source_id', ...bands.flatMap(({ name }) => columns.map(column => `${name}_${column}`))].join(',')
  await writeFile(path, [header, ...rows, ''].join('\n'))
  return { path, survey: 'spectra' }
}

/** Of no star in particular, but with the first coefficients the largest, as in all stars. */
function bandText(basis: number, rng: Rng): string {
  const list = (value: (i: number) => number) =>
    `"(${Array.from({ length: COUNT }, (_, i) => value(i).toFixed(4)).join(',')})"`
  const level = 1000 * (1 + rng.uniform())
  return [
    basis,
    list(i => (level * rng.normal()) / (1 + i) ** 2),
    list(() => 1 + rng.uniform()),
    correlations,
    COUNT,
  ].join(',')
}
