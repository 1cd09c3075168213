import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bindColumnMap, parseColumnMap, readColumnMap } from '../../../streams/files/columnMap.ts'
import { nearestNames } from '../../../streams/files/nearestNames.ts'
import { openTable } from '../../../streams/files/tableReader.ts'
import { scratchFile, scratchPath } from './scratchFiles.ts'
import { contentsOf } from './tableContents.ts'

const table = scratchFile(
  'catalogue.csv',
  'Source,RAh,DE_ICRS,Plx,Gmmag,ra,note\n4611686018427387905,1.5,-3,0.0073,15250,999,"as, is"\n7,x,--,,-999,,\n',
)

test('a map renames, converts, scales and adds, and keeps the other columns apart', async () => {
  const map = parseColumnMap(
    `
    survey: gaiaDr3
    columns:
      source_id: Source
      ra: { from: RAh, unit: hourangle }
      dec: { from: DE_ICRS }
      parallax: { from: Plx, unit: arcsec }
      phot_g_mean_mag: { from: Gmmag, scale: 0.001, missing: [-999] }
      ref_epoch: { value: 2016 }
    `,
    'map.yaml',
  )
  expect(map.survey).toBe('gaiaDr3')
  const reader = await openTable(table)
  const bound = bindColumnMap(
    map,
    reader,
    new Map([
      ['ra', 'deg'],
      ['parallax', 'mas'],
      ['dec', 'deg'],
    ]),
  )
  expect(bound.columns).toEqual([
    { name: 'source_id', unit: null },
    { name: 'ra', unit: 'deg' },
    { name: 'dec', unit: null },
    { name: 'parallax', unit: 'mas' },
    { name: 'phot_g_mean_mag', unit: null },
    { name: 'ref_epoch', unit: null },
  ])
  const { rows } = await contentsOf(table)
  const [first, second] = rows.map(bound.apply)
  expect(first.values).toEqual({
    source_id: '4611686018427387905',
    ra: 22.5,
    dec: '-3',
    parallax: expect.closeTo(7.3, 12),
    phot_g_mean_mag: 15.25,
    ref_epoch: 2016,
  })
  // A column whose name one of ours has taken is not lost.
  expect(first.extra).toEqual({ 'file.ra': '999', note: 'as, is' })
  // What is no number is left as it is for the survey's description to judge.
  expect(second.values).toMatchObject({ source_id: '7', ra: 'x', dec: '--', parallax: null, phot_g_mean_mag: null })
  await reader.close()
})

test('JSON is a map too, and a list of missing numbers holds for all its columns', () => {
  const map = parseColumnMap('{"missing": [-1], "columns": {"a": "A", "b": {"from": "B", "missing": []}}}', 'map.json')
  const column = { unit: null, description: null, ucd: null, type: 'text', arraySize: null } as const
  const columns = ['A', 'B'].map(name => ({ ...column, name }))
  const bound = bindColumnMap(map, { path: 't.csv', columns })
  expect(bound.apply({ A: '-1', B: '-1' }).values).toEqual({ a: null, b: '-1' })
  expect(bound.apply({ A: '-1.0', B: '2' }).values).toEqual({ a: null, b: '2' })
})

test('a unit of the file is told on, and one the map gives goes before it', async () => {
  const path = scratchFile('units.tsv', 'RA\tDE\ndeg\tdeg\n--\t--\n1\t2\n')
  const reader = await openTable(path)
  const map = parseColumnMap('{"columns": {"ra": "RA", "dec": {"from": "DE", "unit": "arcsec"}}}', 'map.json')
  expect(bindColumnMap(map, reader).columns).toEqual([
    { name: 'ra', unit: 'deg' },
    { name: 'dec', unit: 'arcsec' },
  ])
  await reader.close()
})

test('what the file says of a unit is converted, however it writes it, unless it is no unit known here', () => {
  const column = { description: null, ucd: null, type: 'double', arraySize: null } as const
  const map = parseColumnMap('{"columns": {"pm": "PM"}}', 'map.json')
  const units = new Map([['pm', 'mas/yr']])
  for (const unit of [
    'arcsec/yr',
    'arcsec / yr',
    'arcsec yr-1',
    'arcsec.yr-1',
    'arcsec yr**-1',
    'arcsec.yr**-1',
    'arcsec*yr^-1',
  ]) {
    const bound = bindColumnMap(map, { path: 't.fits', columns: [{ ...column, name: 'PM', unit }] }, units)
    expect(bound.apply({ PM: 0.5 }).values.pm, unit).toBe(500)
    expect(bound.columns).toEqual([{ name: 'pm', unit: 'mas/yr' }])
  }
  for (const unit of ['furlong/fortnight', null, '']) {
    const bound = bindColumnMap(map, { path: 't.fits', columns: [{ ...column, name: 'PM', unit }] }, units)
    expect(bound.apply({ PM: 0.5 }).values.pm).toBe(0.5)
  }
  const wrong = { path: 't.fits', columns: [{ ...column, name: 'PM', unit: 'mag' }] }
  expect(() => bindColumnMap(map, wrong, units)).toThrow(
    /'mag', which does not turn into 'mas\/yr'; give the right column/,
  )
})

