// What surveys make of a star: noise that follows magnitude, limits, saturation, and gaps as they really occur.
import { placeOn } from '../math/grid.ts'
import type { Rng } from '../math/rng.ts'
import { modelObservables } from '../tokens/layout.ts'

/** Of the hot loop's arrays: the parallax, then the ten bands. */
const COUNT = modelObservables.length
const GAIA = [0, 1, 2, 3]
const TWO_MASS = [4, 5, 6]
const WISE = [7, 8, 9, 10]
const PARALLAX = 0
const BP = 2
const J = 4
const KS = 6
const W3 = 9
const W4 = 10

interface NoiseCurve {
  /** Magnitudes of the nodes; for the parallax these are G. */
  readonly mag: Float64Array
  /** log10 of the median reported error at the nodes. */
  readonly logError: Float64Array
  /** Spread of the reported error, dex. */
  readonly spreadDex: number
  /** What the reported error leaves out, added in quadrature to the noise. */
  readonly floor: number
}

const curve = (spreadDex: number, floor: number, nodes: readonly (readonly [number, number])[]): NoiseCurve => ({
  mag: Float64Array.from(nodes, n => n[0]),
  logError: Float64Array.from(nodes, n => Math.log10(n[1])),
  spreadDex,
  floor,
})

// Median errors of Gaia DR3, the 2MASS point-source catalogue and AllWISE, read off published tables of open clusters and of
// bright stars; they agree with Lindegren+ 2021, Riello+ 2021, Skrutskie+ 2006 and the AllWISE supplement. The floors stand for
// zero points, colour terms of the model spectra and crowding. A curve for each of `modelObservables`.
// biome-ignore format: one curve a line reads as the table it is
export const noiseCurves: readonly NoiseCurve[] = [
  curve(0.12, 0.015, [[3, 0.12], [6, 0.05], [9, 0.021], [13.5, 0.018], [14.5, 0.025], [15.5, 0.041], [16.5, 0.066], [17.5, 0.115], [18.5, 0.2], [19.5, 0.36], [20.5, 0.8], [21, 1.3]]),
  curve(0.2, 0.02, [[3, 0.002], [6, 0.0004], [9, 0.0003], [13, 0.0005], [15, 0.0007], [17, 0.0013], [19, 0.0024], [20, 0.004], [21, 0.012]]),
  curve(0.18, 0.03, [[3, 0.003], [6, 0.0008], [9, 0.0006], [12, 0.0017], [14, 0.0019], [15.5, 0.0028], [16.5, 0.0053], [17.5, 0.0095], [18.5, 0.021], [19.5, 0.044], [20.5, 0.09], [21.5, 0.15], [24, 0.4]]),
  curve(0.18, 0.02, [[3, 0.003], [6, 0.0007], [9, 0.0005], [12, 0.0013], [14, 0.0017], [15.5, 0.0035], [16.5, 0.006], [17.5, 0.012], [18.5, 0.022], [19.5, 0.05], [21, 0.15]]),
  curve(0.05, 0.025, [[-2, 0.25], [4.5, 0.25], [5.5, 0.024], [7, 0.022], [13, 0.023], [14, 0.027], [14.5, 0.031], [15.5, 0.055], [16.5, 0.105], [17.5, 0.24], [18.5, 0.5]]),
  curve(0.06, 0.025, [[-2, 0.2], [4, 0.21], [5.5, 0.024], [7, 0.026], [12, 0.023], [13, 0.027], [13.5, 0.031], [14.5, 0.049], [15.5, 0.1], [16.5, 0.22], [17.5, 0.5]]),
  curve(0.05, 0.025, [[-2, 0.22], [3.8, 0.25], [5, 0.022], [7, 0.021], [12, 0.021], [13, 0.027], [13.5, 0.035], [14.5, 0.067], [15.5, 0.14], [16.5, 0.33], [17.5, 0.7]]),
  curve(0.03, 0.03, [[1, 0.5], [3.5, 0.42], [4.5, 0.25], [5.5, 0.145], [6.5, 0.08], [7.5, 0.028], [8.5, 0.023], [12.5, 0.023], [13.5, 0.025], [14.5, 0.03], [15.5, 0.042], [16.5, 0.085], [17.5, 0.2], [18.5, 0.5]]),
  curve(0.04, 0.03, [[1, 0.5], [2.5, 0.45], [3.5, 0.27], [4.5, 0.12], [5.5, 0.057], [6.5, 0.022], [10, 0.02], [11.5, 0.022], [12.5, 0.025], [13.5, 0.034], [14.5, 0.057], [15.5, 0.11], [16.5, 0.26], [17.5, 0.6]]),
  curve(0.08, 0.04, [[-3, 0.3], [0.5, 0.09], [1.5, 0.024], [2.5, 0.013], [4.5, 0.015], [6.5, 0.018], [7.5, 0.022], [8.5, 0.031], [9.5, 0.05], [10.5, 0.1], [11.5, 0.22], [12.2, 0.4], [12.6, 0.56], [13.5, 1.2]]),
  curve(0.1, 0.05, [[-4, 0.1], [0.5, 0.0135], [1.5, 0.016], [3.5, 0.022], [4.5, 0.028], [5.5, 0.044], [6.5, 0.078], [7.5, 0.18], [8.5, 0.4], [9, 0.62], [10, 1.5]]),
]

