// Gromov-Wasserstein transport: which plan best keeps the distances within each side, though the sides cannot be compared.
import { exactTransport } from './exactTransport.ts'
import { pinnedTransport } from './pinnedPairs.ts'
import { type SinkhornPlan, sinkhorn } from './sinkhorn.ts'
import {
  checkMasses,
  checkMatrix,
  innerProduct,
  type Matrix,
  marginError,
  type Pair,
  type TransportPlan,
  type TransportProblem,
} from './transportProblem.ts'

export interface GromovProblem {
  /** [m, m] and [n, n], symmetric: costs within each side. */
  readonly sourceRelations: Matrix
  readonly targetRelations: Matrix
  /** Sums of 1. */
  readonly sourceMasses: Float64Array
  readonly targetMasses: Float64Array
  /** Kept together whatever the relations say. */
  readonly pairs?: readonly Pair[]
  /** A cost between the sides, [m, n], that counts `share` of the whole: fused Gromov-Wasserstein. */
  readonly guide?: { readonly cost: Matrix; readonly share: number }
}

export interface GromovOptions {
  /**
   * Where to stop: for `gromovWasserstein` the gain that a straight step promises, in shares of the largest slope, else how
   * far the plan still moves.
   */
  readonly tolerance: number
  readonly maxIterations: number
}

export const gromovDefaults: GromovOptions = { tolerance: 1e-9, maxIterations: 1000 }

export interface GromovPlan extends TransportPlan {
  /** What is left to gain, or how far the plan moved, in the last iteration. */
  readonly residual: number
}

/**
 * A local optimum by conditional gradient: each step solves exact transport for the slope and goes as far as pays.
 * `cost` is the sum of (source_ik - target_jl)^2 plan_ij plan_kl, or its mixture with the guide.
 *
 * Source: Peyre et al. 2016, "Gromov-Wasserstein averaging of kernel and distance matrices", proposition 1; Vayer et al. 2019,
 * arXiv:1805.09114, algorithms 1 and 2.
 *
 * @param start [m, n], a plan with these masses as margins; which optimum is found depends on it
 * @throws RangeError when sizes do not fit, relations are not finite and symmetric, masses do not sum to 1, or the start misses them
 */
export function gromovWasserstein(
  problem: GromovProblem,
  start: Matrix,
  options: Partial<GromovOptions> = {},
): GromovPlan {
  const { tolerance, maxIterations } = checked(problem, start, options)
  const { slope, value, curvature } = openGromov(problem)
  let plan = start
  let residual = Number.POSITIVE_INFINITY
  let converged = false
  let iterations = 0
  while (!converged && iterations < maxIterations) {
    const cost = slope(plan)
    const best = pinnedTransport(withCost(problem, cost), problem.pairs ?? [], rest => exactTransport(rest)).plan
    const step: Matrix = { ...plan, values: best.values.map((mass, k) => mass - plan.values[k]) }
    residual = Math.max(0, -innerProduct(cost, step))
    converged = residual <= tolerance * cost.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    if (!converged) plan = moved(plan, step, stepLength(-residual, curvature(step)))
    iterations++
  }
  return { plan, cost: value(plan), converged, iterations, residual }
}

/**
 * With entropy: projected gradient, in which each step is Sinkhorn's plan for the slope.
 * Where the slope is not tamed by `epsilon` it may swing between plans, and then says that it has not converged.
 *
 * Source: Peyre et al. 2016, equation 9.
 *
 * @param epsilon weight of the entropy, in units of the squared relations
 * @throws RangeError as `gromovWasserstein` does
 */
export function entropicGromov(
  problem: GromovProblem,
  start: Matrix,
  epsilon: number,
  options: Partial<GromovOptions> = {},
): GromovPlan {
  const { tolerance, maxIterations } = checked(problem, start, options)
  const { slope, value } = openGromov(problem)
  let plan = start
  let residual = Number.POSITIVE_INFINITY
  let last: SinkhornPlan | undefined
  const solve = (rest: TransportProblem) => {
    // Slopes change little from step to step: the potentials go on from where they were.
    last = sinkhorn(rest, { epsilon }, last)
    return last
  }
  let isSolved = true
  let iterations = 0
  while (residual > tolerance && iterations < maxIterations) {
    const next = pinnedTransport(withCost(problem, slope(plan)), problem.pairs ?? [], solve)
    const before = plan.values
    residual = Math.sqrt(next.plan.values.reduce((sum, mass, k) => sum + (mass - before[k]) ** 2, 0))
    isSolved = next.converged
    plan = next.plan
    iterations++
  }
  return { plan, cost: value(plan), converged: isSolved && residual <= tolerance, iterations, residual }
}

