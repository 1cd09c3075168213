import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { encodePosteriorTable } from '../../../ops/stars/posteriorTable.ts'
import { openTable } from '../../../streams/index.ts'
import { BIG_ID, madeSamples, makePosterior } from '../starRecords.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-posterior-'))
afterAll(() => rmSync(folder, { recursive: true }))

for (const format of ['parquet', 'votable', 'fits'] as const) {
  test(`a posterior as ${format} has a row for each sample, with units, and says whose it is`, async () => {
    const posterior = { ...makePosterior(`gaiaDr3:${BIG_ID}`, 0.9), flags: ['unlikeTraining'] }
    const bytes = await encodePosteriorTable(posterior, madeSamples, format)
    const path = join(folder, format)
    writeFileSync(path, bytes)
    const reader = await openTable(path)
    const rows: object[] = []
    for await (const batch of reader.batches()) rows.push(...batch.rows.map(row => ({ ...row })))
    expect(rows).toEqual([
      { logAgeYr: 6.5, avMag: 0 },
      { logAgeYr: 7, avMag: 0.5 },
      { logAgeYr: 7.25, avMag: 1 },
      { logAgeYr: 7.5, avMag: 2 },
    ])
    expect(reader.columns.map(({ unit }) => unit)).toEqual(['dex(yr)', 'mag'])
    await reader.close()
    const text = bytes.toString('latin1')
    for (const fact of [`gaiaDr3:${BIG_ID}`, '9223372036854775807', 'modelfingerprint', 'unlikeTraining'])
      expect(text.replace(/[^\x20-\x7e]/g, ''), format).toContain(fact)
  })
}