/** Chances and limits of the surveys. */
export const surveyLimits = {
  gaia: {
    brightMag: 2.5,
    fullMag: 20.4,
    endMag: 21,
    noParallax: 0.02,
    noParallaxFaint: 0.12,
    faintMag: 20,
    noBpRp: 0.01,
    noBpRpFaint: 0.1,
  },
  /**
   * Gaia drops epochs of tiny BP flux, so the mean BP of faint red stars is too bright (Riello+ 2021, section 8.1): as if light of a
   * magnitude drawn from this normal were added.
   */
  bpBias: { mean: 21.9, sigma: 0.4, endMag: 25 },
  /** A survey's whole entry is missing (crowding, blends, no counterpart) with this probability; young stars lie in crowds. */
  wholeMissing: { twoMass: 0.03, wise: 0.1, wiseYoung: 0.18 },
  /** Reported errors above these mean an upper limit, which is missing here. */
  maxError: { twoMass: 0.3, wiseShort: 0.35, wiseLong: 0.54 },
  /** Brighter than these nothing is measured, not even on the wings of a saturated image. */
  bright: { twoMass: -4, wiseShort: -2.5, w3: -4, w4: -6 },
  /** Depth of W3 and W4 varies over the sky (mag), and nebulae lift the background of young stars. */
  depthSigmaMag: 0.25,
  nebulaShare: 0.5,
  nebulaMeanMag: 1.2,
  /** W3, W4 detections that are not the star: probability where the star itself is too faint; magnitudes and errors near the limit. */
  spurious: { w3: 0.04, w4: 0.02, young: 3.5, w3Mag: [11.9, 0.6], w4Mag: [8.5, 0.4], error: [0.32, 0.12] },
  /** Stars vary between the epochs of surveys: spread in mag, by class (disk, diskless, main sequence, giant). */
  variabilityMag: [0.12, 0.04, 0.005, 0.01],
} as const

const ALL = modelObservables.map((_, k) => k)

/**
 * Gaps added on top of the natural ones, so that every subset a stream may hold is met in training: a published table
 * carries some surveys, and of a survey often only some columns. Probabilities sum to 1; null keeps a random subset.
 */
export const dropPatterns: readonly { name: string; share: number; keeps: readonly number[] | null }[] = [
  { name: 'none', share: 0.3, keeps: ALL },
  { name: 'gaiaOnly', share: 0.12, keeps: GAIA },
  { name: 'gaiaTwoMass', share: 0.12, keeps: [...GAIA, ...TWO_MASS] },
  { name: 'gaiaKs', share: 0.1, keeps: [...GAIA, KS] },
  { name: 'gaiaJKs', share: 0.05, keeps: [...GAIA, J, KS] },
  { name: 'gaiaWise', share: 0.04, keeps: [...GAIA, ...WISE] },
  { name: 'twoMassWise', share: 0.06, keeps: [...TWO_MASS, ...WISE] },
  { name: 'twoMassOnly', share: 0.02, keeps: TWO_MASS },
  { name: 'wiseOnly', share: 0.01, keeps: WISE },
  { name: 'noLongWise', share: 0.06, keeps: ALL.filter(k => k !== W3 && k !== W4) },
  { name: 'random', share: 0.12, keeps: null },
]

