// A question as it is typed -> what the model is asked: `distancePc=140±2, ageMyr<10`.
import {
  type Condition,
  checkQuestion,
  type FixedValue,
  type GivenValue,
  modelObservables,
  type NamedQuantity,
  type Question,
} from '../../models/index.ts'
import { findAsked, findLeftOut, findQuantity, invalid } from './quantityNames.ts'

export interface QuestionText {
  /** Names, separated by commas. */
  readonly asked: string
  /** `name=value`, `name=value±err`, `name<value`, `name>value` or `low<name<high`, separated by commas. */
  readonly given?: string
  /** `name=value±err` or `low<name<high`, in the place of the model's own priors. */
  readonly prior?: string
  /** Surveys or observables, separated by commas. */
  readonly without?: string
  readonly isByTokens?: boolean
}

const MAX_CHARACTERS = 4000

const NUMBER = '[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?'
const EQUAL = new RegExp(`^(\\w+)\\s*=\\s*(${NUMBER})(?:\\s*(?:±|\\+/-|\\+-)\\s*(${NUMBER}))?$`)
const BOUND = new RegExp(`^(\\w+)\\s*([<>])=?\\s*(${NUMBER})$`)
const BETWEEN = new RegExp(`^(${NUMBER})\\s*<=?\\s*(\\w+)\\s*<=?\\s*(${NUMBER})$`)

/**
 * Reads a question. Bounds of one name are put together: `ageMyr>1, ageMyr<10`.
 *
 * @throws FusionError QUESTION_INVALID, a sentence that repeats what was not understood, or what makes no sense
 */
export function readQuestion({
  asked,
  given = '',
  prior = '',
  without = '',
  isByTokens = false,
}: QuestionText): Question {
  for (const text of [asked, given, prior, without]) {
    if (text.length > MAX_CHARACTERS)
      throw invalid(`The question is longer than ${MAX_CHARACTERS} characters: ask less.`)
  }
  const fixed: FixedValue[] = []
  const measured: GivenValue[] = []
  const conditions: Condition[] = []
  for (const item of partsOf(given)) readGiven(item, fixed, measured, conditions)
  const question: Question = {
    asked: unique(partsOf(asked).flatMap(findAsked)),
    fixed,
    measured,
    conditions: [...joinBounds(conditions), ...partsOf(prior).map(readPrior)],
    without: [...new Set(partsOf(without).flatMap(findLeftOut))],
    isByTokens,
  }
  checkQuestion(question)
  return question
}

function partsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}

/** A quantity of a group that is also named by itself is asked once. */
function unique(asked: readonly NamedQuantity[]): readonly NamedQuantity[] {
  return [...new Map(asked.map(one => [one.name, one])).values()]
}

function readGiven(item: string, fixed: FixedValue[], measured: GivenValue[], conditions: Condition[]): void {
  const equal = EQUAL.exec(item)
  if (equal !== null) {
    const [, name, value, err] = equal
    const one = findQuantity(name)
    const isObservable = (modelObservables as readonly string[]).includes(one.quantity)
    if (err === undefined) fixed.push({ ...one, value: Number(value) })
    else if (isObservable) {
      measured.push({ quantity: one.quantity, value: Number(value), err: Number(err), isLimit: false })
    } else conditions.push({ ...one, kind: 'measured', value: Number(value), err: Number(err) })
    return
  }
  const bound = BOUND.exec(item)
  if (bound !== null) {
    const [, name, sign, text] = bound
    const value = Number(text)
    const [low, high] = sign === '<' ? [null, value] : [value, null]
    conditions.push({ ...findQuantity(name), kind: 'within', low, high })
    return
  }
  const between = BETWEEN.exec(item)
  if (between === null) throw notUnderstood(item)
  const [, low, name, high] = between
  conditions.push({ ...findQuantity(name), kind: 'within', low: Number(low), high: Number(high) })
}

function readPrior(item: string): Condition {
  const conditions: Condition[] = []
  const others: FixedValue[] = []
  readGiven(item, others, [], conditions)
  const [one] = conditions
  if (one !== undefined) return { ...one, isPrior: true }
  throw invalid(
    `${JSON.stringify(item.slice(0, 60))} is no prior of a parameter: write name=value±error or low<name<high.`,
  )
}

function notUnderstood(item: string) {
  const shown = JSON.stringify(item.slice(0, 60))
  return invalid(
    `${shown} is nothing that could be given: write name=value, name=value±error, name<value, name>value or low<name<high.`,
  )
}

/** One condition for all bounds of a name: the tightest of each side. */
function joinBounds(conditions: readonly Condition[]): readonly Condition[] {
  const joined = new Map<string, Condition>()
  const others: Condition[] = []
  for (const one of conditions) {
    const before = joined.get(one.name)
    if (one.kind === 'measured') others.push(one)
    else if (before?.kind !== 'within') joined.set(one.name, one)
    else {
      joined.set(one.name, {
        ...one,
        low: tightest(Math.max, before.low, one.low),
        high: tightest(Math.min, before.high, one.high),
      })
    }
  }
  return [...others, ...joined.values()]
}

function tightest(of: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : of(a, b)
}

/** What was given, in words as they could be typed again. */
export function givenText({ fixed, measured, conditions }: Question): readonly string[] {
  return [
    ...fixed.map(({ name, value }) => `${name}=${value}`),
    ...measured.map(({ quantity, value, err }) => `${quantity}=${value}±${err}`),
    ...conditions.map(one => `${one.isPrior === true ? 'prior ' : ''}${conditionText(one)}`),
  ]
}

function conditionText(one: Condition): string {
  return one.kind === 'measured'
    ? `${one.name}=${one.value}±${one.err}`
    : [one.low === null ? '' : `${one.low}<`, one.name, one.high === null ? '' : `<${one.high}`].join('')
}
