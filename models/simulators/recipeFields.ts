// What a recipe file may hold, as small checks that are put together: each takes plain data to a value, or says in one
// sentence what is wrong with it.
import { FusionError } from '../../schemas/index.ts'

export type Keys = readonly (string | number)[]

/** @returns where the node of these keys stands, such as `recipe.yaml, line 7`; the beginning of each sentence */
export type PlaceOf = (keys: Keys) => string

/** A node of the file, and the way to it. */
export interface RecipeNode {
  readonly value: unknown
  readonly keys: Keys
  readonly placeOf: PlaceOf
}

export type Field<T> = (node: RecipeNode) => T

/** A field that may be left out. */
export interface OptionalField<T> {
  readonly field: Field<T>
  readonly fallback: T
}

type Fields = Readonly<Record<string, Field<unknown> | OptionalField<unknown>>>
type ValueOf<F> = F extends OptionalField<infer T> ? T : F extends Field<infer T> ? T : never
export type RecordOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> }

/** How a number of each star is drawn. */
export type Spread =
  | { readonly law: 'fixed'; readonly value: number }
  /** Evenly in the number, or in its logarithm. */
  | { readonly law: 'linear' | 'log'; readonly from: number; readonly to: number }
  | { readonly law: 'normal'; readonly mean: number; readonly sigma: number }

/** Name -> its part of the whole; the parts sum to 1. */
export type Weights<N extends string> = Readonly<Partial<Record<N, number>>>

/** @param problem goes on from the name of the key, and says what to do */
export function refuse(node: RecipeNode, problem: string): FusionError {
  return new FusionError('CONFIG_INVALID', `${node.placeOf(node.keys)}: '${nameOf(node.keys)}' ${problem}.`)
}

/** The node below. */
export function below(node: RecipeNode, key: string | number, value: unknown): RecipeNode {
  return { value, keys: [...node.keys, key], placeOf: node.placeOf }
}

/** Keys as they are spoken of: `components[1].share`. */
function nameOf(keys: Keys): string {
  const text = keys.map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')
  return text === '' ? 'the recipe' : text.replace(/^\./, '')
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value)
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 40 ? `${text.slice(0, 40)}...` : text
}

/** Keys and values of a mapping. @throws FusionError CONFIG_INVALID where it is none */
export function entriesOf(node: RecipeNode): readonly (readonly [string, unknown])[] {
  const { value } = node
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(node, `is ${shown(value)}, which is no mapping; write it as 'key: value' lines`)
  }
  return Object.entries(value)
}

/** Leaves a field out of what must be given. */
export function optional<T>(field: Field<T>, fallback: T): OptionalField<T> {
  return { field, fallback }
}

/** A mapping with these keys and no others. */
export function record<F extends Fields>(fields: F): Field<RecordOf<F>> {
  return node => {
    const given = new Map(entriesOf(node))
    for (const [key, value] of given) {
      if (!Object.hasOwn(fields, key)) {
        throw refuse(below(node, key, value), `is no key here; known are ${Object.keys(fields).join(', ')}`)
      }
    }
    const values = Object.entries(fields).map(([key, entry]) => {
      const inner = below(node, key, given.get(key))
      if (typeof entry === 'function') {
        if (!given.has(key)) throw refuse(inner, 'is missing; add it')
        return [key, entry(inner)]
      }
      return [key, given.has(key) ? entry.field(inner) : entry.fallback]
    })
    return Object.fromEntries(values) as RecordOf<F>
  }
}

/** A text of 1 to 64 letters, digits, hyphens and underscores. */
export const word: Field<string> = node => {
  const { value } = node
  if (typeof value === 'string' && /^[\w-]{1,64}$/.test(value)) return value
  throw refuse(node, `is ${shown(value)}; write 1 to 64 letters, digits, hyphens or underscores`)
}

const MOST_CHARACTERS = 4096

/** A text that is not empty, such as a path. */
export const text: Field<string> = node => {
  const { value } = node
  if (typeof value === 'string' && value !== '' && value.length <= MOST_CHARACTERS && !value.includes('\0'))
    return value
  throw refuse(node, `is ${shown(value)}; write a text`)
}

/** One of these words. */
export function choice<N extends string>(names: readonly N[]): Field<N> {
  return node => {
    const found = names.find(name => name === node.value)
    if (found === undefined) throw refuse(node, `is ${shown(node.value)}, which is none of ${names.join(', ')}`)
    return found
  }
}

/** A number within bounds, both included. */
export function numberIn(min: number, max: number): Field<number> {
  return node => {
    const { value } = node
    if (typeof value === 'number' && value >= min && value <= max) return value
    throw refuse(node, `is ${shown(value)}; write a number from ${min} to ${max}`)
  }
}

