// What may be asked of a star: quantities, given values, given measurements, and conditions that posteriors are weighed by.
import { derivedNames, FusionError, isQuantity, quantity } from '../../schemas/index.ts'
import { spectrumNames } from '../encoders/modalities.ts'
import type { GivenValue } from '../posterior.ts'
import { modelObservables, modelParameters } from '../tokens/layout.ts'

/** A quantity as a person names it: the vocabulary's own, or ten to its power in another unit. */
export interface NamedQuantity {
  /** As it was typed, such as `ageMyr`; it is told back under this name. */
  readonly name: string
  /** Of the vocabulary, such as `logAgeYr`. */
  readonly quantity: string
  /** Null where both are the same; else the named value is 10^(value of the vocabulary - offsetDex). */
  readonly offsetDex: number | null
}

/** A parameter that is known exactly. */
export interface FixedValue extends NamedQuantity {
  readonly value: number
}

/**
 * Knowledge from elsewhere, in the unit of the name. With an error it is a measurement that shares no error with those of
 * the star: it multiplies the posterior by exp(-(x - value)^2 / (2 err^2)). With bounds it cuts the posterior.
 */
export type Condition = NamedQuantity & {
  /** True where it takes the place of the model's own prior of a parameter: Gaussian, or even within both bounds. */
  readonly isPrior?: boolean
} & (
    | { readonly kind: 'measured'; readonly value: number; readonly err: number }
    | { readonly kind: 'within'; readonly low: number | null; readonly high: number | null }
  )

export interface Question {
  readonly asked: readonly NamedQuantity[]
  readonly fixed: readonly FixedValue[]
  /** Observables that are told beside those of the star, with their errors. */
  readonly measured: readonly GivenValue[]
  readonly conditions: readonly Condition[]
  /** Observables of the star that are left out, and spectra by the names that posteriors give them. */
  readonly without: readonly string[]
  /** Draws by tokens even where the posterior head could answer. */
  readonly isByTokens?: boolean
}

const MAX_ASKED = 64
const MAX_GIVEN = 64
const observables: readonly string[] = modelObservables
const parameters: readonly string[] = modelParameters

export const isObservable = (name: string) => observables.includes(name)

/** A question that makes no sense. @param sentence what, and what to do */
export function invalid(sentence: string): FusionError {
  return new FusionError('QUESTION_INVALID', sentence)
}

/** The value of the vocabulary's quantity. @returns -Infinity where the named value is none above zero */
export function fromNamed({ offsetDex }: NamedQuantity, value: number): number {
  if (offsetDex === null) return value
  return value > 0 ? Math.log10(value) + offsetDex : Number.NEGATIVE_INFINITY
}

/** The named value of the vocabulary's quantity. */
export function toNamed({ offsetDex }: NamedQuantity, value: number): number {
  return offsetDex === null ? value : 10 ** (value - offsetDex)
}

/**
 * Checks what can be checked without a star or a model.
 *
 * @throws FusionError QUESTION_INVALID, a sentence that names what is wrong
 */