test('a column that the file lacks is named with map, file and the nearest it has', async () => {
  const reader = await openTable(table)
  const map = parseColumnMap('{"columns": {"dec": "DEICRS"}}', 'map.json')
  expect(() => bindColumnMap(map, reader)).toThrow(
    `map.json takes 'dec' from the column 'DEICRS', which ${table} does not have; nearest are 'DE_ICRS',`,
  )
  await reader.close()
})

test('a unit that does not turn into ours is refused', async () => {
  const reader = await openTable(table)
  const map = parseColumnMap('{"columns": {"ra": {"from": "RAh", "unit": "mag"}}}', 'map.json')
  expect(() => bindColumnMap(map, reader, new Map([['ra', 'deg']]))).toThrow(
    /takes 'ra' from a column in 'mag', which does not turn into 'deg'/,
  )
  await reader.close()
})

test('each map in the manual is a map', () => {
  const manual = readFileSync(new URL('../../../docs/column-maps.md', import.meta.url), 'utf8')
  const examples = [...manual.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parseColumnMap(yaml, 'manual'))
  expect(examples.map(({ survey }) => survey)).toEqual(['gaiaDr3', null])
  const [first] = examples
  expect([...first.columns.keys()]).toEqual(['source_id', 'ra', 'phot_g_mean_mag', 'ref_epoch'])
  expect(first.columns.get('source_id')?.missing).toEqual([-999])
  expect(first.columns.get('phot_g_mean_mag')).toMatchObject({ from: 'Gmmag', scale: 0.001, missing: [99999] })
})

for (const [content, problem] of [
  ['{"columns": {"a": ', /is no column map/],
  ['[1]', /give it 'columns'/],
  ['{"columns": {}}', /maps no columns/],
  ['{"colums": {"a": "A"}}', /gives it a 'colums', which is none of survey, missing, columns/],
  ['{"columns": {"a": {"form": "A"}}}', /gives 'a' a 'form'/],
  ['{"columns": {"a": 3}}', /maps 'a' from nothing/],
  ['{"columns": {"a": {}}}', /either 'from', a column, or 'value'/],
  ['{"columns": {"a": {"from": "A", "value": 1}}}', /either 'from', a column, or 'value'/],
  ['{"columns": {"a": {"from": 3}}}', /quote the name/],
  ['{"columns": {"a": {"value": [1]}}}', /neither number nor text/],
  ['{"columns": {"a": {"from": "A", "scale": 0}}}', /no number or zero/],
  ['{"columns": {"a": {"from": "A", "offset": "x"}}}', /'offset' that is no number/],
  ['{"columns": {"a": {"from": "A", "unit": "furlong"}}}', /the unit 'furlong', which is not known/],
  ['{"columns": {"a": "A"}, "missing": "-999"}', /'missing' that is no list/],
  ['{"columns": {"a": "A"}, "survey": 2}', /'survey' that is no text/],
] as const) {
  test(`the map ${content} is refused with the entry at fault`, () => {
    expect(() => parseColumnMap(content, 'map.json')).toThrow(problem)
    expect(() => parseColumnMap(content, 'map.json')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })
}

test('a map that is absent is refused by name', async () => {
  const path = scratchPath('map.json')
  await expect(readColumnMap(path)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `${path} does not exist; check the path.`,
  })
  const written = scratchFile('map.json', '{"columns": {"a": "A"}}')
  expect((await readColumnMap(written)).columns.get('a')).toMatchObject({ from: 'A', scale: 1, unit: null })
})

test('names that differ in case, marks or a letter are near, and so is a longer one', () => {
  const known = ['designation', 'RA_J2000', 'e_Plx', 'Plx', 'phot_g_mean_mag']
  expect(nearestNames('raJ2000', known)[0]).toBe('RA_J2000')
  expect(nearestNames('ra', known)[0]).toBe('RA_J2000')
  expect(nearestNames('plx ', known)[0]).toBe('Plx')
  expect(nearestNames('phot_g_mean_mga', known)[0]).toBe('phot_g_mean_mag')
})
