// The coordinates in which a student works: what the Gaussian of all variables leaves of the parameters given the data, made
// white.

import { type Regression, regressOn } from '../joint/jointGaussian.ts'
import type { JointBase, JointVariable } from '../joint/jointTable.ts'
import { factorInPlace, solveLowerInPlace } from '../math/cholesky.ts'

export interface StudentScale {
  readonly base: JointBase
  /** Of all parameters on all data. */
  readonly regression: Regression
  /** [A, A] lower Cholesky factor of what the regression leaves. */
  readonly factor: Float64Array
}

/** @throws RangeError when there are no parameters or no data, or a covariance is not positive definite */
export function studentScale(variables: readonly JointVariable[], base: JointBase): StudentScale {
  const indices = (role: JointVariable['role']) => variables.flatMap((one, i) => (one.role === role ? [i] : []))
  const [asked, given] = [indices('parameter'), indices('data')]
  if (asked.length === 0 || given.length === 0) throw new RangeError('studentScale: parameters and data are needed')
  const regression = regressOn(base.gaussian, variables.length, asked, given)
  const factor = regression.covariance.slice()
  if (!factorInPlace(factor, asked.length))
    throw new RangeError('studentScale: the covariance is not positive definite')
  return { base, regression, factor }
}

/** [A] whitened parameters. @param centre [A] expected latents; @param latents [A] */
export function whiten({ factor }: StudentScale, centre: ArrayLike<number>, latents: ArrayLike<number>): Float64Array {
  const away = Float64Array.from(centre, (value, i) => latents[i] - value)
  solveLowerInPlace(factor, away.length, away)
  return away
}
