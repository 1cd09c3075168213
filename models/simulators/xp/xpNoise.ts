// The errors of XP coefficients and how they hang together: noise on the detector, carried through the fit of the bases.
import { factorInPlace, inverseDiagonalInto, invertInto, solveUpperInPlace } from '../../math/cholesky.ts'
import type { Rng } from '../../math/rng.ts'
import { BASIS_COUNT, type XpBand, xpBands } from './xpBases.ts'
import { detectorMatrix } from './xpCalibration.ts'

/** Exposure of one passage over a CCD, without gates. */
const EXPOSURE_S = 4.4167
/** Read-out and background in one sample of one transit, electrons/s: the errors of real spectra where there is no light. */
const BACKGROUND = 2.1
/**
 * Calibration of one transit, as a share of the flux, against pseudo-wavelength: the excess of the errors of the real sources
 * 5762406957886626816 and 5937083312263887616 over photons and background. The blue end of BP is the worst known.
 */
const calibrationShare = {
  bp: { pseudo: [0, 20, 25, 30, 35, 42, 48, 60], share: [0.006, 0.006, 0.008, 0.011, 0.022, 0.09, 0.13, 0.13] },
  rp: { pseudo: [0, 17, 25, 60], share: [0.0065, 0.0065, 0.002, 0.002] },
} as const
/** Gated and saturated transits agree less: up to 1% of the flux more, between these fluxes in electrons/s (G about 13 and 10). */
const BRIGHT_SHARE = 0.01
const brightFlux = [5e3, 5e4] as const
/**
 * The last coefficients are better known than samples one pixel apart can tell, since transits fall between the pixels:
 * errors of coefficients 41 to 55 as a share of what the samples give, mean of three real sources.
 */
const FIRST_SHARP = 40
const sharpness = {
  bp: [1, 0.91, 0.8, 0.9, 0.8, 0.66, 0.69, 0.7, 0.7, 0.6, 0.5, 0.5, 0.41, 0.33, 0.13],
  rp: [1, 0.93, 0.8, 0.8, 0.73, 0.66, 0.59, 0.45, 0.45, 0.45, 0.36, 0.36, 0.34, 0.19, 0.11],
} as const

/** Samples of a transit, one pixel apart. */
const WINDOW = 60
/** Places between which the weight of a sample is linear: enough for the steep ends of the bands; a multiple of four. */
const NODES = 24
const NODE_STEP = WINDOW / (NODES - 1)
const FINE_STEP = 0.5
const TRIANGLE = (BASIS_COUNT * (BASIS_COUNT + 1)) / 2

/** All numbers of the noise, for who puts the covariance together elsewhere; pixels are pseudo-wavelengths. */
export const xpNoiseFacts = {
  exposureS: EXPOSURE_S,
  backgroundElectronPerS: BACKGROUND,
  nodePixels: Array.from({ length: NODES }, (_, j) => j * NODE_STEP),
  samplePixels: Array.from({ length: WINDOW / FINE_STEP }, (_, k) => (k + 0.5) * FINE_STEP),
  samplesPerPixel: 1 / FINE_STEP,
  calibrationShare,
  brightShare: BRIGHT_SHARE,
  brightElectronPerS: brightFlux,
  sharpness: {
    bp: [...Array(FIRST_SHARP).fill(1), ...sharpness.bp],
    rp: [...Array(FIRST_SHARP).fill(1), ...sharpness.rp],
  },
}

export interface XpTransits {
  /** Transits over the focal plane that went into each mean spectrum. */
  readonly bp: number
  readonly rp: number
}

export interface XpNoise {
  /**
   * Measured coefficients and their errors; false, and nothing written that may be read, for a spectrum so unlike a star's that its
   * coefficients are left undetermined: no telescope would publish them.
   * @param truth [110] electrons/s, BP before RP
   * @param coefficients [110] receives truth and noise; @param errors [110] receives 1 sigma
   */
  observeInto(
    truth: Float64Array,
    transits: XpTransits,
    rng: Rng,
    coefficients: Float64Array,
    errors: Float64Array,
  ): boolean
  /**
   * [55][55] covariance of the coefficients of one band, the one that `observeInto` draws from.
   * @param truth [110]
   */
  covariance(band: XpBand, truth: Float64Array, transits: number): Float64Array
}

/**
 * Weights of the samples follow from the star's own spectrum, so colour and brightness shape errors and correlations.
 *
 * Accuracy: of real sources of G 13 to 18 the median error within 16%, each of the first 40 within 24% rms, correlations within 0.09 rms, in a pattern
 * that is theirs by 0.7; for Proxima Centauri (G 9, flaring) the errors come out too small by 1.4 in RP and 3.2 in BP.
 * Source: De Angeli+ 2023 for the fit.
 */
