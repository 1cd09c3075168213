// What is believed of a star before any data: the explicit prior of the pilot, all its numbers in one place.
import { starClasses } from '../../schemas/index.ts'
import { indexAt, type Rng } from '../math/rng.ts'
import { type Evolution, MAX_LOG_AGE_YR, MIN_LOG_AGE_YR } from './evolution.ts'

/**
 * Classes are a function of the star: past the main sequence it is `giant`; else younger than this age it is young, `youngDisk`
 * with a disk and `youngDiskless` without; else `mainSequence`. 100 Myr is where the youngest open clusters leave the
 * pre-main-sequence lists; the brief border is a definition, not physics.
 */
export const YOUNG_LOG_AGE_YR = 8

/** Mean and spread of log10 distance in parsec, cut at both ends. */
interface LogNormalDistance {
  readonly mean: number
  readonly sigma: number
  readonly min: number
  readonly max: number
}
/** Extinction: with probability `cloud` exponential of the cloud's mean, else exponential of the lane's mean. */
interface Extinction {
  readonly cloud: number
  readonly cloudMeanMag: number
  readonly laneMeanMag: number
  /** Added to the lane's mean per kiloparsec of distance. */
  readonly laneMagPerKpc: number
}

export const pilotPrior = {
  /** Probability of each class, in the order of `starClasses`. */
  classes: [0.15, 0.35, 0.3, 0.2],
  minMassMsun: 0.1,
  maxMassMsun: 7,
  /** Share of masses drawn from Kroupa's function (slopes 1.3 and 2.3, break at 0.5 Msun); the others are uniform in log mass. */
  imfShare: 0.5,
  /** Disks: fraction of stars of an age, 0.9 exp(-age / 4 Myr). */
  diskFraction: { atBirth: 0.9, lifeYr: 4e6 },
  /** Ages of the field: uniform in age with this share, else uniform in log age; 100 Myr to 12.6 Gyr. */
  constantFormationShare: 0.5,
  maxLogAgeYr: 10.1,
  /** Giants: probability of the phases, and share drawn uniform in the phase's time rather than in the table's coordinate. */
  giantPhases: [0.22, 0.38, 0.3, 0.1],
  giantTimeShare: 0.5,
  /** Giant masses: log-uniform between these. */
  giantMassMsun: [0.8, 6],
  /** [Fe/H]: normal, cut to the range of the tables; a share of field stars is thick-disk like. */
  feh: { young: [0, 0.12], field: [-0.05, 0.2], oldShare: 0.12, old: [-0.5, 0.25], min: -1.2, max: 0.29 },
  distance: {
    young: { mean: 2.55, sigma: 0.5, min: 1.2, max: 3.8 },
    mainSequence: { mean: 2.6, sigma: 0.5, min: 0.7, max: 3.8 },
    giant: { mean: 3.0, sigma: 0.55, min: 1, max: 4.1 },
  } satisfies Record<string, LogNormalDistance>,
  extinction: {
    youngDisk: { cloud: 0.55, cloudMeanMag: 4, laneMeanMag: 0.5, laneMagPerKpc: 0.3 },
    youngDiskless: { cloud: 0.35, cloudMeanMag: 3, laneMeanMag: 0.25, laneMagPerKpc: 0.4 },
    mainSequence: { cloud: 0.12, cloudMeanMag: 3, laneMeanMag: 0.1, laneMagPerKpc: 0.6 },
    giant: { cloud: 0.15, cloudMeanMag: 4, laneMeanMag: 0.1, laneMagPerKpc: 0.5 },
  } satisfies Record<string, Extinction>,
  maxAvMag: 25,
  /** R_V: normal about 3.1; a share of young stars lies behind grown dust, uniform up to 5.5. */
  rv: { mean: 3.1, sigma: 0.15, min: 2.4, max: 5.5, grownShare: 0.2 },
  /** Strength of the cool dwarfs' colour defect (photometry.ts), uniform between these. */
  coolDefect: [0, 1.2],
  /** Unresolved companions: share of stars, mass ratio uniform between these; a companion below 0.1 Msun is dark. */
  companions: { share: 0.4, ratio: [0.1, 1] },
  /** Stars do not lie exactly on tracks: spots, rotation, magnetic fields, table errors (dex). */
  trackScatter: { logTeff: 0.006, logLuminosity: 0.02, giantLogTeff: 0.01, giantLogLuminosity: 0.05 },
  /**
   * Spots and magnetic inflation make low-mass stars cooler at one luminosity (Somers+ 2020, Feiden 2016): the baraffePisa family is
   * cooled by a uniform share of this, in full below the first mass and not above the second. PARSEC 1.2S was itself cooled to
   * meet observed dwarfs (Chen+ 2014) and is left alone.
   */
  spots: { maxLogTeff: 0.025, fullMsun: 0.8, noneMsun: 1.2 },
  /** Disk components: temperature range (K, uniform in log), mean and spread of log10 L_i / L*; a share has a cleared inner disk. */
  disk: {
    components: [
      { minK: 900, maxK: 1600, meanLog: -1.25, sigma: 0.4 },
      { minK: 300, maxK: 700, meanLog: -1.45, sigma: 0.4 },
      { minK: 80, maxK: 200, meanLog: -1.4, sigma: 0.45 },
    ],
    /** Spread common to the three, dex. */
    commonSigma: 0.25,
    clearedShare: 0.15,
    /** A cleared component keeps this share of its luminosity, 10 to the uniform exponent. */
    clearedLog: [-3, -0.7],
  },
} as const

