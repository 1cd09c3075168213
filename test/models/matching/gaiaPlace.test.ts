import { expect, test } from 'vitest'
import { createSkySource, footprintOf, liesAt, patchesAt, placeOfGaiaId } from '../../../models/index.ts'
import { packageFile } from '../../../schemas/index.ts'
import { openTable } from '../../../streams/index.ts'
import { levels, observe, offset } from './simulatedSky.ts'

/** Of the demo, with places to a milliarcsecond. */
const tables = [
  'pleiades.gaiaDr3.parquet',
  'ruprecht147.gaiaDr3.parquet',
  'ngc3532.gaiaDr3.ecsv',
  'praesepe.gaiaDr3.csv.gz',
]

test('an id of Gaia DR3 tells where its source lies', async () => {
  let count = 0
  for (const name of tables) {
    const table = await openTable(packageFile('ops', 'demo', name))
    for await (const { rows } of table.batches()) {
      for (const row of rows) {
        const [source, raDeg, decDeg] = [String(row.source_id), Number(row.ra), Number(row.dec)]
        const observation = observe({ survey: 'gaiaDr3', source, raDeg, decDeg, positionErrArcsec: 0.001 })
        const { home, patches } = footprintOf(observation)
        const place = placeOfGaiaId(source)
        if (place === null) throw new Error(`${source} lies nowhere`)
        expect(place.region).toBe(home)
        expect(liesAt(place, createSkySource(observation, levels))).toBe(true)
        expect(patchesAt(place)).toEqual(expect.arrayContaining([...patches]))
        count++
      }
    }
    await table.close()
  }
  expect(count).toBeGreaterThan(400)
})

test('whatever lies where its id says is in the patches there, and known to the region there', () => {
  const source = '4183949198935967232'
  const place = placeOfGaiaId(source)
  if (place === null) throw new Error(`${source} lies nowhere`)
  for (let i = 0; i < 200; i++) {
    const arcsec = (i + 0.5) / 2.5
    const at = offset(place.raDeg, place.decDeg, arcsec * Math.cos(i), arcsec * Math.sin(i))
    const observation = observe({ survey: 'gaiaDr3', source, ...at, positionErrArcsec: 0.001 })
    const isThere = liesAt(place, createSkySource(observation, levels))
    expect(isThere).toBe(arcsec < 60)
    if (!isThere) continue
    const { regions, patches } = footprintOf(observation)
    expect(regions).toContain(place.region)
    expect(patchesAt(place)).toEqual(expect.arrayContaining([...patches]))
  }
})

test('what is no id of Gaia lies nowhere', () => {
  for (const source of ['', 'x', '-5', '12.5', '9223372036854775807', '99999999999999999999', '2M00000002+7417074']) {
    expect(placeOfGaiaId(source)).toBeNull()
  }
  // The first cell of the sky, and the last.
  expect(placeOfGaiaId('1')?.region).toBe(0)
  expect(placeOfGaiaId(`${(12n << 59n) - 1n}`)?.region).toBe(12 * 4 ** 6 - 1)
  expect(placeOfGaiaId(`${12n << 59n}`)).toBeNull()
})
