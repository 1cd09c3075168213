// The order of a list and a place in it. A page goes on after a star's value and id, not after a number of stars:
// so stars that come in meanwhile push none of the others onto another page.
import { FusionError, inferredNames, starClasses } from '../../schemas/index.ts'
import { hashOf } from './idIndex.ts'
import type { StarTable } from './starTable.ts'

export interface StarOrder {
  /** As it was asked for, such as `-youngProbability`. */
  readonly text: string
  readonly isDescending: boolean
  /** Column of the table. */
  readonly column: string
}

/** The last star of a page. */
export interface ListPlace {
  /** NaN where its value is missing. */
  readonly value: number
  readonly starId: string
}

export const DEFAULT_ORDER = '-youngProbability'

const plain = ['youngProbability', 'raDeg', 'decDeg', 'gMag', 'bpRpMag', ...starClasses]
const columns = new Map([
  ...plain.map((name): [string, string] => [name, name]),
  ...inferredNames.map((name): [string, string] => [name, `${name}.q50`]),
])

/** Lists can be sorted by these; a parameter stands for its median. */
export const orderNames: readonly string[] = [...columns.keys()]

/** @throws FusionError QUESTION_INVALID */
export function parseOrder(text: string): StarOrder {
  const isDescending = text.startsWith('-')
  const name = isDescending ? text.slice(1) : text
  const column = columns.get(name)
  if (column === undefined) {
    const shown = JSON.stringify(name.slice(0, 60))
    throw new FusionError(
      'QUESTION_INVALID',
      `Stars cannot be sorted by ${shown}: choose ${orderNames.join(', ')}, with - before it for the largest first.`,
    )
  }
  return { text, isDescending, column }
}

/** Missing values come last; among equal ones the hash of the id decides, which is cheap, and then the id. */
export function placesIn(table: StarTable, { isDescending, column }: StarOrder) {
  const sign = isDescending ? -1 : 1
  const numberOf = (row: number) => table.numbers(column)[row]
  const compareValues = (a: number, b: number) =>
    a === b ? 0 : Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : sign * (a < b ? -1 : 1)
  return {
    /** Below zero where the first comes before the second. */
    compare(a: number, b: number): number {
      return (
        compareValues(numberOf(a), numberOf(b)) ||
        table.hashAt(a) - table.hashAt(b) ||
        compareIds(table.starId(a), table.starId(b))
      )
    },
    isAfter(row: number, { value, starId }: ListPlace): boolean {
      const order =
        compareValues(numberOf(row), value) ||
        table.hashAt(row) - hashOf(starId) ||
        compareIds(table.starId(row), starId)
      return order > 0
    },
    placeOf: (row: number): ListPlace => ({ value: numberOf(row), starId: table.starId(row) }),
  }
}

const compareIds = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)

export function formatPlace(order: StarOrder, { value, starId }: ListPlace): string {
  return Buffer.from(`${order.text} ${Number.isNaN(value) ? '' : value} ${starId}`).toString('base64url')
}

/** @throws FusionError QUESTION_INVALID when it is no place of a list in this order */
export function parsePlace(order: StarOrder, text: string): ListPlace {
  const match = /^(\S+) (\S*) (.+)$/s.exec(Buffer.from(text, 'base64url').toString('utf8'))
  const value = match === null || match[2] === '' ? Number.NaN : Number(match[2])
  const isNumber = match !== null && (match[2] === '' || Number.isFinite(value))
  if (match === null || match[1] !== order.text || !isNumber) {
    const shown = JSON.stringify(text.slice(0, 60))
    throw new FusionError(
      'QUESTION_INVALID',
      `${shown} is no place in a list sorted by ${order.text}: give \`next\` of the page before, with the same sort.`,
    )
  }
  return { value, starId: match[3] }
}
