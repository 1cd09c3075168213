// Optimal transport without approximation: mass is sent along shortest paths, and the potentials prove that it is optimal.
import {
  checkProblem,
  innerProduct,
  type Matrix,
  type TransportPlan,
  type TransportProblem,
  total,
} from './transportProblem.ts'

export interface ExactPlan extends TransportPlan {
  /** [m] and [n]: they add up to at most the cost everywhere, and to the cost itself where mass moves. */
  readonly sourcePotentials: Float64Array
  readonly targetPotentials: Float64Array
  /** The cost minus the sum of masses times potentials. Zero, but for rounding, proves the plan optimal. */
  readonly dualGap: number
}

export interface ExactOptions {
  /** Paths along which mass is sent, at most. About as many as there are points are needed. */
  readonly maxIterations: number
}

/** Mass below this share of the whole is what rounding leaves. */
const ROUNDING = 1e-15
const NONE = -1

/** What has been sent, what is left, and the ways from one source to the targets, shortest first. */
interface State {
  readonly cost: Matrix
  readonly plan: Float64Array
  /** Of each target, the sources that send to it. */
  readonly senders: number[][]
  readonly f: Float64Array
  readonly g: Float64Array
  readonly supply: Float64Array
  readonly demand: Float64Array
  readonly least: number
  readonly rowDistance: Float64Array
  readonly columnDistance: Float64Array
  /** The column by which a row was reached, and the row by which a column was. */
  readonly columnBefore: Int32Array
  readonly rowBefore: Int32Array
  readonly isRowSeen: Uint8Array
  /** The columns, those that are not yet reached for good before `openCount`. */
  readonly open: Int32Array
}

/**
 * The cheapest plan, by successive shortest paths in reduced costs. Time grows as the cube of the points at worst.
 *
 * Source: Peyre & Cuturi 2019, arXiv:1803.00567, section 3; Jonker & Volgenant 1987, for equal masses.
 *
 * @throws RangeError when costs or masses are not finite, a mass is negative, or sums of masses or sizes do not agree
 */
export function exactTransport(problem: TransportProblem, options: Partial<ExactOptions> = {}): ExactPlan {
  checkProblem('exactTransport', problem)
  const { cost, sourceMasses, targetMasses } = problem
  const { rows, columns } = cost
  const maxIterations = options.maxIterations ?? 100 * (rows + columns)
  const state: State = {
    cost,
    plan: new Float64Array(rows * columns),
    senders: Array.from({ length: columns }, () => []),
    ...firstPotentials(cost),
    supply: Float64Array.from(sourceMasses),
    demand: Float64Array.from(targetMasses),
    least: ROUNDING * total(sourceMasses),
    rowDistance: new Float64Array(rows),
    columnDistance: new Float64Array(columns),
    columnBefore: new Int32Array(rows),
    rowBefore: new Int32Array(columns),
    isRowSeen: new Uint8Array(rows),
    open: Int32Array.from({ length: columns }, (_, j) => j),
  }
  sendForNothing(state)
  let iterations = 0
  let converged = true
  for (let row = 0; row < rows && converged; row++) {
    while (state.supply[row] > 0) {
      if (iterations === maxIterations) {
        converged = false
        break
      }
      iterations++
      const column = findColumn(state, row)
      // Every demand is met: what is left of the supply is rounding.
      if (column === NONE) break
      send(state, row, column)
    }
  }
  const plan: Matrix = { rows, columns, values: state.plan }
  const value = innerProduct(plan, cost)
  const worth = (potentials: Float64Array, masses: Float64Array) =>
    potentials.reduce((sum, potential, i) => sum + potential * masses[i], 0)
  return {
    plan,
    cost: value,
    converged,
    iterations,
    sourcePotentials: state.f,
    targetPotentials: state.g,
    dualGap: value - worth(state.f, sourceMasses) - worth(state.g, targetMasses),
  }
}

