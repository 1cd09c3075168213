// Samples of a joint model with how much each counts beside the true density, where that is known.
import { type Importance, importanceOf } from '../calibration/importance.ts'
import { type DensityRequest, type DensitySamples, sampleWithDensity } from './jointDensity.ts'
import type { JointModel } from './jointTrainer.ts'

export interface WeighedSamples extends Pick<DensitySamples, 'values'> {
  readonly importance: Importance
}

/**
 * @param logJoint natural log of the true joint density of all variables
 * @throws RangeError as `sampleWithDensity`
 */
export async function weighSamples(
  models: readonly JointModel[],
  logJoint: (values: ArrayLike<number>) => number,
  request: DensityRequest,
  levelCount: number,
): Promise<WeighedSamples> {
  const { values, logDensities } = await sampleWithDensity(models, request, levelCount)
  const width = values.length / logDensities.length
  const logTargets = Float64Array.from(logDensities, (_, i) => logJoint(values.subarray(i * width, (i + 1) * width)))
  return { values, importance: importanceOf(logTargets, logDensities) }
}
