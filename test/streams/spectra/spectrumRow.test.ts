import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openTable, readSpectrumRow } from '../../../streams/index.ts'
import { scratchFile } from '../files/scratchFiles.ts'
import { readSpectra, spectrumFixture } from './spectraContents.ts'

const asJson = (content: unknown) =>
  Buffer.from(JSON.stringify(content, (_, cell) => (typeof cell === 'bigint' ? `${cell}` : cell)))

async function rowsOf(path: string) {
  const table = await openTable(path)
  const rows = []
  for await (const batch of table.batches()) rows.push(...batch.rows)
  await table.close()
  return rows
}

test('a row gives from its JSON what its file gives there, in every format', async () => {
  for (const name of ['xp.csv', 'xp.ecsv', 'xpBinary2.vot', 'xp.fits.gz']) {
    const path = spectrumFixture(name)
    const { spectra, format } = await readSpectra(path)
    const rows = await rowsOf(path)
    expect(spectra.length).toBeGreaterThan(0)
    for (const spectrum of spectra) {
      const row = Number(spectrum.row)
      const origin = { path, sha256: spectrum.fileSha256, format, row }
      expect(await readSpectrumRow(origin, asJson(rows[row - 1]))).toMatchObject({ kind: 'spectrum', spectrum })
    }
  }
})

test('the rows of one sampled spectrum are it again, also where the file alone names its star', async () => {
  const path = spectrumFixture('xpSampledRows.csv')
  const { spectra } = await readSpectra(path)
  const [spectrum] = spectra
  const rows = (await rowsOf(path)).filter(row => `${row.source_id}` === spectrum.source)
  expect(rows.length).toBeGreaterThan(1)
  const origin = { path, sha256: spectrum.fileSha256, format: 'csv', row: Number(spectrum.row) }
  expect(await readSpectrumRow(origin, asJson(rows))).toMatchObject({ kind: 'spectrum', spectrum })
  const unnamed = rows.map(({ wavelength, flux, flux_error }) => ({ wavelength, flux, flux_error }))
  const named = { ...origin, path: '/data/XP_SAMPLED-4611686018427387904.csv' }
  expect(await readSpectrumRow(named, asJson(unnamed))).toMatchObject({ spectrum: { source: '4611686018427387904' } })
})

test('a row that cannot be a spectrum is refused again, and what is no row is nothing', async () => {
  const [header, first] = readFileSync(spectrumFixture('xp.csv'), 'utf8').trim().split('\n')
  const [row] = await rowsOf(scratchFile('xp.csv', [header, first.replace(/^\d+/, 'Vega')].join('\n')))
  const origin = { path: 'xp.csv', sha256: 'a', format: 'csv', row: 7 }
  expect(await readSpectrumRow(origin, asJson(row))).toMatchObject({
    kind: 'refusal',
    error: { code: 'VALUE_OUT_OF_RANGE', message: expect.stringMatching(/row 7, has the source_id 'Vega'/) },
  })
  for (const bytes of ['1,2', '', '[]', '[1]', 'null', '{"a":1}', 'SIMPLE  =']) {
    expect(await readSpectrumRow(origin, Buffer.from(bytes))).toBeNull()
  }
})
