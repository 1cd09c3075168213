// Joint draws of a few variables: what a joint model is trained on.
import { fitAlongGraph, fitGaussian, type Gaussian, meanLogDensity } from './jointGaussian.ts'
import { evenOut, twinsOf } from './likeGroups.ts'
import { fitScale, scaleValue, type VariableScale } from './variableScale.ts'

export interface JointVariable {
  readonly name: string
  readonly role: 'parameter' | 'data'
  readonly bounds: readonly [number, number] | null
}

export interface JointTable {
  readonly variables: readonly JointVariable[]
  /** [N, V] */
  readonly values: Float64Array
  /** For each variable those that it is drawn from, where that is known. */
  readonly parents?: readonly (readonly number[])[]
  /**
   * Groups of variables that may trade places without a change of the density, where that is known: of each group the
   * first with the first, and so on.
   */
  readonly alike?: readonly (readonly number[])[]
}

/** Draws of a task, with what it declares of its structure. */
export function jointTableOf(
  task: Pick<JointTable, 'variables' | 'alike'> & { readonly neighbours: NonNullable<JointTable['parents']> },
  values: Float64Array,
): JointTable {
  const { variables, neighbours, alike = [] } = task
  return { variables, values, parents: neighbours, alike }
}

/** What latents mean, and the Gaussian of them. */
export interface JointBase {
  readonly scales: readonly VariableScale[]
  readonly gaussian: Gaussian
}

/**
 * Where the graph is known, the Gaussian along it competes with that of all covariances, for the likelihood of rows that
 * neither has seen.
 *
 * @param heldOut rows at the start of the table that nothing is fitted to
 * @returns the base, and the latents [N, V] of the whole table
 * @throws RangeError when a column cannot be scaled, see `fitScale`, or the graph has a circle
 */
export function fitBase(
  { variables, values, parents, alike = [] }: JointTable,
  heldOut: number,
): { readonly base: JointBase; readonly latents: Float64Array } {
  const width = variables.length
  const seen = values.subarray(heldOut * width)
  const rows = seen.length / width
  // Variables that trade places have one scale.
  const columnOf = (v: number) => {
    const twins = twinsOf(v, alike)
    return Float64Array.from(
      { length: rows * twins.length },
      (_, i) => seen[(i % rows) * width + twins[Math.floor(i / rows)]],
    )
  }
  const scales = variables.map(({ name, bounds }, v) => fitScale(columnOf(v), bounds, name))
  const latents = values.map((value, i) => scaleValue(scales[i % width], value))
  const [fitted, unseen] = [latents.subarray(heldOut * width), latents.subarray(0, heldOut * width)]
  const gaussian = evenOut(fitLikeliest(fitted, unseen, width, parents), alike)
  return { base: { scales, gaussian }, latents }
}

function fitLikeliest(
  seen: Float64Array,
  unseen: Float64Array,
  width: number,
  parents: JointTable['parents'],
): Gaussian {
  const whole = fitGaussian(seen, width)
  if (parents === undefined || unseen.length === 0) return whole
  const along = fitAlongGraph(seen, parents)
  return meanLogDensity(along, unseen) > meanLogDensity(whole, unseen) ? along : whole
}