/** The objective, its slope, and its second derivative along a step that leaves the margins as they are. */
function openGromov({ sourceRelations, targetRelations, sourceMasses, targetMasses, guide }: GromovProblem) {
  const share = guide?.share ?? 0
  const squaresTo = ({ rows, values }: Matrix, masses: Float64Array) =>
    Float64Array.from({ length: rows }, (_, i) =>
      masses.reduce((sum, mass, k) => sum + values[i * rows + k] ** 2 * mass, 0),
    )
  const sourceSquares = squaresTo(sourceRelations, sourceMasses)
  const targetSquares = squaresTo(targetRelations, targetMasses)
  const crossed = (plan: Matrix) => product(product(sourceRelations, plan), targetRelations)
  /** What each entry of the plan costs against the whole plan. */
  const tensor = (plan: Matrix): Matrix => {
    const cross = crossed(plan)
    const values = cross.values.map(
      (value, k) => sourceSquares[Math.floor(k / plan.columns)] + targetSquares[k % plan.columns] - 2 * value,
    )
    return { ...plan, values }
  }
  const mixed = (own: number, k: number) => (1 - share) * own + (guide === undefined ? 0 : share * guide.cost.values[k])
  return {
    value: (plan: Matrix) =>
      (1 - share) * innerProduct(tensor(plan), plan) +
      (guide === undefined ? 0 : share * innerProduct(guide.cost, plan)),
    slope: (plan: Matrix): Matrix => ({ ...plan, values: tensor(plan).values.map((value, k) => mixed(2 * value, k)) }),
    curvature: (step: Matrix) => -2 * (1 - share) * innerProduct(crossed(step), step),
  }
}

/** Where slope t + curvature t^2 is least between 0 and 1. */
function stepLength(slope: number, curvature: number): number {
  if (curvature > 0) return Math.min(1, -slope / (2 * curvature))
  return 1
}

const moved = (plan: Matrix, step: Matrix, length: number): Matrix => ({
  ...plan,
  values: plan.values.map((mass, k) => Math.max(0, mass + length * step.values[k])),
})

const withCost = ({ sourceMasses, targetMasses }: GromovProblem, cost: Matrix): TransportProblem => ({
  cost,
  sourceMasses,
  targetMasses,
})

function product(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.columns)
  for (let i = 0; i < a.rows; i++) {
    const row = values.subarray(i * b.columns, (i + 1) * b.columns)
    for (let k = 0; k < a.columns; k++) {
      const factor = a.values[i * a.columns + k]
      if (factor === 0) continue
      for (let j = 0; j < b.columns; j++) row[j] += factor * b.values[k * b.columns + j]
    }
  }
  return { rows: a.rows, columns: b.columns, values }
}

/** Masses and margins may be off by this much. */
const MASS_TOLERANCE = 1e-6

function checked(problem: GromovProblem, start: Matrix, options: Partial<GromovOptions>): GromovOptions {
  const { sourceRelations, targetRelations, sourceMasses, targetMasses, guide } = problem
  for (const [side, relations, masses] of [
    ['source', sourceRelations, sourceMasses],
    ['target', targetRelations, targetMasses],
  ] as const) {
    const what = `gromovWasserstein, ${side}`
    checkMatrix(what, relations)
    checkMasses(what, masses, relations.rows)
    const mass = masses.reduce((sum, value) => sum + value, 0)
    if (Math.abs(mass - 1) > MASS_TOLERANCE) throw new RangeError(`${what}: masses sum to ${mass}, not to 1`)
    checkSymmetric(what, relations)
  }
  checkMatrix('gromovWasserstein, start', start)
  if (guide !== undefined) {
    checkMatrix('gromovWasserstein, guide', guide.cost)
    if (!(guide.share >= 0 && guide.share <= 1))
      throw new RangeError(`gromovWasserstein: the guide's share is ${guide.share}, not from 0 to 1`)
  }
  for (const [name, matrix] of Object.entries(guide === undefined ? { start } : { start, guide: guide.cost }))
    if (matrix.rows !== sourceRelations.rows || matrix.columns !== targetRelations.rows)
      throw new RangeError(
        `gromovWasserstein: the ${name} is ${matrix.rows} by ${matrix.columns} for ${sourceRelations.rows} sources and ${targetRelations.rows} targets`,
      )
  const missed = marginError(start, sourceMasses, targetMasses)
  if (missed > MASS_TOLERANCE || start.values.some(mass => mass < 0))
    throw new RangeError(`gromovWasserstein: the start is not a plan of these masses; its margins are off by ${missed}`)
  return { ...gromovDefaults, ...options }
}

function checkSymmetric(what: string, { rows, columns, values }: Matrix): void {
  if (rows !== columns) throw new RangeError(`${what}: relations are ${rows} by ${columns}, not square`)
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < i; k++)
      if (Math.abs(values[i * rows + k] - values[k * rows + i]) > 1e-9 * largest)
        throw new RangeError(`${what}: relations [${i}, ${k}] and [${k}, ${i}] differ`)
}
