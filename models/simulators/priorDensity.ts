// The pilot's prior as a density: what `drawStarInto` and the tracks draw, in closed form.
import { starClasses } from '../../schemas/index.ts'
import { logNormal, normalCdf } from '../math/special.ts'
import { diskFraction, isYoungAt, pilotPrior, YOUNG_LOG_AGE_YR } from './prior.ts'
import { evolutionFamilies } from './recipeNames.ts'
import { createStarTracks, nearestTrackFehDex, OLDEST_LOG_AGE_YR, YOUNGEST_LOG_AGE_YR } from './tracks/starTracks.ts'
import { createStellarLife, HERTZSPRUNG_GAP, phasePower, TABLE_PHASES } from './tracks/stellarLife.ts'

export interface PriorAt {
  /** [4] density of one attempt at a star of each class to be this one, in the units of the parameters. */
  readonly classes: Float64Array
  /** [families] how much each family of tracks has of it, not normalised. */
  readonly families: Float64Array
  /** log10 of the mass that is left, Msun; of no meaning where all densities are 0. */
  presentLogMassMsun: number
}

export interface PriorDensity {
  /**
   * Sums over families of tracks are exact, and integrals over their scatter; what surveys see is left out, so that an attempt may come to nothing.
   * @param parameters [7] in the order of `parameterNames`
   */
  at(parameters: ArrayLike<number>, out: PriorAt): void
}

/** Room for one answer, used again for the next. */
export function createPriorAt(): PriorAt {
  return {
    classes: new Float64Array(starClasses.length),
    families: new Float64Array(evolutionFamilies.length),
    presentLogMassMsun: 0,
  }
}

/** Of log10 mass at birth, of all but giants. */
export function massDensity(logMassMsun: number): number {
  const { minMassMsun, maxMassMsun, imfShare } = pilotPrior
  const mass = 10 ** logMassMsun
  if (!(mass >= minMassMsun && mass <= maxMassMsun)) return 0
  // Kroupa 2001: slopes 1.3 and 2.3, continuous at half a solar mass.
  const edge = 0.5
  const low = (minMassMsun ** -0.3 - edge ** -0.3) / 0.3
  const high = (edge * (edge ** -1.3 - maxMassMsun ** -1.3)) / 1.3
  const kroupa = mass < edge ? mass ** -1.3 : edge * mass ** -2.3
  return (imfShare * kroupa * mass * Math.LN10) / (low + high) + (1 - imfShare) / Math.log10(maxMassMsun / minMassMsun)
}

/** Of log10 age of the main sequence's stars. */
export function fieldAgeDensity(logAgeYr: number): number {
  const { maxLogAgeYr: oldest, constantFormationShare: constant } = pilotPrior
  if (!(logAgeYr >= YOUNG_LOG_AGE_YR && logAgeYr <= oldest)) return 0
  const evenInAge = (10 ** logAgeYr * Math.LN10) / (10 ** oldest - 10 ** YOUNG_LOG_AGE_YR)
  return constant * evenInAge + (1 - constant) / (oldest - YOUNG_LOG_AGE_YR)
}

/** Of [Fe/H]. */
export function fehDensity(fehDex: number, isYoung: boolean): number {
  const { young, field, oldShare, old, haloShare, halo, min, max } = pilotPrior.feh
  const within = ([mean, sigma]: readonly [number, number]) => densityWithin(fehDex, mean, sigma, min, max)
  if (isYoung) return within(young)
  return haloShare * within(halo) + oldShare * within(old) + (1 - haloShare - oldShare) * within(field)
}

/** Of A_V at a distance. */
export function extinctionDensity(avMag: number, logDistancePc: number, name: (typeof starClasses)[number]): number {
  const { maxAvMag } = pilotPrior
  if (!(avMag >= 0 && avMag <= maxAvMag)) return 0
  const { cloud, cloudMeanMag, laneMeanMag, laneMagPerKpc } = pilotPrior.extinction[name]
  const laneMag = laneMeanMag + laneMagPerKpc * 10 ** (logDistancePc - 3)
  const [inCloud, inLane] = [Math.exp(-avMag / cloudMeanMag), Math.exp(-avMag / laneMag)]
  const beyond = cloud * Math.exp(-maxAvMag / cloudMeanMag) + (1 - cloud) * Math.exp(-maxAvMag / laneMag)
  return ((cloud * inCloud) / cloudMeanMag + ((1 - cloud) * inLane) / laneMag) / (1 - beyond)
}

function distanceDensity(logDistancePc: number, name: string): number {
  const { young, mainSequence, giant } = pilotPrior.distance
  const { mean, sigma, min, max } = name === 'giant' ? giant : name === 'mainSequence' ? mainSequence : young
  return densityWithin(logDistancePc, mean, sigma, min, max)
}