export function createXpNoise(): XpNoise {
  const detectors = xpBands.map(createDetector)
  const column = new Float64Array(BASIS_COUNT)
  return {
    observeInto(truth, transits, rng, coefficients, errors) {
      for (let b = 0; b < detectors.length; b++) {
        const from = b * BASIS_COUNT
        const { factorFor, sharp } = detectors[b]
        const factor = factorFor(truth, from, transits[xpBands[b]])
        if (factor === null) return false
        const noise = coefficients.subarray(from, from + BASIS_COUNT)
        for (let i = 0; i < BASIS_COUNT; i++) noise[i] = rng.normal()
        solveUpperInPlace(factor, BASIS_COUNT, noise)
        for (let i = 0; i < BASIS_COUNT; i++) noise[i] = truth[from + i] + sharp[i] * noise[i]
        const own = errors.subarray(from, from + BASIS_COUNT)
        inverseDiagonalInto(factor, BASIS_COUNT, own, column)
        for (let i = 0; i < BASIS_COUNT; i++) own[i] = sharp[i] * Math.sqrt(own[i])
      }
      return true
    },
    covariance(band, truth, transits) {
      const b = xpBands.indexOf(band)
      const { factorFor, sharp } = detectors[b]
      const out = new Float64Array(BASIS_COUNT * BASIS_COUNT)
      const factor = factorFor(truth, b * BASIS_COUNT, transits)
      if (factor === null)
        throw new RangeError(
          `xpNoise: ${transits} transits and such a spectrum leave the coefficients of ${band} undetermined`,
        )
      invertInto(factor, BASIS_COUNT, out)
      for (let i = 0; i < BASIS_COUNT; i++)
        for (let j = 0; j < BASIS_COUNT; j++) out[i * BASIS_COUNT + j] *= sharp[i] * sharp[j]
      return out
    },
  }
}

interface Detector {
  readonly sharp: Float64Array
  /** Cholesky factor of the precision of the coefficients, in a buffer that the next call writes over; null where there is none. */
  factorFor(truth: Float64Array, from: number, transits: number): Float64Array | null
}

function createDetector(band: XpBand): Detector {
  const nodes = Float64Array.from({ length: NODES }, (_, j) => j * NODE_STEP)
  const atNodes = detectorMatrix(band, nodes)
  const share = nodes.map(node => piecewise(calibrationShare[band].pseudo, calibrationShare[band].share, node))
  const products = productsByNode(band)
  const sharp = Float64Array.from({ length: BASIS_COUNT }, (_, i) =>
    i < FIRST_SHARP ? 1 : sharpness[band][i - FIRST_SHARP],
  )
  const flux = new Float64Array(NODES)
  const weights = new Float64Array(NODES)
  const triangle = new Float64Array(TRIANGLE)
  const factor = new Float64Array(BASIS_COUNT * BASIS_COUNT)

  function factorFor(truth: Float64Array, from: number, transits: number): Float64Array | null {
    flux.fill(0)
    for (let i = 0; i < BASIS_COUNT; i++) {
      const c = truth[from + i]
      for (let j = 0; j < NODES; j++) flux[j] += c * atNodes[i * NODES + j]
    }
    let peak = 0
    for (let j = 0; j < NODES; j++) peak = Math.max(peak, flux[j])
    const [low, high] = brightFlux
    const bright = BRIGHT_SHARE * Math.min(Math.max(Math.log(peak / low) / Math.log(high / low), 0), 1)
    for (let j = 0; j < NODES; j++) {
      const light = Math.max(flux[j], 0)
      const variance = light / EXPOSURE_S + BACKGROUND ** 2 + (share[j] ** 2 + bright ** 2) * light * light
      weights[j] = transits / variance
    }
    triangle.fill(0)
    // Four nodes at a time, for fewer passes over the sum.
    for (let j = 0; j < NODES; j += 4) {
      const [w0, w1, w2, w3] = weights.subarray(j, j + 4)
      const row = j * TRIANGLE
      for (let t = 0; t < TRIANGLE; t++) {
        const k = row + t
        triangle[t] +=
          w0 * products[k] +
          w1 * products[k + TRIANGLE] +
          w2 * products[k + 2 * TRIANGLE] +
          w3 * products[k + 3 * TRIANGLE]
      }
    }
    for (let i = 0, t = 0; i < BASIS_COUNT; i++)
      for (let j = 0; j <= i; j++) factor[i * BASIS_COUNT + j] = triangle[t++]
    return factorInPlace(factor, BASIS_COUNT) ? factor : null
  }
  return { sharp, factorFor }
}

/** [nodes][1540] products of two bases, summed over the samples of a transit with the weight of each node, which falls linearly to its neighbours. */
function productsByNode(band: XpBand): Float64Array {
  const count = WINDOW / FINE_STEP
  const fine = Float64Array.from({ length: count }, (_, k) => (k + 0.5) * FINE_STEP)
  const bases = detectorMatrix(band, fine)
  const products = new Float64Array(NODES * TRIANGLE)
  for (let k = 0; k < count; k++) {
    const place = fine[k] / NODE_STEP
    const node = Math.floor(place)
    for (const [j, weight] of [[node, 1 - (place - node)] as const, [node + 1, place - node] as const])
      for (let a = 0, t = j * TRIANGLE; a < BASIS_COUNT; a++)
        for (let b = 0; b <= a; b++) products[t++] += weight * FINE_STEP * bases[a * count + k] * bases[b * count + k]
  }
  return products
}

function piecewise(x: readonly number[], y: readonly number[], at: number): number {
  let k = 0
  while (k < x.length - 2 && x[k + 1] < at) k++
  return y[k] + ((y[k + 1] - y[k]) * (at - x[k])) / (x[k + 1] - x[k])
}
