// The language of filters: conditions joined by `and`. docs/filters.md shows all of them.
import { type WatchedClass, watchedClasses } from '../classBands.ts'
import { spectrumSurveys } from '../spectrumSurveys.ts'
import { readSurvey, surveyNames } from '../surveys.ts'
import { filterError, shown } from './filterError.ts'
import { type FilterQuantity, filterQuantity, shortQuantityNames } from './filterQuantities.ts'
import { filterTokens, type Token } from './filterTokens.ts'

export type Sign = '<' | '<=' | '>' | '>='

/** A bound on a quantity, as it was typed. */
export interface FilterBound {
  readonly quantity: FilterQuantity
  readonly sign: Sign
  readonly value: number
  /** Where a width of a plain quantity is meant in dex, `dex`. */
  readonly unit: string
}

export type FilterCondition =
  | { readonly kind: 'class'; readonly className: WatchedClass; readonly sign: Sign; readonly probability: number }
  | {
      readonly kind: 'chance'
      readonly bound: FilterBound
      readonly sign: Sign
      readonly probability: number
    }
  | { readonly kind: 'median' | 'width'; readonly bound: FilterBound }
  | {
      readonly kind: 'cone'
      readonly radius: readonly [value: number, unit: AngleUnit]
      readonly raDeg: number
      readonly decDeg: number
    }
  | { readonly kind: 'survey' | 'flag'; readonly name: string; readonly isThere: boolean }

export const MAX_FILTER_CHARACTERS = 2000
export const MAX_CONDITIONS = 50

export type AngleUnit = 'deg' | 'arcmin' | 'arcsec'
export const angleUnitsDeg: Readonly<Record<AngleUnit, number>> = { deg: 1, arcmin: 1 / 60, arcsec: 1 / 3600 }

/** Surveys and families of surveys that `has` may name. */
export function filterSurveys(): readonly string[] {
  const families = surveyNames().map(name => readSurvey(name).family)
  return [...new Set([...surveyNames(), ...families, ...spectrumSurveys])]
}

/**
 * Reads the conditions of a filter; an empty text has none.
 * @throws FusionError FILTER_INVALID, one sentence with the place in the text
 */
export function parseConditions(text: string): readonly FilterCondition[] {
  if (text.length > MAX_FILTER_CHARACTERS) {
    throw filterError('filter', MAX_FILTER_CHARACTERS, `it is longer than ${MAX_FILTER_CHARACTERS} characters`)
  }
  const reader = new ConditionReader(filterTokens(text))
  return reader.readAll()
}

class ConditionReader {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  readAll(): readonly FilterCondition[] {
    const conditions: FilterCondition[] = []
    if (this.#peek().kind === 'end') return conditions
    do {
      const { at } = this.#peek()
      if (conditions.length === MAX_CONDITIONS)
        throw filterError('filter', at, `more than ${MAX_CONDITIONS} conditions`)
      conditions.push(this.#readCondition())
    } while (this.#skip('and'))
    const { kind, text, at } = this.#peek()
    if (kind !== 'end') throw filterError('filter', at, `${shown(text)} follows a condition, where only and may`)
    return conditions
  }

  #readCondition(): FilterCondition {
    const first = this.#take()
    const word = first.kind === 'word' ? first.text.toLowerCase() : ''
    switch (word) {
      case 'p':
        return this.#readChance()
      case 'median':
      case 'width': {
        this.#expect('(')
        const quantity = this.#readQuantity()
        this.#expect(')')
        return { kind: word, bound: this.#readBound(quantity, word === 'width') }
      }
      case 'within':
        return this.#readCone()
      case 'has':
        return this.#readPresence('survey', true)
      case 'flag':
        return this.#readPresence('flag', true)
      case 'not': {
        const { text, at } = this.#take()
        const kind = { has: 'survey', flag: 'flag' }[text.toLowerCase()] as 'survey' | 'flag' | undefined
        if (kind === undefined) throw filterError('filter', at, 'not is followed by has or flag')
        return this.#readPresence(kind, false)
      }
    }
    const className = watchedClasses.find(name => name.toLowerCase() === word)
    if (className !== undefined) return { kind: 'class', className, ...this.#readProbability() }
    throw filterError(
      'filter',
      first.at,
      `${shown(first.text)} begins no condition, write a class (${watchedClasses.join(', ')}), P(...), median(...), width(...), within, has, flag or not`,
    )
  }

  #readChance(): FilterCondition {
    this.#expect('(')
    const bound = this.#readBound(this.#readQuantity(), false)
    this.#expect(')')
    return { kind: 'chance', bound, ...this.#readProbability() }
  }

  #readCone(): FilterCondition {
    const { at } = this.#peek()
    const value = this.#readNumber()
    const unitToken = this.#take()
    const unit = (Object.keys(angleUnitsDeg) as AngleUnit[]).find(name => name === unitToken.text.toLowerCase())
    if (unit === undefined) throw filterError('filter', unitToken.at, 'a radius is in deg, arcmin or arcsec')
    if (!(value >= 0 && value * angleUnitsDeg[unit] <= 180)) {
      throw filterError('filter', at, 'a radius is from 0 to 180 deg')
    }
    const of = this.#take()
    if (of.text.toLowerCase() !== 'of') throw filterError('filter', of.at, 'write within 5 deg of 56.75 24.12')
    const raAt = this.#peek().at
    const raDeg = this.#readNumber()
    const decAt = this.#peek().at
    const decDeg = this.#readNumber()
    if (!(raDeg >= 0 && raDeg <= 360)) throw filterError('filter', raAt, 'a right ascension is from 0 to 360 degrees')
    if (!(decDeg >= -90 && decDeg <= 90)) throw filterError('filter', decAt, 'a declination is from -90 to 90 degrees')
    return { kind: 'cone', radius: [value, unit], raDeg, decDeg }
  }

  #readPresence(kind: 'survey' | 'flag', isThere: boolean): FilterCondition {
    const { kind: token, text, at } = this.#take()
    if (token !== 'word') throw filterError('filter', at, `the name of a ${kind} belongs here`)
    if (kind === 'flag') return { kind, name: text, isThere }
    const name = filterSurveys().find(one => one.toLowerCase() === text.toLowerCase())
    if (name === undefined) {
      throw filterError('filter', at, `no survey is named ${shown(text)}, choose ${filterSurveys().join(', ')}`)
    }
    return { kind, name, isThere }
  }

  #readQuantity(): FilterQuantity {
    const { text, at } = this.#take()
    const found = filterQuantity(text)
    if (found !== null) return found
    throw filterError(
      'filter',
      at,
      `no quantity is named ${shown(text)}, choose ${shortQuantityNames.join(', ')} or an exact name such as logAgeYr`,
    )
  }