/** The largest potentials of the targets alone, then of the sources: no reduced cost is negative. */
function firstPotentials({ rows, columns, values }: Matrix): { f: Float64Array; g: Float64Array } {
  const g = new Float64Array(columns).fill(Number.POSITIVE_INFINITY)
  for (let k = 0; k < values.length; k++) g[k % columns] = Math.min(g[k % columns], values[k])
  const f = new Float64Array(rows).fill(Number.POSITIVE_INFINITY)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) f[i] = Math.min(f[i], values[i * columns + j] - g[j])
  return { f, g }
}

/** Whatever can go where the reduced cost is 0 goes there at once. */
function sendForNothing(state: State): void {
  const { cost, f, g, supply, demand } = state
  for (let i = 0; i < cost.rows; i++) {
    for (let j = 0; j < cost.columns && supply[i] > 0; j++) {
      if (demand[j] > 0 && cost.values[i * cost.columns + j] - f[i] - g[j] <= 0) {
        state.rowBefore[j] = i
        send(state, i, j)
      }
    }
  }
}

/**
 * Dijkstra's search from a source, back along moved mass, to the nearest target that still wants some. Potentials follow, so
 * that reduced costs stay at least 0, and are 0 along the way.
 */
function findColumn(state: State, start: number): number {
  const { cost, senders, f, g, demand, rowDistance, columnDistance, columnBefore, rowBefore, isRowSeen, open } = state
  const { columns, values } = cost
  columnDistance.fill(Number.POSITIVE_INFINITY)
  isRowSeen.fill(0)
  let openCount = columns
  const leave = (row: number, distance: number) => {
    isRowSeen[row] = 1
    rowDistance[row] = distance
    const base = row * columns
    const shift = distance - f[row]
    for (let k = 0; k < openCount; k++) {
      const j = open[k]
      // Rounding may leave a reduced cost a little below 0.
      const reached = Math.max(distance, shift + values[base + j] - g[j])
      if (reached < columnDistance[j]) {
        columnDistance[j] = reached
        rowBefore[j] = row
      }
    }
  }
  leave(start, 0)
  while (openCount > 0) {
    let nearest = 0
    for (let k = 1; k < openCount; k++) if (columnDistance[open[k]] < columnDistance[open[nearest]]) nearest = k
    const column = open[nearest]
    const distance = columnDistance[column]
    if (demand[column] > 0) {
      for (let i = 0; i < f.length; i++) if (isRowSeen[i] === 1) f[i] += distance - rowDistance[i]
      for (let k = openCount; k < columns; k++) g[open[k]] -= distance - columnDistance[open[k]]
      return column
    }
    openCount--
    open[nearest] = open[openCount]
    open[openCount] = column
    for (const row of senders[column]) {
      if (isRowSeen[row] === 1) continue
      columnBefore[row] = column
      leave(row, distance)
    }
  }
  return NONE
}

/** Sends along the way that was found as much as it allows. */
function send(
  { cost, plan, senders, supply, demand, least, rowBefore, columnBefore }: State,
  start: number,
  end: number,
) {
  const { columns } = cost
  let mass = Math.min(supply[start], demand[end])
  for (let row = rowBefore[end]; row !== start; row = rowBefore[columnBefore[row]])
    mass = Math.min(mass, plan[row * columns + columnBefore[row]])
  const without = (from: number) => (from - mass > least ? from - mass : 0)
  supply[start] = without(supply[start])
  demand[end] = without(demand[end])
  for (let column = end; ; ) {
    const row = rowBefore[column]
    if (plan[row * columns + column] === 0) senders[column].push(row)
    plan[row * columns + column] += mass
    if (row === start) return
    column = columnBefore[row]
    const left = without(plan[row * columns + column])
    plan[row * columns + column] = left
    if (left === 0) senders[column].splice(senders[column].indexOf(row), 1)
  }
}
