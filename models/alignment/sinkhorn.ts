// Entropic optimal transport in the log domain, with margins that hold or that may be missed at a price.
import {
  checkProblem,
  innerProduct,
  type Matrix,
  marginError,
  type TransportPlan,
  type TransportProblem,
} from './transportProblem.ts'

export interface SinkhornOptions {
  /** Weight of the entropy, in units of the cost. */
  readonly epsilon: number
  /** What it costs, times the Kullback-Leibler divergence, to miss the masses; Infinity: they are met. */
  readonly sourceSlack: number
  readonly targetSlack: number
  /** The largest relative change of a scaling factor in an iteration at which to stop. */
  readonly tolerance: number
  readonly maxIterations: number
}

export const sinkhornDefaults: Omit<SinkhornOptions, 'epsilon'> = {
  sourceSlack: Number.POSITIVE_INFINITY,
  targetSlack: Number.POSITIVE_INFINITY,
  tolerance: 1e-10,
  maxIterations: 10_000,
}

export interface SinkhornPlan extends TransportPlan {
  /** [m] and [n]; plan_ij = a_i b_j exp((f_i + g_j - cost_ij) / epsilon). */
  readonly sourcePotentials: Float64Array
  readonly targetPotentials: Float64Array
  /** What is minimised: cost, epsilon KL(plan | a b), and the price of missed masses. Its slope in the costs is the plan. */
  readonly objective: number
  /** Distance of the margins from the masses, summed. */
  readonly marginError: number
}

/**
 * Scaling iterations on potentials, which no small epsilon can under- or overflow.
 *
 * Source: Cuturi 2013, arXiv:1306.0895; Peyre & Cuturi 2019, arXiv:1803.00567, section 4.4; unbalanced: Chizat et al. 2018,
 * arXiv:1607.05816.
 *
 * @param start an earlier plan from whose potentials to go on
 * @throws RangeError when costs or masses are not finite, a mass is negative, an option is not above 0, sizes do not fit, or
 *   the sums of masses differ and neither may be missed
 */
export function sinkhorn(
  problem: TransportProblem,
  options: Partial<SinkhornOptions> & Pick<SinkhornOptions, 'epsilon'>,
  start?: Pick<SinkhornPlan, 'targetPotentials'>,
): SinkhornPlan {
  const { epsilon, sourceSlack, targetSlack, tolerance, maxIterations } = { ...sinkhornDefaults, ...options }
  for (const [name, value] of Object.entries({ epsilon, sourceSlack, targetSlack, tolerance }))
    if (!(value > 0)) throw new RangeError(`sinkhorn: ${name} is ${value}, which is not above 0`)
  if (epsilon === Number.POSITIVE_INFINITY) throw new RangeError('sinkhorn: epsilon is not finite')
  const isBalanced = sourceSlack === Number.POSITIVE_INFINITY && targetSlack === Number.POSITIVE_INFINITY
  checkProblem('sinkhorn', problem, isBalanced)
  const { cost, sourceMasses, targetMasses } = problem
  const { rows, columns } = cost
  const forward = halfStep(cost.values, columns, 1, targetMasses, epsilon, sourceSlack)
  const backward = halfStep(cost.values, 1, columns, sourceMasses, epsilon, targetSlack)
  const f = new Float64Array(rows)
  const g = Float64Array.from(start?.targetPotentials ?? new Float64Array(columns))
  if (g.length !== columns)
    throw new RangeError(`sinkhorn: the start has ${g.length} potentials for ${columns} targets`)
  let iterations = 0
  let change = Number.POSITIVE_INFINITY
  while (change > tolerance && iterations < maxIterations) {
    change = Math.max(forward(g, f), backward(f, g)) / epsilon
    iterations++
  }
  const values = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const k = i * columns + j
      values[k] = sourceMasses[i] * targetMasses[j] * Math.exp((f[i] + g[j] - cost.values[k]) / epsilon)
    }
  }
  const plan: Matrix = { rows, columns, values }
  return {
    plan,
    cost: innerProduct(plan, cost),
    converged: change <= tolerance,
    iterations,
    sourcePotentials: f,
    targetPotentials: g,
    objective: dualValue(plan, problem, f, g, epsilon, sourceSlack, targetSlack),
    marginError: marginError(plan, sourceMasses, targetMasses),
  }
}

/**
 * One side's potentials from the other's: out_i = -softening epsilon log sum_j masses_j exp((given_j - cost_ij) / epsilon).
 * The result tells how far the furthest of them moved.
 */
function halfStep(
  cost: Float64Array,
  outStep: number,
  givenStep: number,
  masses: Float64Array,
  epsilon: number,
  slack: number,
): (given: Float64Array, out: Float64Array) => number {
  const softening = slack === Number.POSITIVE_INFINITY ? 1 : slack / (slack + epsilon)
  const logMasses = masses.map(Math.log)
  return (given, out) => {
    let moved = 0
    for (let i = 0; i < out.length; i++) {
      let most = Number.NEGATIVE_INFINITY
      for (let j = 0; j < given.length; j++)
        most = Math.max(most, logMasses[j] + (given[j] - cost[i * outStep + j * givenStep]) / epsilon)
      let sum = 0
      for (let j = 0; j < given.length; j++)
        sum += Math.exp(logMasses[j] + (given[j] - cost[i * outStep + j * givenStep]) / epsilon - most)
      const next = -softening * epsilon * (most + Math.log(sum))
      moved = Math.max(moved, Math.abs(next - out[i]))
      out[i] = next
    }
    return moved
  }
}

/** The dual's value, which is the primal's at the optimum, and whose error is second order in that of the potentials. */
function dualValue(
  plan: Matrix,
  { sourceMasses, targetMasses }: TransportProblem,
  f: Float64Array,
  g: Float64Array,
  epsilon: number,
  sourceSlack: number,
  targetSlack: number,
): number {
  const side = (potentials: Float64Array, masses: Float64Array, slack: number) =>
    potentials.reduce((sum, u, i) => {
      const worth = slack === Number.POSITIVE_INFINITY ? u : -slack * Math.expm1(-u / slack)
      return sum + masses[i] * worth
    }, 0)
  const mass = (masses: Float64Array) => masses.reduce((sum, value) => sum + value, 0)
  const moved = mass(plan.values)
  return (
    side(f, sourceMasses, sourceSlack) +
    side(g, targetMasses, targetSlack) -
    epsilon * (moved - mass(sourceMasses) * mass(targetMasses))
  )
}