  #readBound(quantity: FilterQuantity, isWidth: boolean): FilterBound {
    const sign = this.#readSign()
    const { at } = this.#peek()
    const value = this.#readNumber()
    const known = isWidth && quantity.isPlain ? [...Object.keys(quantity.units), 'dex'] : Object.keys(quantity.units)
    const token = this.#peek()
    const isUnit = token.kind === 'word' && token.text.toLowerCase() !== 'and'
    const unit = isUnit ? known.find(one => one.toLowerCase() === token.text.toLowerCase()) : undefined
    if (isUnit && unit === undefined) {
      throw filterError(
        'filter',
        token.at,
        `${quantity.name} is not in ${shown(token.text)} but in ${known.join(', ')}`,
      )
    }
    if (isUnit) this.#next++
    else if (known.length > 1) {
      throw filterError('filter', at, `the value of ${quantity.name} needs its unit, ${known.join(', ')}`)
    }
    if (quantity.isPlain && !(value > 0)) throw filterError('filter', at, `the value of ${quantity.name} is above zero`)
    if (isWidth && value < 0) throw filterError('filter', at, 'a width is not below zero')
    return { quantity, sign, value, unit: unit ?? known[0] }
  }

  #readProbability(): { readonly sign: Sign; readonly probability: number } {
    const sign = this.#readSign()
    const { at } = this.#peek()
    const probability = this.#readNumber()
    if (!(probability >= 0 && probability <= 1)) throw filterError('filter', at, 'a probability is from 0 to 1')
    return { sign, probability }
  }

  #readSign(): Sign {
    const { text, at } = this.#take()
    if (text === '<' || text === '<=' || text === '>' || text === '>=') return text
    throw filterError('filter', at, 'one of <, <=, > and >= belongs here')
  }

  #readNumber(): number {
    const { kind, text, at } = this.#take()
    const value = kind === 'number' ? Number(text) : Number.NaN
    if (!Number.isFinite(value)) throw filterError('filter', at, 'a number belongs here')
    // A filter is the same as another with 0 in the place of -0, and is printed so.
    return value + 0
  }

  #expect(sign: string): void {
    const { text, at } = this.#take()
    if (text !== sign) throw filterError('filter', at, `${sign} belongs here`)
  }

  #peek(): Token {
    return this.#tokens[this.#next]
  }

  /** The last token is the end, and stays. */
  #take(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#next++
    return token
  }

  #skip(word: string): boolean {
    const isNext = this.#peek().kind === 'word' && this.#peek().text.toLowerCase() === word
    if (isNext) this.#next++
    return isNext
  }
}

/** The conditions as they could be typed again. */
export function printConditions(conditions: readonly FilterCondition[]): string {
  return conditions.map(printed).join(' and ')
}

function printed(one: FilterCondition): string {
  switch (one.kind) {
    case 'class':
      return `${one.className} ${one.sign} ${one.probability}`
    case 'chance':
      return `P(${one.bound.quantity.name} ${boundText(one.bound)}) ${one.sign} ${one.probability}`
    case 'median':
    case 'width':
      return `${one.kind}(${one.bound.quantity.name}) ${boundText(one.bound)}`
    case 'cone':
      return `within ${one.radius.join(' ')} of ${one.raDeg} ${one.decDeg}`
    default:
      return `${one.isThere ? '' : 'not '}${one.kind === 'survey' ? 'has' : 'flag'} ${one.name}`
  }
}

function boundText({ sign, value, unit }: FilterBound): string {
  return `${sign} ${value} ${unit}`
}
