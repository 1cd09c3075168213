// What every transport solver is given and gives back: costs, masses and a plan, with the checks they share.

/** Row by row. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

export interface TransportProblem {
  /** [m, n]: what a unit of mass costs from source i to target j. */
  readonly cost: Matrix
  /** [m], at least 0. */
  readonly sourceMasses: Float64Array
  /** [n], at least 0. */
  readonly targetMasses: Float64Array
}

/** A solver that did not get there says so; it does not throw. */
export interface TransportPlan {
  /** [m, n]: mass from source i to target j. */
  readonly plan: Matrix
  /** The sum of plan times cost. */
  readonly cost: number
  readonly converged: boolean
  readonly iterations: number
}

/** A source and a target that are known to belong together, by row and column. */
export type Pair = readonly [source: number, target: number]

/** Sums of masses may differ by this share of them. */
const MASS_TOLERANCE = 1e-9

/** The same mass for each, 1 in all. */
export const uniformMasses = (count: number): Float64Array => new Float64Array(count).fill(1 / count)

/** @throws RangeError when the sizes do not fit or a value is not finite */
export function checkMatrix(what: string, { rows, columns, values }: Matrix): void {
  if (
    !Number.isInteger(rows) ||
    !Number.isInteger(columns) ||
    rows < 1 ||
    columns < 1 ||
    values.length !== rows * columns
  )
    throw new RangeError(`${what}: ${values.length} values do not fill ${rows} rows of ${columns}`)
  const bad = values.findIndex(value => !Number.isFinite(value))
  if (bad >= 0)
    throw new RangeError(`${what}: the value at [${Math.floor(bad / columns)}, ${bad % columns}] is ${values[bad]}`)
}

/** @throws RangeError when the masses are not as many as they should be, one is not finite or negative, or all are 0 */
export function checkMasses(what: string, masses: Float64Array, count: number): void {
  if (masses.length !== count) throw new RangeError(`${what}: ${masses.length} masses for ${count} points`)
  const bad = masses.findIndex(mass => !(mass >= 0 && mass < Number.POSITIVE_INFINITY))
  if (bad >= 0) throw new RangeError(`${what}: mass ${bad} is ${masses[bad]}, which is not a finite number >= 0`)
  if (total(masses) <= 0) throw new RangeError(`${what}: all masses are 0`)
}

/** @throws RangeError when costs or masses are bad, or where `balanced` the two sums of masses differ */
export function checkProblem(
  what: string,
  { cost, sourceMasses, targetMasses }: TransportProblem,
  balanced = true,
): void {
  checkMatrix(`${what}, cost`, cost)
  checkMasses(`${what}, source`, sourceMasses, cost.rows)
  checkMasses(`${what}, target`, targetMasses, cost.columns)
  const [sent, taken] = [total(sourceMasses), total(targetMasses)]
  if (balanced && Math.abs(sent - taken) > MASS_TOLERANCE * Math.max(sent, taken))
    throw new RangeError(`${what}: the sources have mass ${sent} and the targets ${taken}, which must be the same`)
}

/** The sum of all. */
export function total(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** The sum of the products of entries. */
export function innerProduct(a: Matrix, b: Matrix): number {
  let sum = 0
  for (let k = 0; k < a.values.length; k++) sum += a.values[k] * b.values[k]
  return sum
}

/** What each source sends, [rows]. */
export function rowSums({ rows, columns, values }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => total(values.subarray(i * columns, (i + 1) * columns)))
}

/** What each target takes, [columns]. */
export function columnSums({ columns, values }: Matrix): Float64Array {
  const sums = new Float64Array(columns)
  for (let k = 0; k < values.length; k++) sums[k % columns] += values[k]
  return sums
}

/** How far a plan's margins are from the masses, summed over rows and columns. */
export function marginError(plan: Matrix, sourceMasses: Float64Array, targetMasses: Float64Array): number {
  const distance = (sums: Float64Array, masses: Float64Array) =>
    sums.reduce((sum, value, i) => sum + Math.abs(value - masses[i]), 0)
  return distance(rowSums(plan), sourceMasses) + distance(columnSums(plan), targetMasses)
}

/** The plan in which every source sends to every target alike. */
export function productPlan(sourceMasses: Float64Array, targetMasses: Float64Array): Matrix {
  const [rows, columns] = [sourceMasses.length, targetMasses.length]
  const mass = total(targetMasses)
  const values = Float64Array.from(
    { length: rows * columns },
    (_, k) => (sourceMasses[Math.floor(k / columns)] * targetMasses[k % columns]) / mass,
  )
  return { rows, columns, values }
}
