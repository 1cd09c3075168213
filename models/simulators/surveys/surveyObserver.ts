// One star as the surveys report it: who finds it, each measurement with its error, limits and gaps.
import { fillNormals } from '../../math/normals.ts'
import type { Rng } from '../../math/rng.ts'
import { probit } from '../../math/special.ts'
import { type CurveTable, errorTable, lookUp, shareFound, tabulate } from './errorCurve.ts'
import type { SkyPlace } from './skyPlace.ts'
import { drawSpurious } from './spuriousDetections.ts'
import {
  type BandRow,
  bandRows,
  crowdedLogDensity,
  gaiaFacts,
  type LimitCurve,
  sdssSoftening,
  surveyNames,
  surveyObservables,
  surveyRows,
} from './surveyFacts.ts'
import { checkSurveyOptions } from './surveyOptions.ts'
import { drawTableInto, observableIndex, surveyOf } from './tableGaps.ts'

const COUNT = surveyObservables.length
const SURVEYS = surveyNames.length
const GAIA = surveyNames.indexOf('gaia')
const ALL_WISE = surveyNames.indexOf('allWise')
const [G, BP, RP, W3, W4, SDSS_U] = ['gMag', 'bpMag', 'rpMag', 'w3Mag', 'w4Mag', 'sdssUMag'].map(observableIndex)
/** Parallax and the two motions come first. */
const ASTROMETRY = 3
/** Magnitudes per unit of relative error. */
const MAG_PER_LN = 2.5 / Math.LN10
/** Brighter stars have large errors from the wings of a saturated image, not from the sky: they are measured all the same. */
const BRIGHT_MAG = 6
/** No survey has light of fainter stars: what is measured is the sky, as of this magnitude. The tables of errors end a little beyond. */
const DARK_MAG = 30
/** 95% confidence, as AllWISE and 2MASS state it: two sigma above what was measured. */
const LIMIT_SIGMAS = 2
/** Stars with G < 20 thin out by this much a magnitude towards bright ones (dex). */
const COUNTS_DEX_PER_MAG = 0.3
const ARCSEC2_PER_DEG2 = 3600 ** 2
/** Reported errors spread by a factor from this many equally likely ones. */
const SPREAD_STEPS = 256

/** What became of an observable. */
export const measureStates = { absent: 0, measured: 1, limit: 2 } as const

/** What the surveys meet besides the star's light. */
export interface SurveyContext {
  readonly place: SkyPlace
  /** Amplitude (1 sigma) of the star's own variation, mag. */
  readonly variabilityMag: number
  /** Motion of the photocentre about its mean, root mean square, mas; 0 lets `hasOrbits` draw it. */
  readonly wobbleMas: number
}

export interface SurveyDraws {
  /** [28] as reported; 0 where absent; for an upper limit the magnitude that the star is fainter than. */
  readonly values: Float64Array
  /** [28] 1-sigma errors as reported; 0 where absent and for a limit. */
  readonly errors: Float64Array
  /** [28] of `measureStates`. */
  readonly states: Uint8Array
  /** [28] 1 where a W3 or W4 is not the star. */
  readonly spurious: Uint8Array
  /** [7] 1 where the survey has an entry of the star. */
  readonly entries: Uint8Array
  /** Quality of Gaia's single-star solution; 0 without one. */
  ruwe: number
}

/** Room for one star, used again for the next. */
export function createSurveyDraws(): SurveyDraws {
  return {
    values: new Float64Array(COUNT),
    errors: new Float64Array(COUNT),
    states: new Uint8Array(COUNT),
    spurious: new Uint8Array(COUNT),
    entries: new Uint8Array(SURVEYS),
    ruwe: 0,
  }
}

export interface SurveyObserver {
  /**
   * Observes one star. The star's random numbers come from `rng`, so a star never depends on its batch.
   *
   * @param truths [28] noiseless values in the order of `surveyObservables`, in each survey's own system; an observable that is not
   *   finite (outside a model's range) is not observed
   * @returns false when no survey has the star (for gaps `complete`: when any is lacking), and `out` is then of no use
   */
  observeInto(truths: Float64Array, context: SurveyContext, rng: Rng, out: SurveyDraws): boolean
}

