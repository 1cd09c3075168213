// Gordon et al. 2023: one law from the far ultraviolet to 32 um, silicates included.
import { ramp } from '../../math/ramp.ts'
import { type ExtinctionForm, polynomial, ultravioletBump, ultravioletRise } from './extinctionForm.ts'

/** Put on the measured V band: the optical spectra and the photometry under the law differ by 1.5% (as in dust_extinction 1.7). */
const NORMALIZATION = 0.9854
const MEAN_RV = 3.1

function smoothStep(x: number, from: number, to: number): number {
  const t = ramp(x, from, to)
  return t * t * (3 - 2 * t)
}

function drude(x: number, strength: number, centre: number, width: number): number {
  const relative = (width / centre) ** 2
  return (strength * relative) / ((x / centre - centre / x) ** 2 + relative)
}

function skewedDrude(x: number, strength: number, centre: number, width: number, asymmetry: number): number {
  return drude(x, strength, centre, (2 * width) / (1 + Math.exp(asymmetry * (x - centre))))
}

/** Two power laws that meet near 4.3 um, and the silicates. */
function infraredIntercept(um: number): number {
  const [scale, slope, farSlope, bendUm, bendWidthUm] = [0.38526, 1.68467, 0.78791, 4.30578, 4.78338]
  const near = scale * um ** -slope
  const far = scale * bendUm ** (farSlope - slope) * um ** -farSlope
  const share = smoothStep(um, bendUm - bendWidthUm / 2, bendUm + bendWidthUm / 2)
  const silicates = skewedDrude(um, 0.06652, 9.8434, 2.21205, -0.24703) + skewedDrude(um, 0.0267, 19.58294, 17, -0.27)
  return near * (1 - share) + far * share + silicates
}

function infraredSlope(x: number): number {
  return -1.01251 * x ** 1.06099
}

function opticalIntercept(x: number): number {
  const features = drude(x, 0.03893, 2.288, 0.243) + drude(x, 0.02965, 2.054, 0.179) + drude(x, 0.01747, 1.587, 0.243)
  return polynomial([-0.35848, 0.7122, 0.08746, -0.05403, 0.00674], x) + features
}

function opticalSlope(x: number): number {
  const features = drude(x, 0.18453, 2.288, 0.243) + drude(x, 0.19728, 2.054, 0.179) + drude(x, 0.1713, 1.587, 0.243)
  return polynomial([0.12354, -2.68335, 2.01901, -0.39299, 0.03355], x) + features
}

function ultraviolet(x: number, c1: number, c2: number, c3: number, c4: number): number {
  return c1 + c2 * x + c3 * ultravioletBump(x, 4.6, 0.99) + c4 * ultravioletRise(x)
}

export const gordonForm: ExtinctionForm = {
  rvRange: [2.3, 5.6],
  rangeUm: [0.0912, 32],
  continuation: 'covers every bin',
  source: 'Gordon et al. 2023, ApJ 950, 86',
  termsInto(x, out) {
    const um = 1 / x
    let intercept: number
    let slope: number
    if (um >= 0.9) {
      const share = smoothStep(um, 0.9, 1.1)
      intercept = share * infraredIntercept(um) + (share < 1 ? (1 - share) * opticalIntercept(x) : 0)
      slope = share * infraredSlope(x) + (share < 1 ? (1 - share) * opticalSlope(x) : 0)
    } else {
      const share = smoothStep(um, 0.3, 0.33)
      const bluer = 1 - share
      intercept = share * opticalIntercept(x) + bluer * ultraviolet(x, 0.81297, 0.2775, 1.06295, 0.11303)
      slope = share * opticalSlope(x) + bluer * ultraviolet(x, -2.97868, 1.89808, 3.10334, 0.65484)
    }
    out[0] = (intercept - slope / MEAN_RV) / NORMALIZATION
    out[1] = slope / NORMALIZATION
    out[2] = 0
    out[3] = 0
  },
}
