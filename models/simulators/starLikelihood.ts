// How probable measurements are of a star of known parameters: an average over what the pilot draws besides and nobody asks for.
import { loggDex, logRadiusRsun, starClasses } from '../../schemas/index.ts'
import { indexAbove, indexAt, type Rng } from '../math/rng.ts'
import { logNormal, logSumExp, normalCdf } from '../math/special.ts'
import { modelObservables } from '../tokens/layout.ts'
import { addDistance } from './forward/observableBands.ts'
import { blendedRatio, createStarShine, shineSlot, shineSlotCount } from './forward/starShine.ts'
import { nebularMean, variabilityMag } from './forward/starSurroundings.ts'
import { companionsInto, galaxySlot, galaxySlotCount } from './galaxy/starSource.ts'
import { atmosphereFamilies } from './photosphere/atmosphere.ts'
import { extinctionLawNames } from './photosphere/extinctionLaws.ts'
import { drawRv, pilotPrior } from './prior.ts'
import type { PriorAt } from './priorDensity.ts'
import { errorTable, lookUp } from './surveys/errorCurve.ts'
import { nebulaScaleMag, nebulaShare, spuriousDensity } from './surveys/spuriousDetections.ts'
import {
  bandRows,
  gaiaFacts,
  type SurveyName,
  surveyNames,
  surveyObservables,
  surveyRows,
} from './surveys/surveyFacts.ts'
import { observableIndex, surveyOf } from './surveys/tableGaps.ts'

/** Measurements over `modelObservables`, with the errors that surveys state. */
export interface Measurements {
  readonly values: ArrayLike<number>
  readonly errs: ArrayLike<number>
  /** 1 where measured. */
  readonly present: ArrayLike<number>
}

export interface StarLikelihood {
  /**
   * Natural log of an average over so many draws of the nuisances: of the atmosphere, extinction law, R_V, colours of cool dwarfs,
   * companions and disk. The average has no bias, its logarithm has. That nothing is missing by chance of the star is taken for granted.
   *
   * @param parameters [7] in the order of `parameterNames`
   * @param prior of these parameters, by `PriorDensity`: it tells the families of tracks, for companions
   * @param classIndex of `starClasses`
   */
  logMean(
    measured: Measurements,
    parameters: ArrayLike<number>,
    prior: PriorAt,
    classIndex: number,
    count: number,
    rng: Rng,
  ): number
}

const DISK = starClasses.indexOf('youngDisk')
const MAG_PER_LN = 2.5 / Math.LN10
const surveys: readonly SurveyName[] = ['gaia', 'twoMass', 'allWise']
const places = modelObservables.map(observableIndex)
const PARALLAX = modelObservables.indexOf('parallaxMas')
const BP = modelObservables.indexOf('bpMag')
/** Bands of which a detection may be something else than the star, in the order of `spuriousBands`. */
const spurious = ['w3Mag', 'w4Mag'].map(name => (modelObservables as readonly string[]).indexOf(name))
const errorTables = places.map(k => errorTable(bandRows[k]))
const floors = pilotPrior.errFloors

/**
 * Natural log of the density of measured magnitudes, given the true ones.
 *
 * Noise is normal in flux. A survey that looks once sees all its bands brighter or fainter by one draw of the star's variation, which is
 * integrated over, but in W3 and W4, where it is taken band by band.
 *
 * @param mags [11] true values in the order of `modelObservables`
 */
export function logPhotometry(
  { values, errs, present }: Measurements,
  mags: ArrayLike<number>,
  classIndex: number,
  logAgeYr: number,
): number {
  let sum = 0
  for (const survey of surveys) {
    const row = surveyRows[surveyNames.indexOf(survey)]
    const variation = row.isSingleEpoch ? variabilityMag[classIndex] / MAG_PER_LN : 0
    let [squares, common, crossed] = [0, 0, 0]
    for (let o = 0; o < places.length; o++) {
      if (o === PARALLAX || present[o] === 0 || surveyNames[surveyOf[places[o]]] !== survey) continue
      // Everything in units of the measured flux.
      const flux = 10 ** (-0.4 * (mags[o] - values[o]))
      const sd = Math.hypot(errs[o] / MAG_PER_LN, (floors[o] / MAG_PER_LN) * flux)
      const band = spurious.indexOf(o)
      if (band >= 0) {
        const own = logNormal(1, flux, Math.hypot(sd, variation * flux)) - Math.log(MAG_PER_LN)
        sum += logMaySpurious(
          own,
          o,
          band,
          values[o],
          errs[o],
          mags[o],
          nebulaShare * nebularMean(classIndex, logAgeYr, nebulaScaleMag),
        )
        continue
      }
      const pull = (1 - flux) / sd
      squares += pull * pull
      sum += -Math.log(sd * MAG_PER_LN) - 0.5 * Math.log(2 * Math.PI)
      const load = (variation * flux) / sd
      common += load * load
      crossed += load * pull
    }
    // A covariance of the unit matrix and one common direction, by Sherman and Morrison.
    sum += -0.5 * squares + (0.5 * crossed * crossed) / (1 + common) - 0.5 * Math.log(1 + common)
  }
  return sum
}

