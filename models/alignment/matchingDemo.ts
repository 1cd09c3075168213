// A demonstration in two dimensions: three kinds of stars as simulated and as seen, where each kind has moved another way.
import { createRng } from '../math/rng.ts'
import type { Matrix, Pair } from './transportProblem.ts'

export interface MatchingDemo {
  /** [3 count, 2] each, kind by kind. */
  readonly source: Matrix
  readonly target: Matrix
  /** One of each kind. */
  readonly pairs: readonly Pair[]
}

/** Where the kinds stand. The gap exchanges neighbours, so that neither nearness nor distances tell which is which. */
const SOURCE_CENTRES = [
  [-1.5, -1.4],
  [-2.2, 1.3],
  [-0.9, 1.6],
] as const
const TARGET_CENTRES = [
  [0.8, 1.2],
  [0.6, -0.2],
  [2.4, 0.1],
] as const
const SPREAD = 0.24

const PURPOSE = 0x616c6967

/**
 * @param count stars of each kind on each side
 * @throws RangeError when it is not a whole number above 0
 */
export function matchingDemo(count: number, seed: number): MatchingDemo {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`matchingDemo: ${count} stars of each kind`)
  const rng = createRng(seed, PURPOSE)
  const around = (centres: readonly (readonly [number, number])[]): Matrix => {
    const points = centres.flatMap(centre =>
      Array.from({ length: count }, () => centre.map(value => value + SPREAD * rng.normal())),
    )
    return { rows: points.length, columns: 2, values: Float64Array.from(points.flat()) }
  }
  const source = around(SOURCE_CENTRES)
  const target = around(TARGET_CENTRES)
  return { source, target, pairs: SOURCE_CENTRES.map((_, kind) => [kind * count, kind * count]) }
}

/** The share of the mass that goes to its own kind; pairs aside, which say so themselves. */
export function rightShare({ source, pairs }: MatchingDemo, plan: Matrix): number {
  const count = source.rows / SOURCE_CENTRES.length
  const pinned = new Set(pairs.map(([i]) => i))
  let right = 0
  let all = 0
  plan.values.forEach((mass, k) => {
    const [i, j] = [Math.floor(k / plan.columns), k % plan.columns]
    if (pinned.has(i)) return
    all += mass
    if (Math.floor(i / count) === Math.floor(j / count)) right += mass
  })
  return all > 0 ? right / all : 1
}
