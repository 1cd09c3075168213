// A release opened by STIL, the library by which TOPCAT and STILTS read tables. It lies among the tests that have Java and Maven.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mavenClassPath } from '../../../ops/kafka/brokerJars.ts'
import { findJava } from '../../../ops/kafka/javaTools.ts'
import { datasetColumns } from '../../../ops/release/starDataset.ts'
import { packageFile } from '../../../schemas/index.ts'
import { openTable, type Row } from '../../../streams/index.ts'
import { judgedRelease } from '../judgedRelease.ts'

const STIL = '4.3.5'

test('STIL finds names, units, UCDs, exact integers and nulls in the VOTable and the FITS file of a release', async () => {
  const { folder, stars, missing } = await judgedRelease()
  const cache = packageFile('node_modules', '.cache', 'stil', STIL)
  const classPath = mavenClassPath(`STIL ${STIL}`, [['uk.ac.starlink', 'stil', STIL]], cache)
  for (const [name, format] of [
    ['stars.vot', 'votable'],
    ['stars.fits', 'fits'],
  ]) {
    const copy = join(folder, `${format}.ecsv`)
    const program = ['-Djava.awt.headless=true', '-cp', classPath, 'uk.ac.starlink.table.TableCopy']
    execFileSync(findJava(), [...program, '-ifmt', format, '-ofmt', 'ecsv', join(folder, name), copy], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const reader = await openTable(copy)
    const rows: Row[] = []
    for await (const batch of reader.batches()) rows.push(...batch.rows)
    const found = reader.columns.map(({ name, ucd }) => [name, ucd])
    expect(found).toEqual(datasetColumns.map(({ name, ucd }) => [name, ucd]))
    for (const [i, { name, unit, description }] of datasetColumns.entries()) {
      // FITS has no units of logarithms: they stand behind the description.
      const isPlain = format === 'votable' || unit === null || !unit.startsWith('dex')
      expect(reader.columns[i].unit, name).toBe(isPlain ? unit : null)
      expect(reader.columns[i].description ?? '', name).toContain(format === 'votable' ? description : '')
    }
    await reader.close()
    const byId = new Map(rows.map(row => [row.star_id, row]))
    expect(byId.size).toBe(stars.length)
    for (const star of stars) {
      const row = byId.get(star.star_id) ?? {}
      expect({ ...row, seed: String(row.seed) }).toMatchObject(star)
      for (const name of missing) expect(row[name], name).toBeNull()
    }
  }
}, 300_000)
