// Transport in which known pairs are kept together: each pair's mass is pinned, the rest finds its way.
import {
  checkProblem,
  innerProduct,
  type Matrix,
  type Pair,
  type TransportPlan,
  type TransportProblem,
} from './transportProblem.ts'

/** Masses of a pair may differ by this share. */
const MASS_TOLERANCE = 1e-9

/**
 * Masses that sum to 1 and in which both of a pair weigh the same, though there may be more sources than targets.
 *
 * @returns [m] and [n]
 * @throws RangeError when a pair points outside or shares a point with another, or leaves one side alone without a point
 */
export function pairedMasses(
  sourceCount: number,
  targetCount: number,
  pairs: readonly Pair[],
): { sourceMasses: Float64Array; targetMasses: Float64Array } {
  checkPairs(pairs, sourceCount, targetCount)
  const [sourceRest, targetRest] = [sourceCount - pairs.length, targetCount - pairs.length]
  if ((sourceRest === 0) !== (targetRest === 0))
    throw new RangeError(`pairedMasses: of ${sourceCount} sources and ${targetCount} targets one side is all in pairs`)
  const each = 1 / Math.max(sourceCount, targetCount)
  const left = 1 - each * pairs.length
  const masses = (count: number, rest: number, paired: readonly number[]) => {
    const values = new Float64Array(count).fill(left / rest)
    for (const index of paired) values[index] = each
    return values
  }
  return {
    sourceMasses: masses(
      sourceCount,
      sourceRest,
      pairs.map(([source]) => source),
    ),
    targetMasses: masses(
      targetCount,
      targetRest,
      pairs.map(([, target]) => target),
    ),
  }
}

/**
 * Solve a problem with its pairs pinned. They are taken out, the rest is solved, and they are put back: the same as a plan
 * that the mask of Gu et al. 2022, arXiv:2303.13102, allows to send a pair's mass nowhere else.
 *
 * @param solve a solver of what is left
 * @throws RangeError as the solver does, and when a pair points outside, shares a point with another, or joins unlike masses
 */
export function pinnedTransport(
  problem: TransportProblem,
  pairs: readonly Pair[],
  solve: (rest: TransportProblem) => TransportPlan,
): TransportPlan {
  if (pairs.length === 0) return solve(problem)
  checkProblem('pinnedTransport', problem)
  const { cost, sourceMasses, targetMasses } = problem
  checkPairs(pairs, cost.rows, cost.columns)
  pairs.forEach(([source, target], k) => {
    const [a, b] = [sourceMasses[source], targetMasses[target]]
    if (Math.abs(a - b) > MASS_TOLERANCE * Math.max(a, b))
      throw new RangeError(`pinnedTransport: pair ${k} joins masses ${a} and ${b}, which must be the same`)
  })
  const rows = indicesWithout(
    cost.rows,
    pairs.map(([source]) => source),
  )
  const columns = indicesWithout(
    cost.columns,
    pairs.map(([, target]) => target),
  )
  const values = new Float64Array(cost.rows * cost.columns)
  for (const [source, target] of pairs) values[source * cost.columns + target] = sourceMasses[source]
  const plan: Matrix = { rows: cost.rows, columns: cost.columns, values }
  if (rows.length === 0 && columns.length === 0)
    return { plan, cost: innerProduct(plan, cost), converged: true, iterations: 0 }
  if (rows.length === 0 || columns.length === 0)
    throw new RangeError(
      `pinnedTransport: of ${cost.rows} sources and ${cost.columns} targets one side is all in pairs`,
    )
  const rest = solve({
    cost: {
      rows: rows.length,
      columns: columns.length,
      values: Float64Array.from(rows.flatMap(i => columns.map(j => cost.values[i * cost.columns + j]))),
    },
    sourceMasses: Float64Array.from(rows, i => sourceMasses[i]),
    targetMasses: Float64Array.from(columns, j => targetMasses[j]),
  })
  rows.forEach((i, r) => {
    columns.forEach((j, c) => {
      values[i * cost.columns + j] = rest.plan.values[r * columns.length + c]
    })
  })
  return { plan, cost: innerProduct(plan, cost), converged: rest.converged, iterations: rest.iterations }
}

/** @throws RangeError when a pair points outside or shares a point with another */
export function checkPairs(pairs: readonly Pair[], sourceCount: number, targetCount: number): void {
  const isIndex = (index: number, count: number) => Number.isInteger(index) && index >= 0 && index < count
  pairs.forEach(([source, target], k) => {
    if (!isIndex(source, sourceCount) || !isIndex(target, targetCount))
      throw new RangeError(
        `pairs: pair ${k} is [${source}, ${target}], of ${sourceCount} sources and ${targetCount} targets`,
      )
  })
  const distinct = (side: 0 | 1) => new Set(pairs.map(pair => pair[side])).size
  if (distinct(0) < pairs.length || distinct(1) < pairs.length)
    throw new RangeError('pairs: a point is in more than one pair')
}

function indicesWithout(count: number, taken: readonly number[]): number[] {
  const gone = new Set(taken)
  return Array.from({ length: count }, (_, i) => i).filter(i => !gone.has(i))
}
