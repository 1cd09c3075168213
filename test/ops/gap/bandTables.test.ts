import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkForwardRecipe, openSimulator } from '../../../models/index.ts'
import { readCatalogueGroup } from '../../../ops/evaluation/catalogueStars.ts'
import { bandMag } from '../../../ops/evaluation/catalogueTable.ts'
import { m67Bands, ophiuchusSpitzer, taurusSpitzer } from '../../../ops/gap/bandTables.ts'

const folder = mkdtempSync(join(tmpdir(), 'birthline-test-'))
const TAURUS_COLUMNS = 'NAME,[3.6],[3.6]_e,[4.5],[4.5]_e,[5.8],[5.8]_e,[8.0],[8.0]_e'

test('a flux in mJy becomes a magnitude by the band’s zero point; of Vega it is 0', () => {
  const band = { quantity: 'ksMag', column: 'F', errColumn: null, zeroPointJy: 666.7 }
  expect(bandMag({ F: 666_700 }, band)).toBeCloseTo(0, 12)
  expect(bandMag({ F: '6667' }, band)).toBeCloseTo(5, 12)
  expect(bandMag({ F: null }, band)).toBeNull()
  expect(bandMag({ F: 0 }, band)).toBeNull()
  expect(bandMag({ F: -3 }, band)).toBeNull()
})

test('neither a saturated magnitude nor one lost in noise counts as measured', () => {
  const band = { quantity: 'sdssRMag', column: 'r', errColumn: 'e', brightestMag: 14 }
  expect(bandMag({ r: 14.5, e: 0.02 }, band)).toBe(14.5)
  expect(bandMag({ r: 13.9, e: 0.02 }, band)).toBeNull()
  expect(bandMag({ r: 22.5, e: 0.5 }, band)).toBeNull()
  expect(bandMag({ r: 22.5, e: null }, band)).toBeNull()
})

test('every band is one that the surveys of a recipe have', () => {
  const recipe = {
    name: 'bands',
    components: [{ kind: 'cluster', distancePc: 100, ageMyr: 100 }],
    surveys: ['twoMass', 'irac', 'mips24', 'panStarrs', 'sdss'],
  }
  const simulated = openSimulator(checkForwardRecipe(recipe, () => 'bands')).draw({ seed: 1, first: 0, count: 1 })
  for (const { quantity } of [...m67Bands, ...(taurusSpitzer.bands ?? []), ...(ophiuchusSpitzer.bands ?? [])])
    expect([...simulated.presence.keys()]).toContain(quantity)
})

test('stars come with the bands they have, and none is given to the model', async () => {
  const path = join(folder, 'taurus.csv')
  writeFileSync(path, `${TAURUS_COLUMNS}\nA,9.15,0.02,9.11,0.02,9.05,0.03,9.04,0.03\nB,,,8.5,0.02,,,,\nC,,,,,,,,\n`)
  const { stars, leftOut } = await readCatalogueGroup(taurusSpitzer, path)
  expect(stars.map(star => [...(star.bands ?? [])])).toEqual([
    [
      ['irac1Mag', 9.15],
      ['irac2Mag', 9.11],
      ['irac3Mag', 9.05],
      ['irac4Mag', 9.04],
    ],
    [['irac2Mag', 8.5]],
  ])
  expect(stars.map(({ input }) => input.given)).toEqual([[], []])
  expect(new Set(stars.map(({ input }) => input.key)).size).toBe(2)
  expect([...leftOut]).toEqual([['in no survey', 1]])
})

test('a table without a column is refused in one sentence that names it', async () => {
  const path = join(folder, 'short.csv')
  writeFileSync(path, 'NAME,[3.6],[3.6]_e\nA,9.15,0.02\n')
  await expect(readCatalogueGroup(taurusSpitzer, path)).rejects.toThrow(
    /short\.csv lacks the column \[4\.5\], which taurus_luhman2010_spitzer\.csv has as published\. Take the published table\./,
  )
})