/** Columns that tables lack whatever else they carry: probability of each, on top of a pattern. */
export const columnGaps = { parallaxMas: 0.25, bpMag: 0.14 } as const

export type MissingMode =
  /** Natural gaps, then a pattern of `dropPatterns`. */
  | 'mixed'
  /** Natural gaps only. */
  | 'natural'
  /** Only stars that every survey measures in every band. */
  | 'none'

export interface SurveyDraw {
  /** [11] as measured, 0 where absent. */
  readonly values: Float64Array
  /** [11] reported errors, 0 where absent. */
  readonly errors: Float64Array
  /** [11] 1 where present. */
  readonly present: Uint8Array
  /** [11] 1 where a W3 or W4 detection is not the star. */
  readonly spurious: Uint8Array
  /** [3] offset of each survey's epoch by variability: Gaia, 2MASS, WISE. */
  readonly epochMag: Float64Array
}

/** Room for one star's measurements, used again for the next. */
export function createSurveyDraw(): SurveyDraw {
  return {
    values: new Float64Array(COUNT),
    errors: new Float64Array(COUNT),
    present: new Uint8Array(COUNT),
    spurious: new Uint8Array(COUNT),
    epochMag: new Float64Array(3),
  }
}

/** Median reported error of an observable at a magnitude (G for the parallax); the end nodes hold beyond the ends. */
export function medianError(observable: number, mag: number): number {
  const { mag: nodes, logError } = noiseCurves[observable]
  const place = placeOn(nodes, Math.min(nodes[nodes.length - 1], Math.max(nodes[0], mag)))
  const low = Math.min(Math.floor(place), nodes.length - 2)
  return 10 ** (logError[low] + (logError[low + 1] - logError[low]) * (place - low))
}

/**
 * One star as the surveys report it.
 *
 * @param truths [11] noiseless values in the order of `modelObservables`
 * @param isYoung, classIndex set crowding, nebulae and variability
 * @returns false when the star is in no survey (or, for mode `none`, not complete): draw another star
 */
