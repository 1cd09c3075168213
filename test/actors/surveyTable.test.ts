import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bindSurveyMap } from '../../actors/index.ts'
import { checkColumns } from '../../actors/surveyTable.ts'
import { packageFile, readSurvey, surveyColumns } from '../../schemas/index.ts'
import { nearestNames, parseColumnMap, readColumnMap } from '../../streams/index.ts'

const table = (...names: string[]) => ({
  path: 'stars.csv',
  columns: names.map(name => ({
    name,
    unit: null,
    description: null,
    ucd: null,
    type: 'text' as const,
    arraySize: null,
  })),
})
const gaia = readSurvey('gaiaDr3')
const bind = (columns: string, ...names: string[]) =>
  bindSurveyMap(parseColumnMap(`columns: { ${columns} }`, 'map.yaml'), table(...names), gaia)

test('a map of another survey is refused, one that names none is taken', () => {
  const map = parseColumnMap('{ survey: twoMass, columns: { ra: RA } }', 'map.yaml')
  expect(() => bindSurveyMap(map, table('RA'), gaia)).toThrow(/map\.yaml is a column map of twoMass, not of gaiaDr3/)
  expect(bind('ra: RA', 'source_id', 'RA', 'dec').apply({ source_id: '1', RA: '2', dec: '3' })).toEqual({
    values: { ra: '2' },
    extra: { source_id: '1', dec: '3' },
  })
})

test('a name that is no column of the survey is refused with the nearest that are', () => {
  expect(() => bind('phot_g_mag: G', 'source_id', 'ra', 'dec', 'G')).toThrow(
    /maps 'phot_g_mag', which is no column of gaiaDr3: nearest are .*'phot_g_mean_mag'/,
  )
  expect(nearestNames('phot_g_mag', [...surveyColumns(gaia)])).toContain('phot_g_mean_mag')
})

for (const [what, columns, names, absent] of [
  ['neither mapped nor there', 'source_id: id', ['id', 'ra', 'DE'], 'dec'],
  ['there, and taken for another', 'source_id: id, ra: dec', ['id', 'dec'], 'dec'],
] as const) {
  test(`a column that each row needs, ${what}, is told before the first row`, () => {
    expect(() => bind(columns, ...names)).toThrow(
      new RegExp(`has no column '${absent}', which each row of gaiaDr3 needs`),
    )
  })
}

test('a table without a map needs them under their own names', () => {
  expect(() => checkColumns(table('player', 'goals'), gaia, null)).toThrow(/no column 'source_id'.*in a column map/)
  expect(() => checkColumns(table('source_id', 'ra', 'dec'), gaia, null)).not.toThrow()
})

test('the maps that come with the demo are maps of their surveys', async () => {
  for (const file of readdirSync(packageFile('ops', 'demo')).filter(name => name.endsWith('.map.yaml'))) {
    const map = await readColumnMap(packageFile('ops', 'demo', file))
    const names = [...map.columns.values()].flatMap(({ from }) => from ?? [])
    expect(() => bindSurveyMap(map, table(...names), readSurvey(map.survey ?? ''))).not.toThrow()
  }
})