export function checkQuestion({ asked, fixed, measured, conditions, without }: Question): void {
  if (asked.length === 0) throw invalid('Nothing is asked: name at least one quantity, such as logAgeYr.')
  if (asked.length > MAX_ASKED || fixed.length + measured.length + conditions.length > MAX_GIVEN) {
    throw invalid(`The question is too long: ask for up to ${MAX_ASKED} quantities and give up to ${MAX_GIVEN}.`)
  }
  for (const one of [...asked, ...fixed, ...conditions]) checkKnown(one.name, one.quantity)
  for (const { quantity: name } of measured) checkKnown(name, name)
  checkOnce(
    asked.map(({ name }) => name),
    name => `${name} is asked for twice: ask for it once.`,
  )
  for (const one of fixed) {
    if (!parameters.includes(one.quantity)) {
      throw invalid(
        isObservable(one.quantity)
          ? `${one.name}=${one.value} has no error: a measurement needs one, such as ${one.name}=${one.value}±0.02.`
          : `${one.name} follows from other parameters and cannot be given exactly: give it an error, such as ${one.name}=${one.value}±${Number((Math.abs(0.01 * one.value) || 0.01).toPrecision(1))}.`,
      )
    }
    checkRange(one, one.value)
  }
  for (const one of measured) {
    checkRange({ name: one.quantity, quantity: one.quantity, offsetDex: null }, one.value)
    checkErr(one.quantity, one.err)
  }
  for (const one of conditions) checkCondition(one)
  const given = [...fixed, ...conditions.filter(({ kind, isPrior }) => kind === 'measured' && isPrior !== true)]
  const givenNames = [...given.map(one => one.quantity), ...measured.map(one => one.quantity)]
  checkOnce(givenNames, name => `${name} is given twice, in one unit or in two: give it once.`)
  for (const one of fixed) {
    const asking = asked.find(({ quantity: name }) => name === one.quantity)
    if (asking !== undefined) throw invalid(`${asking.name} is both asked for and given: leave it out of one of them.`)
    const bound = conditions.find(({ quantity: name }) => name === one.quantity)
    if (bound !== undefined) throw invalid(`${bound.name} is given exactly and bounded: leave out the bounds.`)
  }
  const priors = conditions.filter(({ isPrior }) => isPrior === true)
  checkOnce(
    priors.map(one => one.quantity),
    name => `${name} has two priors, in one unit or in two: give one.`,
  )
  for (const one of priors) checkPrior(one)
  for (const one of measured) {
    const asking = [...asked, ...conditions].find(({ quantity: name }) => name === one.quantity)
    if (asking !== undefined) throw invalid(`${asking.name} is both asked for and given: leave it out of one of them.`)
  }
  for (const name of without) {
    if (!isObservable(name) && !spectrumNames.includes(name)) {
      throw invalid(`${name} is no measurement that could be left out.`)
    }
  }
}

function checkKnown(name: string, base: string): void {
  if (isObservable(base) || parameters.includes(base) || derivedNames.includes(base)) return
  throw invalid(
    isQuantity(base)
      ? `${name} is not known to this model: it knows the parallax, magnitudes and parameters.`
      : `${name} is no quantity of the vocabulary.`,
  )
}

function checkOnce(names: readonly string[], sentence: (name: string) => string): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw invalid(sentence(twice))
}

function checkRange(one: NamedQuantity, value: number): void {
  const { min, max } = quantity(one.quantity)
  const base = fromNamed(one, value)
  if (base >= min && base <= max) return
  const [low, high] = [min, max].map(bound => String(Number(toNamed(one, bound).toPrecision(4))))
  throw invalid(`${one.name} is ${value}, which cannot be: it lies between ${low} and ${high}.`)
}

function checkErr(name: string, err: number): void {
  if (!(err > 0) || !Number.isFinite(err)) throw invalid(`The error of ${name} is ${err}: it must be above zero.`)
}

function checkPrior(one: Condition): void {
  if (!parameters.includes(one.quantity)) {
    throw invalid(
      `${one.name} is no parameter of the model, which alone have a prior: they are ${parameters.join(', ')}.`,
    )
  }
  if (one.kind === 'within' && (one.low === null || one.high === null)) {
    throw invalid(`The prior of ${one.name} has one bound: give both, as low<${one.name}<high.`)
  }
}

function checkCondition(one: Condition): void {
  if (one.kind === 'measured') {
    if (isObservable(one.quantity)) throw invalid(`${one.name} is a measurement: give it as one, not as a condition.`)
    checkRange(one, one.value)
    checkErr(one.name, one.err)
    return
  }
  const { low, high } = one
  for (const bound of [low, high]) {
    if (bound !== null && !Number.isFinite(bound)) throw invalid(`A bound of ${one.name} is ${bound}: give a number.`)
  }
  if (low === null && high === null) throw invalid(`${one.name} has no bound: give at least one.`)
  if (low !== null && high !== null && low >= high) {
    throw invalid(`${one.name} would lie above ${low} and below ${high}, which nothing does: exchange the bounds.`)
  }
  const { min, max } = quantity(one.quantity)
  const isBeyond = (high !== null && fromNamed(one, high) <= min) || (low !== null && fromNamed(one, low) >= max)
  if (!isBeyond) return
  const [least, most] = [min, max].map(bound => String(Number(toNamed(one, bound).toPrecision(4))))
  throw invalid(`The bounds of ${one.name} hold no possible value: it lies between ${least} and ${most}.`)
}
