import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseSource } from '../../schemas/cellReader.ts'
import { isFusionError } from '../../schemas/errors.ts'
import { packageFile } from '../../schemas/packageRoot.ts'
import { quantity } from '../../schemas/quantities.ts'
import { checkSurvey } from '../../schemas/surveyCheck.ts'
import { columnUnits, readSurvey, surveyNames, typicalErr } from '../../schemas/surveys.ts'
import { unitFactor } from '../../schemas/units.ts'

function codeOf(action: () => unknown): { code: string; message: string } {
  try {
    action()
  } catch (error) {
    if (isFusionError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test('Gaia, 2MASS and AllWISE are known', () => {
  expect(surveyNames()).toEqual(expect.arrayContaining(['allWise', 'gaiaDr2', 'gaiaDr3', 'twoMass']))
})

for (const name of surveyNames()) {
  test(`${name} measures known quantities in convertible units, each once`, () => {
    const survey = readSurvey(name)
    const measured = survey.measurements.map(one => one.quantity)
    expect(new Set(measured).size).toBe(measured.length)
    for (const one of survey.measurements) {
      expect(unitFactor(one.unit, quantity(one.quantity).unit)).toBeGreaterThan(0)
      expect(quantity(one.quantity).role).toBe('observable')
    }
    expect(unitFactor(survey.position.unit, 'deg')).toBeGreaterThan(0)
    expect(unitFactor(survey.position.errUnit, 'arcsec')).toBeGreaterThan(0)
  })

  test(`${name} links to surveys that exist`, () => {
    for (const link of readSurvey(name).links) expect(surveyNames()).toContain(link.survey)
  })

  test(`every number of ${name} that is not the survey's own column has its source beside it`, () => {
    const file = JSON.parse(readFileSync(packageFile('schemas', 'surveys', `${name}.json`), 'utf8'))
    for (const one of file.measurements) {
      if ('errFloor' in one) expect(one.errFloorReference).toMatch(/\d{4}/)
      if ('zeroPoint' in one) expect(one.zeroPointReference).toMatch(/\d{4}/)
      if ('typicalErr' in one) expect(one.typicalErr.reference).toMatch(/\d{4}/)
      if ('usable' in one) expect(one.usable.reference).toMatch(/\d{4}/)
    }
  })
}

test('DR3 supersedes DR2 within the family of Gaia', () => {
  expect(readSurvey('gaiaDr3').family).toBe(readSurvey('gaiaDr2').family)
  expect(readSurvey('gaiaDr3').releaseRank).toBeGreaterThan(readSurvey('gaiaDr2').releaseRank)
})

test('an unknown survey is refused with a sentence that names the known ones', () => {
  const error = codeOf(() => readSurvey('gaiaDr9'))
  expect(error.code).toBe('SURVEY_UNKNOWN')
  expect(error.message).toContain('gaiaDr3')
  expect(codeOf(() => readSurvey('../package')).code).toBe('SURVEY_UNKNOWN')
})

// A path of the file and what is put there; undefined takes the field away.
const breakages: readonly [string, readonly (string | number)[], unknown][] = [
  ['id.kind', ['id', 'kind'], 'int'],
  ['measurements[0].quantity', ['measurements', 0, 'quantity'], 'uMag'],
  ['measurements[0].unit', ['measurements', 0, 'unit'], 'Jansky'],
  ['measurements[0].typicalErr', ['measurements', 0, 'typicalErr'], undefined],
  ['measurements[0].typicalErr.points', ['measurements', 0, 'typicalErr', 'points'], [[1, 0.1]]],
  ['measurements[0].errors[0]', ['measurements', 0, 'errors', 0], {}],
  ['bandFlags[0].quantities', ['bandFlags', 0, 'quantities'], ['gMag']],
  ['limitSigma', ['limitSigma'], undefined],
  ['sentinels', ['sentinels'], [-999]],
  ['sentinels', ['sentinels'], { bright: [-999] }],
  ['sentinels.mag', ['sentinels', 'mag'], ['none']],
  ['position.typicalErrArcsec', ['position', 'typicalErrArcsec'], 0],
]
for (const [path, keys, value] of breakages) {
  test(`a survey file with a broken ${path} is refused by that name`, () => {
    const file = JSON.parse(readFileSync(packageFile('schemas', 'surveys', 'twoMass.json'), 'utf8'))
    const parent = keys.slice(0, -1).reduce((at, key) => at[key], file)
    const last = keys[keys.length - 1]
    if (value === undefined) delete parent[last]
    else parent[last] = value
    const error = codeOf(() => checkSurvey(file, 'mine.json'))
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.message).toContain(`mine.json: ${path} must be`)
  })
}

test('the typical error is log-linear between its points, flat before them and rising beyond', () => {
  const ks = readSurvey('twoMass').measurements.find(one => one.quantity === 'ksMag')
  if (ks === undefined) throw new Error('2MASS measures no Ks')
  expect(typicalErr(ks, 8)).toBe(0.025)
  expect(typicalErr(ks, 13.15)).toBeCloseTo(Math.sqrt(0.025 * 0.109), 12)
  expect(typicalErr(ks, 16.3)).toBeCloseTo(0.27 * (0.27 / 0.109), 12)
  expect(typicalErr(ks, null)).toBe(0.27)
})

test('an id is read with or without the name of its catalogue', () => {
  expect(parseSource(readSurvey('twoMass'), '2MASS J03314984+2250248')?.source).toBe('03314984+2250248')
  expect(parseSource(readSurvey('twoMass'), '03314984+2250248')?.source).toBe('03314984+2250248')
  expect(parseSource(readSurvey('allWise'), 'WISEA J033149.84+225024.8')?.source).toBe('J033149.84+225024.8')
  expect(parseSource(readSurvey('gaiaDr3'), 'Gaia DR3 0042')).toEqual({ source: '42', sourceId: 42n })
  expect(parseSource(readSurvey('gaiaDr3'), '0')).toBeNull()
})

test('the units of places, measurements and their errors are known by column', () => {
  const units = columnUnits(readSurvey('gaiaDr3'))
  expect(units.get('ra')).toBe('deg')
  expect(units.get('dec_error')).toBe('mas')
  expect(units.get('parallax')).toBe('mas')
  expect(units.get('pmra_error')).toBe('mas/yr')
  expect(units.has('source_id')).toBe(false)
  expect(units.has('phot_g_mean_flux_over_error')).toBe(false)
})