/** Spread of the stated errors of W3 and W4 about their curve, dex, with what crowds and nebulae add. */
const ERROR_SPREAD_DEX = 0.13

/** Of the star's own light, or of something else where its own is too faint: the stated error tells them apart too. */
function logMaySpurious(
  own: number,
  o: number,
  band: number,
  value: number,
  err: number,
  mag: number,
  nebular: number,
): number {
  const stated = logNormal(Math.log10(err), Math.log10(lookUp(errorTables[o], value)), ERROR_SPREAD_DEX)
  const snr = MAG_PER_LN / lookUp(errorTables[o], mag)
  const unseen = normalCdf(surveyRows[surveyOf[places[o]]].minSnr - snr)
  return logSumExp([own + stated, Math.log(unseen * spuriousDensity(band, nebular, value, err))])
}

/** @throws RangeError when a table of the grids is broken */
export function createStarLikelihood(): StarLikelihood {
  const { tracks, atmospheres, laws } = pilotPrior
  // R_V and the families are drawn here.
  const extinction = { laws, rv: { law: 'fixed', value: pilotPrior.rv.mean } } as const
  const shine = createStarShine({ tracks, atmospheres, extinction }, surveys)
  const atmosphereShares = atmosphereFamilies.map(name => atmospheres[name])
  const lawShares = extinctionLawNames.map(name => (laws as Readonly<Record<string, number>>)[name] ?? 0)
  const star = new Float64Array(galaxySlotCount)
  const body = new Float64Array(shineSlotCount)
  const truths = new Float64Array(surveyObservables.length)
  const mags = new Float64Array(modelObservables.length)

  /** Magnitudes of a draw of the nuisances; false where there is no such star. */
  function drawMags(families: Float64Array, classIndex: number, rng: Rng): boolean {
    companionsInto(rng, star)
    body[shineSlot.companionRatio] = blendedRatio(star)
    body[shineSlot.family] = indexAbove(families, rng.uniform() * families[families.length - 1])
    body[shineSlot.atmosphere] = indexAt(atmosphereShares, rng.uniform())
    body[shineSlot.law] = indexAt(lawShares, rng.uniform())
    const [least, most] = pilotPrior.coolDefect
    body[shineSlot.coolDefect] = least + rng.uniform() * (most - least)
    body[shineSlot.rv] = drawRv(starClasses[classIndex].startsWith('young'), rng)
    if (!shine.magnitudesInto(star, body, classIndex === DISK, rng, truths)) return false
    addDistance(star[galaxySlot.distancePc], truths)
    for (let o = 0; o < mags.length; o++) mags[o] = truths[places[o]]
    mags[BP] = -2.5 * Math.log10(10 ** (-0.4 * mags[BP]) + 10 ** (-0.4 * gaiaFacts.bpBias.meanMag))
    return true
  }

  return {
    logMean(measured, parameters, prior, classIndex, count, rng) {
      const [logAge, logMass, feh, logTeff, logLuminosity, av, logDistance] = Array.from(parameters)
      star.fill(0)
      star[galaxySlot.logAgeYr] = logAge
      star[galaxySlot.logMassMsun] = logMass
      star[galaxySlot.fehDex] = feh
      star[galaxySlot.avMag] = av
      star[galaxySlot.distancePc] = 10 ** logDistance
      const logRadius = logRadiusRsun(logLuminosity, logTeff)
      body[shineSlot.logTeffK] = logTeff
      body[shineSlot.logLuminosityLsun] = logLuminosity
      body[shineSlot.logRadiusRsun] = logRadius
      body[shineSlot.loggDex] = loggDex(prior.presentLogMassMsun, logRadius)
      const families = prior.families.slice()
      for (let f = 1; f < families.length; f++) families[f] += families[f - 1]
      const logs = Float64Array.from({ length: count }, () =>
        drawMags(families, classIndex, rng) ? logPhotometry(measured, mags, classIndex, logAge) : -Infinity,
      )
      const { values, errs, present } = measured
      const ofParallax =
        present[PARALLAX] === 1
          ? logNormal(values[PARALLAX], 10 ** (3 - logDistance), Math.hypot(errs[PARALLAX], floors[PARALLAX]))
          : 0
      return logSumExp(logs) - Math.log(count) + ofParallax
    },
  }
}