/** Places of a star's numbers in the hot loop's array. */
export const slot = {
  logAgeYr: 0,
  logMassMsun: 1,
  fehDex: 2,
  logTeffK: 3,
  logLuminosityLsun: 4,
  avMag: 5,
  logDistancePc: 6,
  rv: 7,
  family: 8,
  atmosphere: 9,
  companionRatio: 10,
  phase: 11,
  coolDefect: 12,
} as const
export const slotCount = 13

const DISK = starClasses.indexOf('youngDisk')
const DISKLESS = starClasses.indexOf('youngDiskless')
const GIANT = starClasses.indexOf('giant')
const MAX_TRIES = 10_000

/** Index of a class drawn from the explicit prior. */
export function drawClass(rng: Rng): number {
  return indexAt(pilotPrior.classes, rng.uniform())
}

/**
 * A star of a class: everything but its photometry.
 *
 * @param star [slotCount] is filled
 * @throws RangeError when no star of the class can be drawn, which only a broken prior or table can cause
 */
export function drawStar(classIndex: number, rng: Rng, evolution: Evolution, star: Float64Array): void {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (!drawLife(classIndex, rng, evolution, star)) continue
    drawSight(classIndex, rng, star)
    return
  }
  throw new RangeError(`drawStar: no star of class ${starClasses[classIndex]} in ${MAX_TRIES} tries`)
}

const state = new Float64Array(2)

/** Age, mass, abundance, temperature, luminosity; false where the draw is not of the class and another must be made. */
function drawLife(classIndex: number, rng: Rng, evolution: Evolution, star: Float64Array): boolean {
  const prior = pilotPrior
  const isYoung = classIndex === DISK || classIndex === DISKLESS
  star[slot.family] = rng.integer(2)
  star[slot.atmosphere] = rng.integer(2)
  const fehDex = drawFeh(isYoung, rng)
  let logMass: number
  let logAge: number
  if (classIndex === GIANT) {
    const [low, high] = prior.giantMassMsun
    logMass = Math.log10(low) + rng.uniform() * Math.log10(high / low)
    const phase = 2 + indexAt(prior.giantPhases, rng.uniform())
    const isTimed = rng.uniform() < prior.giantTimeShare
    logAge = giantLogAge(phase, isTimed, rng.uniform(), logMass, fehDex, evolution)
    if (logAge < 0 || logAge > prior.maxLogAgeYr) return false
  } else {
    logMass = drawLogMass(rng)
    logAge = isYoung
      ? MIN_LOG_AGE_YR + rng.uniform() * (YOUNG_LOG_AGE_YR - MIN_LOG_AGE_YR)
      : drawFieldLogAge(rng.uniform() < prior.constantFormationShare, rng.uniform())
    if (isYoung) {
      const hasDisk = rng.uniform() < diskFraction(logAge)
      if (hasDisk !== (classIndex === DISK)) return false
    }
  }
  const phase = evolution.starInto(logAge, logMass, fehDex, star[slot.family], state)
  if (phase < 0 || phase >= 2 !== (classIndex === GIANT)) return false
  star[slot.phase] = phase
  star[slot.logAgeYr] = logAge
  star[slot.logMassMsun] = logMass
  star[slot.fehDex] = fehDex
  const { logTeff, logLuminosity, giantLogTeff, giantLogLuminosity } = prior.trackScatter
  const isGiant = classIndex === GIANT
  star[slot.logTeffK] = state[0] + (isGiant ? giantLogTeff : logTeff) * rng.normal() - drawSpots(logMass, star, rng)
  star[slot.logLuminosityLsun] = state[1] + (isGiant ? giantLogLuminosity : logLuminosity) * rng.normal()
  return true
}

/** How much spots lower the temperature of a star, dex. */
function drawSpots(logMass: number, star: Float64Array, rng: Rng): number {
  const { maxLogTeff, fullMsun, noneMsun } = pilotPrior.spots
  if (star[slot.family] === 0) return 0
  const share = (noneMsun - 10 ** logMass) / (noneMsun - fullMsun)
  return maxLogTeff * rng.uniform() * Math.min(1, Math.max(0, share))
}

