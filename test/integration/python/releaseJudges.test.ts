// A data release opened by the programs that astronomers open it with, which judge it against what was put into the log.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { packageFile } from '../../../schemas/index.ts'
import { madeSamples } from '../../ops/starRecords.ts'
import { linesOf } from '../documentPrograms.ts'
import { judgedRelease } from '../judgedRelease.ts'

test('PyArrow, DuckDB, astropy and astropy-healpix find in a release what was put into the log', async () => {
  const { dataFolder, folder, stars, missing } = await judgedRelease()
  const sampleOf = (column: number) => [...madeSamples.values.slice(4 * column, 4 * column + 4)]
  const samples = Object.fromEntries(madeSamples.names.map((name, i) => [name, sampleOf(i)]))
  const expected = join(dataFolder, 'expected.json')
  writeFileSync(expected, JSON.stringify({ stars, samples, missing }))
  const judge = packageFile('test', 'integration', 'python', 'releaseJudge.py')
  const lines = await linesOf(inject('python'), [judge, folder, expected], 9)
  expect(lines.map(line => line.replace(/: .*/, ''))).toEqual([
    ...['checksums', 'pyarrow', 'samples', 'duckdb', 'healpix'],
    ...['astropy VOTable', 'astropy FITS', 'astropy Parquet', 'astropy VOParquet'],
  ])
  for (const line of lines.filter(line => line.endsWith('stars'))) expect(line).toContain(`: ${stars.length} stars`)
})