export function observeInto(
  truths: Float64Array,
  isYoung: boolean,
  classIndex: number,
  mode: MissingMode,
  rng: Rng,
  out: SurveyDraw,
): boolean {
  const limits = surveyLimits
  const isComplete = mode === 'none'
  out.present.fill(0)
  out.spurious.fill(0)
  const spreadMag = limits.variabilityMag[classIndex]
  for (let s = 0; s < 3; s++) out.epochMag[s] = s === 0 ? 0 : spreadMag * rng.normal()

  const g = truths[1]
  const { brightMag, fullMag, endMag } = limits.gaia
  if (g > brightMag && rng.uniform() < (endMag - g) / (endMag - fullMag)) {
    out.present[1] = 1
    const isFaint = g > limits.gaia.faintMag
    if (isComplete || rng.uniform() > (isFaint ? limits.gaia.noParallaxFaint : limits.gaia.noParallax))
      out.present[0] = 1
    if (isComplete || rng.uniform() > (isFaint ? limits.gaia.noBpRpFaint : limits.gaia.noBpRp)) {
      out.present[2] = truths[2] < limits.bpBias.endMag ? 1 : 0
      out.present[3] = 1
    }
  }
  const hasTwoMass = isComplete || rng.uniform() > limits.wholeMissing.twoMass
  const wiseGap = isYoung ? limits.wholeMissing.wiseYoung : limits.wholeMissing.wise
  const hasWise = isComplete || rng.uniform() > wiseGap
  // Depth is the survey's at that place of the sky: one draw for both long bands.
  let depthMag = limits.depthSigmaMag * rng.normal()
  if (isYoung && rng.uniform() < limits.nebulaShare) depthMag += -limits.nebulaMeanMag * Math.log(rng.uniform())

  for (let k = 0; k < COUNT; k++) {
    const isLong = k === W3 || k === W4
    // Noise follows what arrives: the star at the survey's epoch.
    const epoch = k >= 7 ? out.epochMag[2] : k >= 4 ? out.epochMag[1] : 0
    const truth = k === BP ? addBpBias(truths[k], rng) : truths[k] + epoch
    const { spreadDex, floor } = noiseCurves[k]
    const error = medianError(k, k === 0 ? g : truth + (isLong ? depthMag : 0)) * 10 ** (spreadDex * rng.normal())
    out.errors[k] = error
    out.values[k] = truth + Math.sqrt(error * error + floor * floor) * rng.normal()
    if (k >= 4) out.present[k] = (k >= 7 ? hasWise : hasTwoMass) && isMeasured(k, truth, error) ? 1 : 0
  }
  // A source that WISE does not find in its short bands is not in its catalogue at all.
  if (!out.present[7] && !out.present[8]) out.present[W3] = out.present[W4] = 0
  else if (!isComplete) drawSpurious(isYoung, rng, out)

  if (isComplete) return out.present.every(p => p === 1)
  if (!out.present.some(p => p === 1)) return false
  if (mode === 'mixed') dropSome(rng, out.present)
  for (let k = 0; k < COUNT; k++) {
    if (out.present[k]) continue
    out.values[k] = 0
    out.errors[k] = 0
    out.spurious[k] = 0
  }
  return true
}

function addBpBias(mag: number, rng: Rng): number {
  const { mean, sigma } = surveyLimits.bpBias
  const added = mean + sigma * rng.normal()
  return -2.5 * Math.log10(10 ** (-0.4 * mag) + 10 ** (-0.4 * added))
}

function isMeasured(observable: number, mag: number, error: number): boolean {
  const { maxError, bright } = surveyLimits
  if (observable < 7) return mag > bright.twoMass && maxError.twoMass > error
  if (observable < W3) return mag > bright.wiseShort && maxError.wiseShort > error
  return mag > (observable === W3 ? bright.w3 : bright.w4) && maxError.wiseLong > error
}

function drawSpurious(isYoung: boolean, rng: Rng, out: SurveyDraw): void {
  const { w3, w4, young, w3Mag, w4Mag, error } = surveyLimits.spurious
  for (const k of [W3, W4]) {
    if (out.present[k]) continue
    const [mean, sigma] = k === W3 ? w3Mag : w4Mag
    if (rng.uniform() >= (k === W3 ? w3 : w4) * (isYoung ? young : 1)) continue
    out.present[k] = 1
    out.spurious[k] = 1
    out.values[k] = mean + sigma * rng.normal()
    out.errors[k] = Math.min(surveyLimits.maxError.wiseLong, Math.max(0.08, error[0] + error[1] * rng.normal()))
  }
}

const kept = new Uint8Array(COUNT)

/** Applies one pattern and the gaps of columns; where nothing would be left the natural gaps stay. */
function dropSome(rng: Rng, present: Uint8Array): void {
  let u = rng.uniform()
  const pattern = dropPatterns.find(({ share }) => {
    u -= share
    return u < 0
  })
  if (pattern?.keeps === null) {
    const dropShare = 0.7 * rng.uniform()
    for (let k = 0; k < COUNT; k++) kept[k] = rng.uniform() < dropShare ? 0 : 1
  } else {
    kept.fill(0)
    for (const k of pattern?.keeps ?? ALL) kept[k] = 1
  }
  if (rng.uniform() < columnGaps.parallaxMas) kept[PARALLAX] = 0
  if (rng.uniform() < columnGaps.bpMag) kept[BP] = 0
  if (!kept.some((keep, k) => keep === 1 && present[k] === 1)) return
  for (let k = 0; k < COUNT; k++) present[k] &= kept[k]
}