/**
 * The surveys of the forward model as one function.
 *
 * Noise is drawn in flux, so faint magnitudes are skewed and their errors follow what was measured, as in the tables of surveys. A
 * brighter neighbour, drawn once from the star density, hides the star from every survey that cannot tell the two apart, so gaps
 * of surveys come together as in real tables.
 *
 * @param options see `SurveyOptions`; what is left out has its default
 * @throws FusionError CONFIG_INVALID when the options do not hold
 */
export function createSurveyObserver(options: Readonly<Record<string, unknown>> = {}): SurveyObserver {
  const { surveys, gaps, hasFloors, hasLimits, hasSpurious, hasScatter, hasOrbits } = checkSurveyOptions(options)
  const isOn = Uint8Array.from(surveyNames, name => (surveys.includes(name) ? 1 : 0))
  const isComplete = gaps === 'complete'
  const sigmas = bandRows.map(errorTable)
  const found = bandRows.map(({ found: curve }) => (curve ? tabulate(mag => shareFound(curve, mag)) : null))
  const kept = bandRows.map(({ bright: curve }) => tabulate(mag => (curve ? keptShare(curve, mag) : 1)))
  const spreads = bandRows.map(spreadTable)
  const floors = Float64Array.from(bandRows, row => (hasFloors ? row.floor : 0))
  const noAstrometry = riseTable(gaiaFacts.noAstrometry)
  const noBpRp = riseTable(gaiaFacts.noBpRp)
  const noise = new Float32Array(COUNT)
  const spreadSteps = new Uint8Array(COUNT)
  const floorNoise = new Float32Array(COUNT)
  const epochNoise = new Float32Array(SURVEYS)
  const seeing = new Float64Array(SURVEYS)
  const losses = new Float64Array(COUNT)
  const mags = new Float64Array(COUNT)
  const table = new Uint8Array(COUNT)
  const knot = { mag: 0, error: 0 }

  /** Magnitudes at the surveys' epochs, and the depth that crowds and nebulae take. */
  function prepare(truths: Float64Array, { place, variabilityMag }: SurveyContext, rng: Rng): void {
    fillNormals(rng, noise)
    for (let k = 0, word = 0; k < COUNT; k++, word >>>= 8) {
      if (k % 4 === 0) word = rng.bits()
      spreadSteps[k] = word & (SPREAD_STEPS - 1)
    }
    if (hasFloors) fillNormals(rng, floorNoise)
    if (variabilityMag > 0) fillNormals(rng, epochNoise)
    const crowd = Math.max(0, place.logDensity - crowdedLogDensity)
    for (let k = 0; k < COUNT; k++) {
      const row = bandRows[k]
      const s = surveyOf[k]
      losses[k] = row.crowdingMag * crowd + row.nebula * place.nebulaMag + (s === ALL_WISE ? place.wiseLossMag : 0)
      mags[k] = truths[k] + floors[k] * floorNoise[k]
      if (variabilityMag > 0 && surveyRows[s].isSingleEpoch) mags[k] += variabilityMag * epochNoise[s]
    }
  }

  /** Which surveys have an entry at all; the distance of the next brighter star, arcsec. */
  function findEntries(truths: Float64Array, place: SkyPlace, rng: Rng, entries: Uint8Array): number {
    // Where a model has no G the star is taken as faint: most neighbours are then brighter.
    const gMag = Number.isFinite(truths[G]) ? truths[G] : 20
    const perArcsec2 = 10 ** (place.logDensity + COUNTS_DEX_PER_MAG * (Math.min(gMag, 21) - 20)) / ARCSEC2_PER_DEG2
    const neighbourArcsec = isComplete ? 1e9 : Math.sqrt(-Math.log(rng.uniform()) / (Math.PI * perArcsec2))
    entries.fill(0)
    for (let s = 0; s < SURVEYS; s++) {
      const gap = rng.uniform()
      if (!isOn[s] || (!place.covered[s] && !isComplete)) continue
      const { resolutionArcsec, gapShare } = surveyRows[s]
      if (isComplete || (neighbourArcsec > resolutionArcsec && gap > gapShare)) entries[s] = 1
    }
    return neighbourArcsec
  }

  function measure(k: number, out: SurveyDraws): void {
    const row = surveyRows[surveyOf[k]]
    const mag = Math.min(mags[k], DARK_MAG)
    const sigma = (lookUp(sigmas[k], mag + losses[k]) / MAG_PER_LN) * spreads[k][spreadSteps[k]]
    const flux = mag < BRIGHT_MAG ? Math.max(sigma / 2, 1 + sigma * noise[k]) : 1 + sigma * noise[k]
    if (k >= SDSS_U) {
      const soft = 2 * sdssSoftening[k - SDSS_U] * 10 ** (0.4 * mag)
      out.values[k] = mag - MAG_PER_LN * (Math.asinh(flux / soft) + Math.log(soft / 2))
      out.errors[k] = (MAG_PER_LN * sigma) / Math.hypot(soft, flux)
      out.states[k] = 1
    } else if (flux > row.minSnr * sigma || mag < BRIGHT_MAG) {
      out.values[k] = mag - MAG_PER_LN * Math.log(flux)
      out.errors[k] = (MAG_PER_LN * sigma) / flux
      out.states[k] = 1
    } else if (row.below === 'limit' && hasLimits) {
      out.values[k] = mag - MAG_PER_LN * Math.log(Math.max(0, flux) + LIMIT_SIGMAS * sigma)
      out.states[k] = 2
    }
  }

  function observeGaia(
    truths: Float64Array,
    context: SurveyContext,
    neighbourArcsec: number,
    rng: Rng,
    out: SurveyDraws,
  ) {
    const { noBpRp: colours, bpBias, transits, perTransitG, ruwe: single, alongScanOverParallax } = gaiaFacts
    const { place } = context
    const variabilityMag = hasScatter ? context.variabilityMag : 0
    const gMag = mags[G]
    const spread = spreads[0][spreadSteps[0]]
    const hasAstrometry = rng.uniform() >= lookUp(noAstrometry, gMag)
    const hasColours = rng.uniform() >= lookUp(noBpRp, gMag) && neighbourArcsec > colours.blendArcsec
    measureGaiaMag(G, gMag, variabilityMag / Math.sqrt(transits * perTransitG), out)
    if (isComplete || hasColours) {
      const scatterMag = variabilityMag / Math.sqrt(transits)
      // Far beyond the end no transit has enough light in BP.
      const bpMag =
        truths[BP] < bpBias.endMag ? addLight(mags[BP], bpBias.meanMag + bpBias.sigmaMag * rng.normal()) : NaN
      measureGaiaMag(BP, bpMag, scatterMag, out)
      measureGaiaMag(RP, mags[RP], scatterMag, out)
    }
    out.ruwe = 0
    if (!isComplete && !hasAstrometry) return
    const base = single.median * (1 + single.sigma * rng.normal())
    const parallaxErr = lookUp(sigmas[0], gMag + losses[0]) * place.gaiaFactors[0]
    out.ruwe = Math.hypot(base, context.wobbleMas / (alongScanOverParallax * parallaxErr))
    if (hasOrbits && context.wobbleMas === 0 && rng.uniform() < gaiaFacts.unresolvedOrbits.share) {
      const [low, high] = gaiaFacts.unresolvedOrbits.ruwe
      out.ruwe = Math.max(out.ruwe, low * (high / low) ** rng.uniform())
    }
    for (let k = 0; k < ASTROMETRY; k++) {
      if (!Number.isFinite(truths[k])) continue
      // The solution adds what does not fit to its errors, which grow as RUWE.
      const error = lookUp(sigmas[k], gMag + losses[k]) * place.gaiaFactors[k] * spread * Math.max(1, out.ruwe / base)
      out.errors[k] = error
      out.values[k] = mags[k] + error * noise[k]
      out.states[k] = 1
    }
  }

  /** Scatter between transits is seen, so it is part of the reported error of the mean. */
  function measureGaiaMag(k: number, mag: number, scatterMag: number, out: SurveyDraws): void {
    if (!Number.isFinite(mag)) return
    const still = lookUp(sigmas[k], mag + losses[k]) * spreads[k][spreadSteps[k]]
    const sigma = Math.hypot(still, scatterMag) / MAG_PER_LN
    // Gaia's flux is positive wherever it reports a magnitude.
    const flux = Math.max(sigma / 2, 1 + sigma * noise[k])
    out.values[k] = mag - MAG_PER_LN * Math.log(flux)
    out.errors[k] = (MAG_PER_LN * sigma) / flux
    out.states[k] = 1
  }

  /** Takes away what a table leaves out. */
  function dropSome(rng: Rng, out: SurveyDraws): void {
    drawTableInto(rng, table)
    for (let k = 0; k < COUNT; k++) if (table[k] === 0) out.states[k] = 0
  }

  return {
    observeInto(truths, context, rng, out) {
      const { place } = context
      out.states.fill(0)
      out.spurious.fill(0)
      out.ruwe = 0
      prepare(truths, context, rng)
      const neighbourArcsec = findEntries(truths, place, rng, out.entries)
      for (let s = 0; s < SURVEYS; s++) {
        const u = rng.uniform()
        // Seeing decides how bright an image may be before it saturates, and is one for the bands of a survey.
        seeing[s] = rng.uniform()
        if (out.entries[s] === 1 && !isComplete && !isFound(s, u)) out.entries[s] = 0
      }
      if (out.entries[GAIA]) observeGaia(truths, context, neighbourArcsec, rng, out)
      for (let k = RP + 1; k < COUNT; k++) {
        if (!out.entries[surveyOf[k]] || !Number.isFinite(mags[k])) continue
        const share = isComplete ? 1 : lookUp(kept[k], mags[k])
        if (share > 0.999 || seeing[surveyOf[k]] < share) measure(k, out)
      }
      if (hasSpurious && !isComplete && out.entries[ALL_WISE]) addSpurious(place.nebulaMag, rng, out)
      if (isComplete) return isWhole(out)
      if (gaps === 'tables') dropSome(rng, out)
      return clearAbsent(out)
    },
  }

  /** One chance a survey: a star that is found in one of its bands is a source. */
  function isFound(survey: number, u: number): boolean {
    for (let k = 0; k < COUNT; k++) {
      if (surveyOf[k] !== survey) continue
      const curve = found[k]
      if (curve === null || !Number.isFinite(mags[k])) continue
      const share = lookUp(curve, mags[k] + losses[k])
      // A star too bright for Gaia is not in its catalogue; other surveys keep the entry and lose the band.
      if (u < (k === G ? share * lookUp(kept[k], mags[k]) : share)) return true
    }
    return false
  }

  function addSpurious(nebulaMag: number, rng: Rng, out: SurveyDraws): void {
    for (let k = W3; k <= W4; k++) {
      if (out.states[k] === 1 || !drawSpurious(k - W3, nebulaMag, rng, knot)) continue
      out.values[k] = knot.mag
      out.errors[k] = knot.error
      out.states[k] = 1
      out.spurious[k] = 1
    }
  }

  function isWhole(out: SurveyDraws): boolean {
    for (let k = 0; k < COUNT; k++)
      if (isOn[surveyOf[k]] && out.states[k] !== 1 && Number.isFinite(mags[k])) return false
    return true
  }
}