/** @throws RangeError when a table of the grids is broken */
export function createPriorDensity(): PriorDensity {
  const tracks = createStarTracks()
  const life = createStellarLife()
  const weights = Float64Array.from(evolutionFamilies, name => weightOf(name))
  const state = new Float64Array(3)
  const ends = new Float64Array(TABLE_PHASES)

  /** Of log10 age of a giant of this mass and abundance: its phase comes first. */
  function giantAgeDensity(logAgeYr: number, logMassMsun: number, fehDex: number): number {
    const { giantPhases, giantTimeShare, maxLogAgeYr } = pilotPrior
    if (!(logAgeYr >= 0 && logAgeYr <= maxLogAgeYr)) return 0
    life.endsInto(life.fehPlace(fehDex), life.massPlace(logMassMsun), ends)
    // Place 0 is the end of the main sequence.
    const k = ends.findIndex(end => logAgeYr < end) - 1
    if (k < 0 || k >= giantPhases.length) return 0
    const [begin, end, age] = [ends[k], ends[k + 1], logAgeYr].map(log => 10 ** log)
    const power = phasePower[k + 1]
    const left = Math.max(1e-12, (end - age) / (end - begin))
    const isTimed = ends[k + 1] <= OLDEST_LOG_AGE_YR ? giantTimeShare : 0
    const even = 1 / (end - begin)
    return (
      giantPhases[k] * ((1 - giantTimeShare) * (left ** (1 / power - 1) / power) + isTimed) * even * age * Math.LN10
    )
  }

  /** Of temperature and luminosity at an age, mass and abundance. @returns the phase, -1 where no family has such a star */
  function settle(parameters: ArrayLike<number>, out: PriorAt): { phase: number; density: number } {
    const [logAge, logMass, feh, logTeff, logLuminosity] = Array.from({ length: 5 }, (_, p) => parameters[p])
    const scatter = pilotPrior.trackScatter
    let [phase, reached, sum] = [-1, 0, 0]
    out.families.fill(0)
    for (let f = 0; f < weights.length; f++) {
      if (weights[f] === 0) continue
      const found = tracks.starInto(logAge, logMass, nearestTrackFehDex(feh), f, state)
      if (found < 0) continue
      phase = found
      reached += weights[f]
      out.presentLogMassMsun = state[2]
      const isGiant = phase >= HERTZSPRUNG_GAP
      const ofTeff = logNormal(logTeff, state[0], isGiant ? scatter.giantLogTeff : scatter.logTeff)
      const width = isGiant ? scatter.giantLogLuminosity : scatter.logLuminosity
      out.families[f] = weights[f] * Math.exp(ofTeff + logNormal(logLuminosity, state[1], width))
      sum += out.families[f]
    }
    return { phase, density: sum > 0 ? sum / reached : 0 }
  }

  return {
    at(parameters, out) {
      out.classes.fill(0)
      const { phase, density } = settle(parameters, out)
      if (density === 0) return
      const [logAge, logMass, feh, , , av, logDistance] = Array.from({ length: 7 }, (_, p) => parameters[p])
      const isYoung = isYoungAt(phase, logAge)
      const birth = (name: string) => {
        if (name === 'giant') {
          const [low, high] = pilotPrior.giantMassMsun.map(Math.log10)
          if (phase < HERTZSPRUNG_GAP || logMass < low || logMass > high) return 0
          return (giantAgeDensity(logAge, logMass, feh) * fehDensity(feh, false)) / (high - low)
        }
        if (phase >= HERTZSPRUNG_GAP) return 0
        if (name === 'mainSequence') {
          return isYoung ? 0 : massDensity(logMass) * fieldAgeDensity(logAge) * fehDensity(feh, false)
        }
        if (!isYoung) return 0
        const share = name === 'youngDisk' ? diskFraction(logAge) : 1 - diskFraction(logAge)
        const ofAge = 1 / (YOUNG_LOG_AGE_YR - YOUNGEST_LOG_AGE_YR)
        return share * ofAge * massDensity(logMass) * fehDensity(feh, true)
      }
      for (const [c, name] of starClasses.entries()) {
        const born = birth(name)
        if (born === 0) continue
        out.classes[c] = born * density * distanceDensity(logDistance, name) * extinctionDensity(av, logDistance, name)
      }
    },
  }
}

function weightOf(name: string): number {
  return (pilotPrior.tracks as Readonly<Record<string, number>>)[name] ?? 0
}

/** Of a normal number that is drawn again until it lies within. */
function densityWithin(x: number, mean: number, sigma: number, min: number, max: number): number {
  if (!(x >= min && x <= max)) return 0
  return Math.exp(logNormal(x, mean, sigma)) / (normalCdf((max - mean) / sigma) - normalCdf((min - mean) / sigma))
}