/** Distance, extinction and its law, companion. */
function drawSight(classIndex: number, rng: Rng, star: Float64Array): void {
  const prior = pilotPrior
  const name = starClasses[classIndex]
  const isYoung = classIndex === DISK || classIndex === DISKLESS
  const distance = isYoung
    ? prior.distance.young
    : name === 'giant'
      ? prior.distance.giant
      : prior.distance.mainSequence
  const logDistance = drawWithin(distance.mean, distance.sigma, distance.min, distance.max, rng)
  const { cloud, cloudMeanMag, laneMeanMag, laneMagPerKpc } = prior.extinction[name]
  const laneMag = laneMeanMag + laneMagPerKpc * 10 ** (logDistance - 3)
  let av = Number.POSITIVE_INFINITY
  while (av > prior.maxAvMag) av = -Math.log(rng.uniform()) * (rng.uniform() < cloud ? cloudMeanMag : laneMag)
  const isGrown = isYoung && rng.uniform() < prior.rv.grownShare
  star[slot.logDistancePc] = logDistance
  star[slot.avMag] = av
  star[slot.rv] = isGrown
    ? prior.rv.mean + rng.uniform() * (prior.rv.max - prior.rv.mean)
    : drawWithin(prior.rv.mean, prior.rv.sigma, prior.rv.min, prior.rv.max, rng)
  star[slot.coolDefect] = prior.coolDefect[0] + rng.uniform() * (prior.coolDefect[1] - prior.coolDefect[0])
  const [least, most] = prior.companions.ratio
  star[slot.companionRatio] = rng.uniform() < prior.companions.share ? least + rng.uniform() * (most - least) : 0
}

/** Fraction of young stars of an age that keep a disk. */
export function diskFraction(logAgeYr: number): number {
  return pilotPrior.diskFraction.atBirth * Math.exp(-(10 ** logAgeYr) / pilotPrior.diskFraction.lifeYr)
}

/**
 * Temperatures and luminosities of a disk's components.
 * @param teffK of the star; dust is kept below 0.9 of it
 */
export function drawDisk(teffK: number, rng: Rng, temperaturesK: Float64Array, luminosityRatios: Float64Array): void {
  const { components, commonSigma, clearedShare, clearedLog } = pilotPrior.disk
  const common = commonSigma * rng.normal()
  const isCleared = rng.uniform() < clearedShare
  for (let k = 0; k < components.length; k++) {
    const { minK, maxK, meanLog, sigma } = components[k]
    temperaturesK[k] = Math.min(0.9 * teffK, minK * (maxK / minK) ** rng.uniform())
    let log = meanLog + common + sigma * rng.normal()
    const cleared = clearedLog[0] + rng.uniform() * (clearedLog[1] - clearedLog[0])
    if (isCleared && k === 0) log += cleared
    luminosityRatios[k] = 10 ** log
  }
}

function drawFeh(isYoung: boolean, rng: Rng): number {
  const { young, field, oldShare, old, min, max } = pilotPrior.feh
  const [mean, sigma] = isYoung ? young : rng.uniform() < oldShare ? old : field
  return drawWithin(mean, sigma, min, max, rng)
}

function drawLogMass(rng: Rng): number {
  const { minMassMsun, maxMassMsun, imfShare } = pilotPrior
  const u = rng.uniform()
  if (rng.uniform() >= imfShare) return Math.log10(minMassMsun) + u * Math.log10(maxMassMsun / minMassMsun)
  return Math.log10(kroupaMass(u, minMassMsun, maxMassMsun))
}

/** Inverse of Kroupa's (2001) mass function between two masses, slopes 1.3 and 2.3 with the break at 0.5 Msun. */
export function kroupaMass(u: number, minMassMsun: number, maxMassMsun: number): number {
  const edge = 0.5
  const low = (minMassMsun ** -0.3 - edge ** -0.3) / 0.3
  // The second piece is scaled by the break mass, so that the function is continuous there.
  const high = (edge * (edge ** -1.3 - maxMassMsun ** -1.3)) / 1.3
  const at = u * (low + high)
  if (at < low) return (minMassMsun ** -0.3 - 0.3 * at) ** (-1 / 0.3)
  return (edge ** -1.3 - (1.3 * (at - low)) / edge) ** (-1 / 1.3)
}

function drawFieldLogAge(isConstant: boolean, u: number): number {
  const oldest = pilotPrior.maxLogAgeYr
  if (!isConstant) return YOUNG_LOG_AGE_YR + u * (oldest - YOUNG_LOG_AGE_YR)
  return Math.log10(10 ** YOUNG_LOG_AGE_YR + u * (10 ** oldest - 10 ** YOUNG_LOG_AGE_YR))
}

function giantLogAge(
  phase: number,
  isTimed: boolean,
  u: number,
  logMass: number,
  fehDex: number,
  e: Evolution,
): number {
  if (!isTimed) return e.logAgeAt(phase, u, logMass, fehDex)
  const begin = e.logAgeAt(phase, 0, logMass, fehDex)
  const end = e.logAgeAt(phase, 1, logMass, fehDex)
  if (begin < 0 || end > MAX_LOG_AGE_YR) return -1
  return Math.log10(10 ** begin + u * (10 ** end - 10 ** begin))
}

/** Normal, redrawn until inside. */
function drawWithin(mean: number, sigma: number, min: number, max: number, rng: Rng): number {
  for (;;) {
    const x = mean + sigma * rng.normal()
    if (x >= min && x <= max) return x
  }
}
