import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRowParser, type RowReading } from '../../../ops/stars/tableStars.ts'
import { isFusionError } from '../../../schemas/index.ts'
import { openTable, parseColumnMap } from '../../../streams/index.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'birthline-table-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function read(csv: string, map: string): Promise<readonly RowReading[]> {
  const path = join(folder, 'table.csv')
  await writeFile(path, csv)
  const table = await openTable(path)
  try {
    const parser = openRowParser(parseColumnMap(map, 'map.yaml'), table)
    const readings: RowReading[] = []
    for await (const batch of table.batches()) {
      batch.rows.forEach((row, i) => {
        readings.push(parser.parse(row, batch.rowNumbers[i]))
      })
    }
    return readings
  } finally {
    await table.close()
  }
}

async function refusal(csv: string, map: string): Promise<string> {
  try {
    await read(csv, map)
  } catch (error) {
    if (isFusionError(error) && error.code === 'CONFIG_INVALID') return error.message
    throw error
  }
  throw new Error('the map was taken')
}

const MAP = 'columns: { id: name, gMag: g, gMagErr: eg, parallaxMas: plx, parallaxMasErr: eplx }'

test('values and errors are taken by name, ids stay text to the last digit, a negative parallax is legal', async () => {
  const [reading] = await read('name,g,eg,plx,eplx\n9223372036854775807,12.5,0.01,-0.4,0.2\n', MAP)
  expect(reading).toEqual({
    input: {
      key: '9223372036854775807',
      given: [
        { quantity: 'parallaxMas', value: -0.4, err: 0.2, isLimit: false },
        { quantity: 'gMag', value: 12.5, err: 0.01, isLimit: false },
      ],
    },
    flags: [],
  })
})

test('a missing value is left out, a value without error is left out and said so, a row without id has its number', async () => {
  const [reading] = await read('name,g,eg,plx,eplx\n,12.5,0.01,NaN,0.2\n', MAP)
  expect(reading).toMatchObject({ input: { key: 'row 1', given: [{ quantity: 'gMag' }] }, flags: [] })
  const [other] = await read('name,g,eg,plx,eplx\nx,12.5,0.01,3.1,null\n', MAP)
  expect(other).toMatchObject({ input: { given: [{ quantity: 'gMag' }] }, flags: ['parallaxMas:noErr'] })
})

for (const [cells, word] of [
  ['inf,0.01', 'gMag is no finite number'],
  ['bright,0.01', 'gMag is no finite number'],
  ['99.99,0.01', 'beyond'],
  ['12.5,0', 'above zero'],
  ['12.5,-1', 'above zero'],
  ['12.5,inf', 'gMagErr is no finite number'],
  [',', 'nothing usable'],
]) {
  test(`a row with ${cells} is refused: ${word}`, async () => {
    const [reading] = await read(`name,g,eg,plx,eplx\nx,${cells},,\n`, MAP)
    expect(reading).toMatchObject({ code: 'VALUE_OUT_OF_RANGE' })
    expect('reason' in reading && reading.reason).toContain(word)
    expect('reason' in reading && reading.reason).toContain('table.csv row 1')
  })
}

test('units are converted, the error with the value', async () => {
  const map = 'columns: { parallaxMas: { from: p, unit: arcsec }, parallaxMasErr: { from: e, unit: arcsec } }'
  const [reading] = await read('p,e\n0.0073,0.0001\n', map)
  const [given] = 'input' in reading ? reading.input.given : []
  expect(given.value).toBeCloseTo(7.3, 12)
  expect(given.err).toBeCloseTo(0.1, 12)
})

test('with a survey in the map its own columns, zero points and floors are used', async () => {
  const csv = 'Source,ra,dec,parallax,parallax_error,phot_g_mean_mag\n65207709611941376,56.75,24.12,7.4,0.03,10.1\n'
  const map =
    'survey: gaiaDr3\ncolumns: { source_id: Source, ra: ra, dec: dec, parallax: parallax, parallax_error: parallax_error, phot_g_mean_mag: phot_g_mean_mag }'
  const [reading] = await read(csv, map)
  expect(await read(csv, 'survey: gaiaDr3\ncolumns: { source_id: Source }')).toEqual([reading])
  const given = 'input' in reading ? reading.input.given : []
  expect('input' in reading && reading.input.key).toBe('gaiaDr3:65207709611941376')
  // Lindegren et al. 2021: the mean zero point of quasars is -0.017 mas.
  expect(given.find(one => one.quantity === 'parallaxMas')?.value).toBeCloseTo(7.417, 9)
})

for (const [map, word] of [
  ['columns: { gMag: g }', 'gMagErr'],
  ['columns: { id: name }', 'no observable'],
  ['columns: { gmag: g, gmagErr: eg }', 'gmag'],
  ['columns: { gMag: gg, gMagErr: eg }', 'gg'],
]) {
  test(`the map ${map} is refused with a sentence that names ${word}`, async () => {
    expect(await refusal('name,g,eg\nx,12,0.1\n', map)).toContain(word)
  })
}