/** Of the brightest nothing is left: where fewer than one in ten would be kept, none is. */
function keptShare(bright: LimitCurve, mag: number): number {
  const share = 1 - shareFound(bright, mag)
  return share < 0.1 ? 0 : share
}

interface Rise {
  readonly base: number
  readonly rise: number
  readonly curve: LimitCurve
}

/** A share that rises from `base` by `rise` towards faint stars. */
function riseTable({ base, rise, curve }: Rise): CurveTable {
  return tabulate(mag => base + rise * (1 - shareFound(curve, mag)))
}

/** [256] equally likely factors of a log-normal spread. */
function spreadTable({ spreadDex }: BandRow): Float64Array {
  return Float64Array.from({ length: SPREAD_STEPS }, (_, i) => 10 ** (spreadDex * probit((i + 0.5) / SPREAD_STEPS)))
}

function addLight(mag: number, addedMag: number): number {
  return -2.5 * Math.log10(10 ** (-0.4 * mag) + 10 ** (-0.4 * addedMag))
}

/** An absent observable is zero without error, a limit has no error; false where nothing is left. */
function clearAbsent(out: SurveyDraws): boolean {
  let left = 0
  for (let k = 0; k < COUNT; k++) {
    if (out.states[k] === 1) left++
    else out.errors[k] = 0
    if (out.states[k] !== 0) continue
    out.values[k] = 0
    out.spurious[k] = 0
  }
  if (out.states[0] === 0) out.ruwe = 0
  return left > 0
}
