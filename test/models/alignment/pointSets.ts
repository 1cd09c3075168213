// Points, matrices and golden cases for the tests of alignment.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Matrix } from '../../../models/alignment/transportProblem.ts'
import { createRng } from '../../../models/math/rng.ts'
import { root } from '../../rules/sourceTree.ts'

export const matrixOf = (rows: readonly (readonly number[])[]): Matrix => ({
  rows: rows.length,
  columns: rows[0].length,
  values: Float64Array.from(rows.flat()),
})

/** Standard normal numbers. */
export function normalMatrix(rows: number, columns: number, seed: number): Matrix {
  const rng = createRng(seed)
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, () => rng.normal()) }
}

/** Masses of 0.2 to 1.8, then scaled to sum to 1. */
export function unequalMasses(count: number, seed: number): Float64Array {
  const rng = createRng(seed)
  const weights = Float64Array.from({ length: count }, () => 0.2 + 1.6 * rng.uniform())
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map(weight => weight / sum)
}

export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(join(root, 'test', 'golden', 'alignment', `${name}.json`), 'utf8'))
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = Math.abs(a.length - b.length)
  for (let k = 0; k < b.length; k++) largest = Math.max(largest, Math.abs(a[k] - b[k]))
  return largest
}
