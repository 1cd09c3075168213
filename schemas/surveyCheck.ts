// Checks a survey file once, so that whoever reads a Survey can trust it.
import { FusionError } from './errors.ts'
import { isQuantity } from './quantities.ts'
import type { BandFlag, ErrorSource, RowFlag, Survey, SurveyLink, SurveyMeasurement, TypicalErr } from './survey.ts'
import { isUnit } from './units.ts'

type Json = { readonly [key: string]: unknown }

/**
 * Checks the content of a survey file.
 * @throws FusionError CONFIG_INVALID that names the field and what is expected there
 */
export function checkSurvey(json: unknown, file: string): Survey {
  const fail = (path: string, expected: string): never => {
    throw new FusionError(
      'CONFIG_INVALID',
      `Survey file ${file}: ${path} must be ${expected}. Correct it and start again.`,
      { detail: { file, path } },
    )
  }
  const object = (value: unknown, path: string): Json =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : fail(path, 'an object')
  const list = (from: Json, key: string, path: string): readonly unknown[] => {
    const value = from[key]
    return Array.isArray(value) ? value : fail(`${path}${key}`, 'a list')
  }
  const text = (from: Json, key: string, path: string): string => {
    const value = from[key]
    return typeof value === 'string' && value !== '' ? value : fail(`${path}${key}`, 'a text')
  }
  const textOrNull = (from: Json, key: string, path: string) => (key in from ? text(from, key, path) : null)
  const texts = (from: Json, key: string, path: string): readonly string[] =>
    list(from, key, path).map(item => (typeof item === 'string' ? item : fail(`${path}${key}`, 'a list of texts')))
  const number = (from: Json, key: string, path: string): number => {
    const value = from[key]
    return typeof value === 'number' && Number.isFinite(value) ? value : fail(`${path}${key}`, 'a finite number')
  }
  const numberOr = <T>(from: Json, key: string, path: string, otherwise: T) =>
    key in from ? number(from, key, path) : otherwise
  const positive = (from: Json, key: string, path: string): number => {
    const value = number(from, key, path)
    return value > 0 ? value : fail(`${path}${key}`, 'above zero')
  }
  const choice = <T extends string>(from: Json, key: string, path: string, choices: readonly T[]): T =>
    choices.find(one => one === from[key]) ?? fail(`${path}${key}`, `one of ${choices.join(', ')}`)
  const unit = (from: Json, key: string, path: string): string => {
    const value = text(from, key, path)
    return isUnit(value) ? value : fail(`${path}${key}`, 'a unit of schemas/units.ts')
  }
  const quantityName = (from: Json, key: string, path: string): string => {
    const value = text(from, key, path)
    return isQuantity(value) ? value : fail(`${path}${key}`, 'a quantity of schemas/quantities.ts')
  }
  const meanings = (from: Json, key: string, path: string) =>
    new Map(
      Object.keys(object(from[key], `${path}${key}`)).map(code => [
        code,
        text(from[key] as Json, code, `${path}${key}.`),
      ]),
    )

  function checkTypicalErr(value: unknown, path: string): TypicalErr {
    const from = object(value, path)
    const points = list(from, 'points', `${path}.`).map((item): readonly [number, number] => {
      if (!Array.isArray(item) || item.length !== 2 || !item.every(Number.isFinite) || item[1] <= 0) {
        return fail(`${path}.points`, 'pairs of a value and an error above zero')
      }
      return [item[0], item[1]]
    })
    if (points.length < 2 || points.some((point, i) => i > 0 && point[0] <= points[i - 1][0])) {
      fail(`${path}.points`, 'at least two pairs by rising value')
    }
    return { by: quantityName(from, 'by', `${path}.`), points }
  }

  function checkErrorSource(value: unknown, path: string): ErrorSource {
    const from = object(value, path)
    const source: ErrorSource = {
      column: textOrNull(from, 'column', `${path}.`),
      noneAbove: numberOr(from, 'noneAbove', `${path}.`, null),
      snrColumn: textOrNull(from, 'snrColumn', `${path}.`),
      fluxColumn: textOrNull(from, 'fluxColumn', `${path}.`),
      fluxErrColumn: textOrNull(from, 'fluxErrColumn', `${path}.`),
    }
    const ways = [source.column, source.snrColumn, source.fluxColumn && source.fluxErrColumn].filter(Boolean)
    return ways.length === 1 ? source : fail(path, 'a column, a snrColumn, or a fluxColumn with its fluxErrColumn')
  }

  function checkMeasurement(value: unknown, path: string): SurveyMeasurement {
    const from = object(value, path)
    const inner = `${path}.`
    const missingErr = choice(from, 'missingErr', inner, ['typical', 'limit', 'drop'])
    const typicalErr = 'typicalErr' in from ? checkTypicalErr(from.typicalErr, `${inner}typicalErr`) : null
    if (missingErr === 'typical' && typicalErr === null) fail(`${inner}typicalErr`, 'given where missingErr is typical')
    const usable = 'usable' in from ? object(from.usable, `${inner}usable`) : null
    return {
      quantity: quantityName(from, 'quantity', inner),
      column: text(from, 'column', inner),
      unit: unit(from, 'unit', inner),
      errors: list(from, 'errors', inner).map((item, i) => checkErrorSource(item, `${inner}errors[${i}]`)),
      missingErr,
      typicalErr,
      zeroPoint: numberOr(from, 'zeroPoint', inner, 0),
      errFloor: numberOr(from, 'errFloor', inner, 0),
      usable: usable && {
        min: numberOr(usable, 'min', `${inner}usable.`, -Infinity),
        max: numberOr(usable, 'max', `${inner}usable.`, Infinity),
        flag: text(usable, 'flag', `${inner}usable.`),
      },
      saturationMag: numberOr(from, 'saturationMag', inner, null),
      depthMag: numberOr(from, 'depthMag', inner, null),
    }
  }

  function checkSentinels(value: unknown): Survey['sentinels'] {
    const from = object(value, 'sentinels')
    const lists = Object.keys(from).map(key => {
      if (key !== 'any' && (key === '' || !isUnit(key)))
        fail('sentinels', 'lists named any or a unit of schemas/units.ts')
      const numbers = list(from, key, 'sentinels.').map(item =>
        typeof item === 'number' ? item : fail(`sentinels.${key}`, 'a list of numbers'),
      )
      return [key, numbers] as const
    })
    return new Map(lists)
  }

  const root = object(json, 'the content')
  const id = object(root.id, 'id')
  const position = object(root.position, 'position')
  const limitSigma = 'limitSigma' in root ? positive(root, 'limitSigma', '') : null
  const measurements = list(root, 'measurements', '').map((item, i) => checkMeasurement(item, `measurements[${i}]`))
  const bandFlags = (root.bandFlags === undefined ? [] : list(root, 'bandFlags', '')).map((item, i): BandFlag => {
    const path = `bandFlags[${i}]`
    const from = object(item, path)
    return {
      column: text(from, 'column', `${path}.`),
      quantities: texts(from, 'quantities', `${path}.`).map(name =>
        measurements.some(one => one.quantity === name) ? name : fail(`${path}.quantities`, 'quantities measured here'),
      ),
      limit: texts(from, 'limit', `${path}.`),
      drop: meanings(from, 'drop', `${path}.`),
      keep: meanings(from, 'keep', `${path}.`),
    }
  })
  const givesLimits =
    measurements.some(one => one.missingErr === 'limit') || bandFlags.some(one => one.limit.length > 0)
  if (givesLimits && limitSigma === null) fail('limitSigma', 'given where values can be limits')
  const errColumns = texts(position, 'errColumns', 'position.')
  if (errColumns.length !== 2) fail('position.errColumns', 'two columns')
  return {
    name: text(root, 'name', ''),
    family: text(root, 'family', ''),
    release: text(root, 'release', ''),
    releaseRank: number(root, 'releaseRank', ''),
    title: text(root, 'title', ''),
    reference: text(root, 'reference', ''),
    id: {
      column: text(id, 'column', 'id.'),
      kind: choice(id, 'kind', 'id.', ['long', 'text']),
      prefixes: texts(id, 'prefixes', 'id.'),
    },
    position: {
      raColumn: text(position, 'raColumn', 'position.'),
      decColumn: text(position, 'decColumn', 'position.'),
      unit: unit(position, 'unit', 'position.'),
      errColumns,
      errUnit: unit(position, 'errUnit', 'position.'),
      typicalErrArcsec: positive(position, 'typicalErrArcsec', 'position.'),
      errFloorArcsec: numberOr(position, 'errFloorArcsec', 'position.', 0),
      epochJyr: number(position, 'epochJyr', 'position.'),
      epochColumn: textOrNull(position, 'epochColumn', 'position.'),
      epochUnit: choice(position, 'epochUnit', 'position.', ['jyr', 'jd', 'mjd']),
    },
    links: list(root, 'links', '').map((item, i): SurveyLink => {
      const from = object(item, `links[${i}]`)
      return {
        survey: text(from, 'survey', `links[${i}].`),
        column: text(from, 'column', `links[${i}].`),
        prefix: textOrNull(from, 'prefix', `links[${i}].`),
      }
    }),
    sentinels: checkSentinels(root.sentinels),
    measurements,
    bandFlags,
    limitSigma,
    rowFlags: list(root, 'rowFlags', '').map((item, i): RowFlag => {
      const from = object(item, `rowFlags[${i}]`)
      return {
        column: text(from, 'column', `rowFlags[${i}].`),
        flag: text(from, 'flag', `rowFlags[${i}].`),
        above: numberOr(from, 'above', `rowFlags[${i}].`, null),
        not: 'not' in from ? texts(from, 'not', `rowFlags[${i}].`) : null,
      }
    }),
  }
}
