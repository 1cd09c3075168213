// Joint draws of a few variables: what a joint model is trained on.
import { fitGaussian, type Gaussian } from './jointGaussian.ts'
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
}

/** What latents mean, and the Gaussian of them. */
export interface JointBase {
  readonly scales: readonly VariableScale[]
  readonly gaussian: Gaussian
}

/** @throws RangeError when a column cannot be scaled, see `fitScale` */
export function fitBase({ variables, values }: JointTable): JointBase {
  const width = variables.length
  const scales = variables.map(({ name, bounds }, v) =>
    fitScale(
      Float64Array.from({ length: values.length / width }, (_, i) => values[i * width + v]),
      bounds,
      name,
    ),
  )
  return { scales, gaussian: fitGaussian(scaleRows(scales, values), width) }
}

/** [N, V] latents of values. */
export function scaleRows(scales: readonly VariableScale[], values: Float64Array): Float64Array {
  return values.map((value, i) => scaleValue(scales[i % scales.length], value))
}