/** A whole number within bounds, both included. */
export function wholeIn(min: number, max: number): Field<number> {
  return node => {
    const { value } = node
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value
    throw refuse(node, `is ${shown(value)}; write a whole number from ${min} to ${max}`)
  }
}

/** Yes or no. */
export const flag: Field<boolean> = node => {
  if (typeof node.value === 'boolean') return node.value
  throw refuse(node, `is ${shown(node.value)}; write true or false`)
}

/** The word `all`, or a list of different names. */
export function someOf<N extends string>(names: readonly N[]): Field<readonly N[]> {
  const one = choice(names)
  return node => {
    const { value } = node
    if (value === 'all') return names
    if (!Array.isArray(value) || value.length === 0) {
      throw refuse(node, `is ${shown(value)}; write all, or a list such as [${names.slice(0, 2).join(', ')}]`)
    }
    const found = value.map((item, i) => one(below(node, i, item)))
    const twice = found.find((name, i) => found.indexOf(name) !== i)
    if (twice !== undefined) throw refuse(node, `has ${twice} twice; name it once`)
    return found
  }
}

/** A single name, or names with their parts, which sum to 1. */
export function weightsOf<N extends string>(names: readonly N[]): Field<Weights<N>> {
  const one = choice(names)
  const part = numberIn(0, 1)
  return node => {
    if (typeof node.value === 'string') return Object.fromEntries([[one(node), 1]]) as Weights<N>
    const entries = entriesOf(node).map(([name, value]) => {
      const inner = below(node, name, value)
      return [one({ ...inner, value: name }), part(inner)] as const
    })
    checkSum(
      node,
      entries.map(([, weight]) => weight),
    )
    return Object.fromEntries(entries) as Weights<N>
  }
}

const SUM_TOLERANCE = 1e-6

/** @throws FusionError CONFIG_INVALID where parts do not make a whole */
export function checkSum(node: RecipeNode, parts: readonly number[]): void {
  const sum = parts.reduce((a, b) => a + b, 0)
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    throw refuse(node, `has parts that sum to ${Number(sum.toPrecision(6))}; make them sum to 1`)
  }
}

/**
 * How a number is drawn: `5` is always 5, `[1, 9]` even between, `{ log: [1, 9] }` even in the logarithm,
 * `{ normal: [5, 1] }` a normal of that mean and sigma, cut at the bounds.
 */
export function spreadIn(min: number, max: number): Field<Spread> {
  const bounded = numberIn(min, max)
  return node => {
    const { value } = node
    if (typeof value === 'number') return { law: 'fixed', value: bounded(node) }
    if (Array.isArray(value)) return { law: 'linear', ...rangeOf(node, bounded) }
    const [entry, ...more] = typeof value === 'object' && value !== null ? Object.entries(value) : []
    if (entry === undefined || more.length > 0 || (entry[0] !== 'log' && entry[0] !== 'normal')) {
      throw refuse(
        node,
        `is ${shown(value)}; write a number, a range [from, to], { log: [from, to] } or { normal: [mean, sigma] }`,
      )
    }
    const [law, pair] = entry
    const inner = below(node, law, pair)
    if (law === 'normal') {
      const [mean, sigma] = pairOf(inner, '[mean, sigma]')
      return {
        law,
        mean: bounded(below(inner, 0, mean)),
        sigma: numberIn(0, max - min)(below(inner, 1, sigma)),
      }
    }
    const range = rangeOf(inner, bounded)
    if (range.from <= 0) throw refuse(inner, 'begins at or below zero, where there is no logarithm; raise it')
    return { law: 'log', ...range }
  }
}

/** `[from, to]`, the smaller number first and something between them. */
export function rangeIn(min: number, max: number): Field<{ readonly from: number; readonly to: number }> {
  const bounded = numberIn(min, max)
  return node => {
    const range = rangeOf(node, bounded)
    if (range.from === range.to) throw refuse(node, `begins and ends at ${range.from}; leave room between the two`)
    return range
  }
}

function pairOf(node: RecipeNode, form: string): readonly [unknown, unknown] {
  const { value } = node
  if (!Array.isArray(value) || value.length !== 2) throw refuse(node, `is ${shown(value)}; write ${form}`)
  return [value[0], value[1]]
}

function rangeOf(node: RecipeNode, bounded: Field<number>): { readonly from: number; readonly to: number } {
  const pair = pairOf(node, '[from, to]')
  const [from, to] = pair.map((item, i) => bounded(below(node, i, item)))
  if (from > to) throw refuse(node, `is reversed, ${from} to ${to}; write the smaller number first`)
  return { from, to }
}
