// A problem with a known posterior, and posteriors of it that are wrong on purpose.
import { type PosteriorDraws, posteriorDraws } from '../../../models/calibration/posteriorDraws.ts'
import { createRng } from '../../../models/math/rng.ts'

export interface ToyFault {
  /** Factor on the width of the posterior: 1 is right. */
  readonly widthFactor?: number
  /** Shift in posterior standard deviations. */
  readonly shift?: number
  /** Draws that forget how the two parameters hang together, with each marginal right. */
  readonly isFactorised?: boolean
  /** Everything rounded to this step, so that ties are common. */
  readonly step?: number
}

/**
 * Two parameters, standard normal beforehand; what is observed is their sum with noise of 0.3.
 * The exact posterior is Gaussian with strongly anti-correlated parameters.
 */
export function gaussianToy(
  starCount: number,
  sampleCount: number,
  seed: number,
  fault: ToyFault = {},
): PosteriorDraws {
  const { widthFactor = 1, shift = 0, isFactorised = false, step = 0 } = fault
  const rng = createRng(seed, 1)
  const gain = 1 / (2 + 0.3 ** 2)
  const [variance, covariance] = [1 - gain, -gain]
  const sd = Math.sqrt(variance)
  const rho = isFactorised ? 0 : covariance / variance
  const round = (value: number) => (step > 0 ? Math.round(value / step) * step : value)
  const truths = new Float64Array(2 * starCount)
  const samples = new Float64Array(2 * starCount * sampleCount)
  for (let i = 0; i < starCount; i++) {
    const [a, b] = [rng.normal(), rng.normal()]
    const mean = gain * (a + b + 0.3 * rng.normal())
    truths.set([round(a), round(b)], 2 * i)
    for (let s = 0; s < sampleCount; s++) {
      const [u, v] = [rng.normal(), rng.normal()]
      const second = rho * u + Math.sqrt(1 - rho * rho) * v
      samples[2 * i * sampleCount + s] = round(mean + sd * (shift + widthFactor * u))
      samples[(2 * i + 1) * sampleCount + s] = round(mean + sd * (shift + widthFactor * second))
    }
  }
  return posteriorDraws(['first', 'second'], truths, samples)
}
